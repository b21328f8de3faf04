/** Golden interaction scripts: what three servers say to one another, word for word. */

import { expect, test } from "vitest";
import { entriesFrom, figure2 } from "./bench.ts";
import { cut, Group } from "./group.ts";

/** The trace as text, and forgets it. */
function told(group: Group): string {
  return `\n${group.trace.splice(0).join("\n")}\n`;
}

test("one election and one replication, from three empty logs", () => {
  const group = new Group([[], [], []]);

  group.expire("n2");
  group.settle();
  expect(told(group)).toBe(`
n2 times out
n2 writes term 1, vote n2
n2 -> n1: RequestVote term 1, last 0 of term 0
n2 -> n3: RequestVote term 1, last 0 of term 0
n1 writes term 1, vote n2
n1 -> n2: vote in term 1
n3 writes term 1, vote n2
n3 -> n2: vote in term 1
n2 -> n1: AppendEntries term 1, after 0 of term 0: [], commit 0
n2 -> n3: AppendEntries term 1, after 0 of term 0: [], commit 0
n1 -> n2: matches to 0 in term 1
n3 -> n2: matches to 0 in term 1
`);

  group.propose("n2", "x=1");
  group.settle();
  expect(told(group)).toBe(`
n2 -> n1: AppendEntries term 1, after 0 of term 0: [x=1], commit 0
n2 -> n3: AppendEntries term 1, after 0 of term 0: [x=1], commit 0
n2 writes term 1, vote n2, from 1: x=1
n1 writes term 1, vote n2, from 1: x=1
n1 -> n2: matches to 1 in term 1
n3 writes term 1, vote n2, from 1: x=1
n3 -> n2: matches to 1 in term 1
n2 applies x=1
`);

  group.expire("n2");
  group.settle();
  expect(told(group)).toBe(`
n2 times out
n2 -> n1: AppendEntries term 1, after 1 of term 1: [], commit 1
n2 -> n3: AppendEntries term 1, after 1 of term 1: [], commit 1
n1 applies x=1
n1 -> n2: matches to 1 in term 1
n3 applies x=1
n3 -> n2: matches to 1 in term 1
`);
});

test("a deposed leader's entry is overwritten by its successor's", () => {
  const group = new Group([[], [], []]);
  group.expire("n1");
  group.settle();
  group.propose("n1", "lost");
  // Nobody hears of it; n3 and n2 go on without n1.
  group.settle(() => true);
  group.expire("n3");
  group.settle(({ from, message }) => from === "n1" || message.to === "n1");
  group.propose("n3", "kept");
  group.settle(({ from, message }) => from === "n1" || message.to === "n1");
  told(group);

  group.expire("n1");
  group.settle();
  group.expire("n3");
  group.settle();
  expect(told(group)).toBe(`
n1 times out
n1 -> n2: AppendEntries term 1, after 0 of term 0: [lost], commit 0
n1 -> n3: AppendEntries term 1, after 0 of term 0: [lost], commit 0
n2 -> n1: refused in term 2
n3 -> n1: refused in term 2
n1 writes term 2, vote none
n3 times out
n3 -> n1: AppendEntries term 2, after 0 of term 0: [kept], commit 1
n3 -> n2: AppendEntries term 2, after 1 of term 2: [], commit 1
n1 applies kept
n1 writes term 2, vote none, from 1: kept
n1 -> n3: matches to 1 in term 2
n2 applies kept
n2 -> n3: matches to 1 in term 2
`);
});

test("a split vote is settled by the next timeout", () => {
  const group = new Group([[], [], [], []]);
  group.expire("n1");
  group.expire("n2");
  for (const id of ["n1", "n2"]) group.sync(id);
  // n3 hears n1 first, n4 hears n2 first.
  const heard = group.mail.filter(
    ({ from, message: { to } }) => `${from}${to}` === "n1n3" || `${from}${to}` === "n2n4",
  );
  group.mail = [...heard, ...group.mail.filter((envelope) => !heard.includes(envelope))];
  group.settle();
  expect([...group.members.values()].map(({ raft }) => raft!.role)).toEqual([
    "candidate",
    "candidate",
    "follower",
    "follower",
  ]);
  told(group);

  group.expire("n2");
  group.settle(({ message }) => message.payload.kind === "appendEntries");
  expect(told(group)).toBe(`
n2 times out
n2 writes term 2, vote n2
n2 -> n1: RequestVote term 2, last 0 of term 0
n2 -> n3: RequestVote term 2, last 0 of term 0
n2 -> n4: RequestVote term 2, last 0 of term 0
n1 writes term 2, vote n2
n1 -> n2: vote in term 2
n3 writes term 2, vote n2
n3 -> n2: vote in term 2
n4 writes term 2, vote n2
n4 -> n2: vote in term 2
n2 -> n1: AppendEntries term 2, after 0 of term 0: [], commit 0
n2 -> n3: AppendEntries term 2, after 0 of term 0: [], commit 0
n2 -> n4: AppendEntries term 2, after 0 of term 0: [], commit 0
`);
});

test("a snapshot in chunks that races AppendEntries", () => {
  const group = new Group([[], [], []], 0, { limits: { ...figure2.limits, chunk: 50 } });
  group.expire("n1");
  group.settle();
  group.crash("n3");
  for (const command of ["a", "b"]) group.propose("n1", command);
  group.settle();
  group.start("n3");
  // From here on n2 hears nothing, and what n1 sends to n3 first comes late.
  const unheard = cut("n1-n2");
  group.expire("n1");
  const late = group.mail.find(({ message }) => message.to === "n3")!;
  group.settle((envelope) => envelope === late || unheard(envelope));
  group.compact("n1");
  told(group);

  group.expire("n1");
  let delivered = 0;
  group.settle((envelope) => {
    if (delivered++ === 1) group.mail.unshift(late);
    return unheard(envelope);
  });
  expect(told(group)).toBe(`
n1 times out
n1 -> n2: AppendEntries term 1, after 2 of term 1: [], commit 2
n1 -> n3: InstallSnapshot term 1, up to 2 of term 1: bytes 0 to 50
n3 -> n1: has 50 bytes of 2 in term 1
n3 applies a
n3 applies b
n3 writes term 1, vote n1, from 1: a b
n3 -> n1: matches to 2 in term 1
n1 -> n3: InstallSnapshot term 1, up to 2 of term 1: bytes 50 to 51, all
n3 -> n1: has all up to 2 in term 1
`);

  group.propose("n1", "c");
  group.settle(unheard);
  group.expire("n1");
  group.settle(unheard);
  expect(told(group)).toBe(`
n1 -> n3: AppendEntries term 1, after 2 of term 1: [c], commit 2
n1 writes term 1, vote n1, from 3: c
n3 writes term 1, vote n1, from 3: c
n3 -> n1: matches to 3 in term 1
n1 applies c
n1 times out
n1 -> n2: AppendEntries term 1, after 2 of term 1: [c], commit 3
n1 -> n3: AppendEntries term 1, after 3 of term 1: [], commit 3
n3 applies c
n3 -> n1: matches to 3 in term 1
`);
});

test("a snapshot in chunks, one of which is lost, takes the place of another log", () => {
  const group = new Group([[], [], entriesFrom(1, 1, 1, 1)], 1, { limits: { ...figure2.limits, chunk: 20 } });
  group.crash("n3");
  group.expire("n1");
  group.settle();
  for (const command of ["a", "b"]) group.propose("n1", command);
  group.settle();
  group.compact("n1");
  group.start("n3");
  told(group);

  let chunks = 0;
  group.expire("n1");
  group.settle(
    ({ message }) => message.to === "n2" || (message.payload.kind === "installSnapshot" && ++chunks === 2),
  );
  group.expire("n1");
  group.settle(({ message }) => message.to === "n2");
  expect(told(group)).toBe(`
n1 times out
n1 -> n2: AppendEntries term 2, after 2 of term 2: [], commit 2
n1 -> n3: InstallSnapshot term 2, up to 2 of term 2: bytes 0 to 20
n3 writes term 2, vote none
n3 -> n1: has 20 bytes of 2 in term 2
n1 -> n3: InstallSnapshot term 2, up to 2 of term 2: bytes 20 to 40
n1 times out
n1 -> n2: AppendEntries term 2, after 2 of term 2: [], commit 2
n1 -> n3: InstallSnapshot term 2, up to 2 of term 2: bytes 20 to 40
n3 -> n1: has 40 bytes of 2 in term 2
n1 -> n3: InstallSnapshot term 2, up to 2 of term 2: bytes 40 to 51, all
n3 restores the state at 2
n3 writes term 2, vote none, the state at 2 of term 2
n3 -> n1: has all up to 2 in term 2
`);
});
