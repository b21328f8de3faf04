/** Figure 2, AppendEntries: the receiver's rules 1-5 and the leader's side of them (section 5.3). */

import { describe, expect, test } from "vitest";
import { appendEntries, Bench, conflicting, entries, matching, requestVote } from "./bench.ts";

describe("AppendEntries receiver 1 (section 5.1): an old leader is refused", () => {
  test("and learns the term from the refusal", () => {
    const bench = new Bench({ term: 3, log: [1] });
    expect(bench.ask("n2", appendEntries(2, [1, 1], [2], 2))).toEqual(conflicting(3, null));
    expect(bench.terms).toEqual([1]);
    expect(bench.raft).toMatchObject({ leaderId: null, commitIndex: 0 });
  });
});

describe("AppendEntries receiver 2 (section 5.3): entries are attached only where the logs match", () => {
  test.each([
    // prevLogIndex and prevLogTerm, and what the follower with the log [1, 1, 4, 4] answers
    ["matches at its end", [4, 4], matching(6, 5)],
    ["matches inside", [2, 1], matching(6, 3)],
    ["matches at the beginning of every log", [0, 0], matching(6, 1)],
    ["is too short", [7, 6], conflicting(6, [0, 5])],
    ["has another term there", [4, 6], conflicting(6, [4, 3])],
    ["has a later term there", [3, 1], conflicting(6, [4, 3])],
    ["has another term in its first entry", [1, 5], conflicting(6, [1, 1])],
  ] as const)("the follower %s", (_, previous, reply) => {
    const bench = new Bench({ term: 6, log: [1, 1, 4, 4] });
    expect(bench.ask("n2", appendEntries(6, previous, [6]))).toEqual(reply);
  });

  test("a heartbeat, which has no entries, is checked like any other", () => {
    const bench = new Bench({ term: 6, log: [1, 1, 4, 4] });
    expect(bench.ask("n2", appendEntries(6, [4, 6], [], 4))).toEqual(conflicting(6, [4, 3]));
    expect(bench.raft.commitIndex).toBe(0);
    expect(bench.ask("n2", appendEntries(6, [4, 4], [], 4))).toEqual(matching(6, 4));
    expect(bench.raft.commitIndex).toBe(4);
  });

  test("a refused AppendEntries changes no log", () => {
    const bench = new Bench({ term: 6, log: [1, 1, 4, 4] });
    bench.ask("n2", appendEntries(6, [4, 6], [6, 6]));
    expect(bench.terms).toEqual([1, 1, 4, 4]);
  });
});

describe("AppendEntries receiver 3 (section 5.3): an entry that conflicts goes, and all that follow it", () => {
  test.each([
    // prevLogIndex and prevLogTerm, the terms sent, and the log [1, 1, 4, 4] afterwards
    ["at the first new entry", [2, 1], [6], [1, 1, 6]],
    ["in the middle of the new entries", [1, 1], [1, 6, 6], [1, 1, 6, 6]],
    ["at the very first entry", [0, 0], [2], [2]],
    ["behind all that is there", [4, 4], [6, 6], [1, 1, 4, 4, 6, 6]],
    ["at the last entry", [2, 1], [4, 6], [1, 1, 4, 6]],
  ] as const)("%s", (_, previous, sent, log) => {
    const bench = new Bench({ term: 6, log: [1, 1, 4, 4] });
    bench.ask("n2", appendEntries(6, previous, sent));
    expect(bench.terms).toEqual(log);
    expect(bench.stored).toEqual(entries(...log));
  });

  test("without a conflict nothing goes: an older AppendEntries that arrives late is a part of what came since", () => {
    const bench = new Bench({ term: 4, log: [1, 1, 4, 4] });
    const late = appendEntries(4, [1, 1], [1]);
    expect(bench.ask("n2", late)).toEqual(matching(4, 2));
    bench.ask("n2", appendEntries(4, [1, 1], []));
    expect(bench.terms).toEqual([1, 1, 4, 4]);
    expect(bench.writes).toEqual([]);
  });
});

describe("AppendEntries receiver 4 (section 5.3): entries that are not in the log are appended", () => {
  test("only those", () => {
    const bench = new Bench({ term: 4, log: [1, 1] });
    bench.diskHeld = true;
    bench.ask("n2", appendEntries(4, [1, 1], [1, 4, 4]));
    expect(bench.terms).toEqual([1, 1, 4, 4]);
    expect(bench.writes[0]!.record).toMatchObject({ from: 3, entries: [{ term: 4 }, { term: 4 }] });
  });

  test("once, however often they arrive", () => {
    const bench = new Bench();
    for (let copy = 0; copy < 3; copy++) {
      bench.take();
      expect(bench.ask("n2", appendEntries(1, [0, 0], [1, 1]))).toEqual(matching(1, 2));
    }
    expect(bench.terms).toEqual([1, 1]);
  });

  test("and survive a crash", () => {
    const bench = new Bench();
    bench.ask("n2", appendEntries(3, [0, 0], [1, 3], 1));
    bench.crash();
    expect(bench.raft).toMatchObject({ currentTerm: 3, votedFor: null, commitIndex: 0, role: "follower" });
    expect(bench.terms).toEqual([1, 3]);
  });
});

describe("AppendEntries receiver 5 (section 5.3): commitIndex follows the leader's, but not past the last new entry", () => {
  test.each([
    // prevLogIndex and prevLogTerm, the terms sent, leaderCommit, and commitIndex of [1, 1, 4, 4] afterwards
    ["the leader's, if that is less", [4, 4], [6, 6], 5, 5],
    ["the last new entry's, if that is less", [1, 1], [1], 4, 2],
    ["prevLogIndex, if there are no entries", [2, 1], [], 4, 2],
    ["nothing, if nothing matches yet", [0, 0], [], 4, 0],
  ] as const)("%s", (_, previous, sent, leaderCommit, commitIndex) => {
    const bench = new Bench({ term: 6, log: [1, 1, 4, 4] });
    bench.ask("n2", appendEntries(6, previous, sent, leaderCommit));
    expect(bench.raft.commitIndex).toBe(commitIndex);
  });

  test("what follows the last new entry may differ from the leader's log, so it is not committed", () => {
    const bench = new Bench({ term: 6, log: [1, 1, 4, 4] });
    // This leader has committed [1, 1, 6, 6], and its heartbeat knows only that we match to 2.
    bench.ask("n2", appendEntries(6, [2, 1], [], 4));
    expect(bench.applied).toEqual(["1@1", "1@2"]);
    bench.ask("n2", appendEntries(6, [2, 1], [6, 6], 4));
    expect(bench.applied).toEqual(["1@1", "1@2", "6@3", "6@4"]);
  });

  test("never goes back", () => {
    const bench = new Bench({ term: 4, log: [1, 1, 4] });
    bench.ask("n2", appendEntries(4, [3, 4], [], 3));
    bench.ask("n2", appendEntries(4, [3, 4], [], 1));
    bench.ask("n2", appendEntries(4, [1, 1], [], 3));
    expect(bench.raft.commitIndex).toBe(3);
  });
});

describe("all servers (section 5.3): what is committed is applied, in order and once", () => {
  test("as soon as commitIndex passes lastApplied", () => {
    const bench = new Bench({ term: 4, log: [1, 1, 4] });
    bench.ask("n2", appendEntries(4, [3, 4], [], 1));
    expect(bench.applied).toEqual(["1@1"]);
    bench.ask("n2", appendEntries(4, [3, 4], [], 3));
    bench.ask("n2", appendEntries(4, [3, 4], [], 3));
    expect(bench.applied).toEqual(["1@1", "1@2", "4@3"]);
    expect(bench.raft.lastApplied).toBe(3);
  });

  test("from the first entry again after a crash, because the state machine is lost with the memory", () => {
    const bench = new Bench({ term: 4, log: [1, 1, 4] });
    bench.ask("n2", appendEntries(4, [3, 4], [], 3));
    bench.crash();
    expect(bench.applied).toEqual([]);
    bench.ask("n2", appendEntries(4, [3, 4], [], 2));
    expect(bench.applied).toEqual(["1@1", "1@2"]);
  });
});

describe("a leader (Figure 2, section 5.3)", () => {
  test("appends what it is asked to, in its term, and sends it at once to who is idle", () => {
    const bench = new Bench({ log: [1] }).elect();
    for (const heartbeat of bench.take()) bench.answer(heartbeat, matching(2, 1));
    bench.propose("x");
    expect(bench.terms).toEqual([1, 2]);
    const sent = { ...appendEntries(2, [1, 1]), leaderId: "n1", entries: [{ term: 2, command: "x" }] };
    expect(bench.sent.map((m) => [m.to, m.payload])).toEqual([
      ["n2", sent],
      ["n3", sent],
    ]);
  });

  test("never changes or removes entries of its own log (Figure 3, Leader Append-Only)", () => {
    const bench = new Bench({ log: [1, 2] }).elect();
    for (const heartbeat of bench.take()) bench.answer(heartbeat, conflicting(3, [1, 1]));
    bench.propose("x");
    for (const request of bench.take()) bench.answer(request, conflicting(3, [0, 1]));
    expect(bench.terms).toEqual([1, 2, 3]);
  });

  test("is the only one who takes proposals", () => {
    const bench = new Bench();
    bench.propose("x");
    bench.expire();
    bench.propose("y");
    expect(bench.terms).toEqual([]);
  });

  test("starts with nextIndex behind its last entry and matchIndex 0", () => {
    const bench = new Bench({ log: [1, 1] }).elect();
    expect(bench.latestTo("n2").payload).toMatchObject({ prevLogIndex: 2, prevLogTerm: 1, entries: [] });
    // Were matchIndex the last index, one own entry at one follower would commit all.
    expect(bench.raft.commitIndex).toBe(0);
  });

  test("starts so again with every election: what followers once had, they may have cut since", () => {
    const bench = new Bench().elect();
    bench.propose("x");
    for (const heartbeat of bench.take()) bench.answer(heartbeat, matching(1, 0));
    bench.answer(bench.latestTo("n2"), matching(1, 1));
    expect(bench.raft.commitIndex).toBe(1);
    bench.ask("n2", appendEntries(2, [1, 1], [2]));
    bench.elect().propose("y");
    expect(bench.latestTo("n2").payload).toMatchObject({ term: 3, prevLogIndex: 2, entries: [] });
    // Of what is known from the first office, nothing counts: not that n2 has index 1, nor its open window.
    bench.answer(bench.latestTo("n3"), matching(3, 2));
    expect(bench.raft.commitIndex).toBe(1);
    bench.answer(bench.latestTo("n2"), conflicting(3, [0, 1]));
    expect(bench.latestTo("n2").payload).toMatchObject({ prevLogIndex: 0, entries: { length: 3 } });
  });

  test("moves nextIndex and matchIndex on success, and sends what is left", () => {
    const bench = new Bench({ maxBatch: 1 }).elect();
    bench.propose("x", "y");
    bench.answer(bench.latestTo("n2"), matching(1, 0));
    bench.answer(bench.latestTo("n2"), matching(1, 1));
    expect(bench.raft.commitIndex).toBe(1);
    expect(bench.latestTo("n2").payload).toMatchObject({ prevLogIndex: 1, entries: [{ command: "y" }] });
  });

  test("tells followers its commitIndex with the next message", () => {
    const bench = new Bench().elect();
    bench.propose("x");
    for (const heartbeat of bench.take()) bench.answer(heartbeat, matching(1, 0));
    const [toN2] = bench.take();
    bench.answer(toN2!, matching(1, 1));
    bench.expire();
    expect(bench.latestTo("n3").payload).toMatchObject({ leaderCommit: 1, entries: [{ command: "x" }] });
  });
});

describe("messages are values", () => {
  test("an AppendEntries that was sent does not change when the sender's log is cut later", () => {
    const bench = new Bench({ log: [1] }).elect();
    bench.propose("x");
    bench.expire();
    const { payload } = bench.latestTo("n2");
    const before = structuredClone(payload);
    bench.ask("n2", appendEntries(9, [0, 0], [9]));
    bench.ask("n2", appendEntries(9, [1, 9], [9, 9]));
    expect(bench.terms).toEqual([9, 9, 9]);
    expect(payload).toEqual(before);
  });

  test("a write or a commit that was handed out does not change when the log is cut later", () => {
    const bench = new Bench({ term: 1 });
    bench.diskHeld = true;
    bench.ask("n2", appendEntries(1, [0, 0], [1, 1, 1]));
    const written = bench.writes[0]!.record;
    const before = structuredClone(written);
    bench.ask("n2", appendEntries(2, [0, 0], [2]));
    expect(written).toEqual(before);
    const effects = bench.step({
      kind: "request",
      from: "n2",
      call: 7,
      payload: appendEntries(2, [1, 2], [2], 2),
    });
    const commit = effects.find((effect) => effect.kind === "commit");
    expect(commit).toMatchObject({ index: 1, entries: [{ term: 2 }, { term: 2 }] });
    bench.ask("n2", appendEntries(3, [2, 2], [3], 3));
    expect(commit).toMatchObject({ entries: { length: 2 } });
  });

  test("a message is frozen, and so is an entry that a leader made", () => {
    const bench = new Bench();
    bench.ask("n2", requestVote(1));
    bench.ask("n2", appendEntries(1));
    bench.elect();
    bench.propose("x");
    bench.expire();
    for (const { payload } of bench.sent) expect(Object.isFrozen(payload)).toBe(true);
    const { entries: sent } = bench.latestTo("n2").payload;
    expect(Object.isFrozen(sent[0])).toBe(true);
  });
});
