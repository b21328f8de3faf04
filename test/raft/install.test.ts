/** Figure 13, InstallSnapshot: the receiver's rules 1-8. The snapshot "abcdefghij" comes in chunks of four bytes. */

import { describe, expect, test } from "vitest";
import {
  appendEntries,
  Bench,
  bytesOf,
  conflicting,
  entriesFrom,
  granted,
  holding,
  installed,
  installSnapshot,
  matching,
  type Setup,
  textOf,
  timing,
} from "./bench.ts";

/** Chunk 0, 1 or 2 of the snapshot up to this index and term. */
function chunk(which: number, of: readonly [number, number] = [7, 2], term = 2) {
  const part = ["abcd", "efgh", "ij"][which]!;
  return installSnapshot(term, of, which * 4, part, which === 2);
}

/** A follower of n2 in term 2 that gets these chunks, one after the other; its last answer. */
function told(bench: Bench, ...chunks: readonly number[]) {
  return chunks.map((which) => bench.ask("n2", chunk(which))).at(-1)!;
}

const held = (setup: Setup = {}) => {
  const bench = new Bench(setup);
  bench.diskHeld = true;
  return bench;
};

describe("InstallSnapshot receiver 1 (Figure 13): an old leader is refused", () => {
  test("and learns the term from the refusal", () => {
    const bench = new Bench({ term: 3 });
    const { deadline } = bench.raft;
    bench.now = deadline! - 1;
    expect(bench.ask("n2", installSnapshot(2, [7, 2], 0, "all", true))).toEqual(holding(3, 7, 0));
    expect(bench.raft).toMatchObject({ leaderId: null, commitIndex: 0, snapshot: null, deadline });
  });

  test("a leader of this term or a later one is followed, as after an AppendEntries", () => {
    const bench = new Bench({ term: 1 });
    bench.expire();
    expect(bench.raft.role).toBe("candidate");
    bench.now = bench.raft.deadline! - 1;
    bench.ask("n2", chunk(0));
    expect(bench.raft).toMatchObject({ role: "follower", leaderId: "n2", currentTerm: 2 });
    expect(bench.raft.deadline! - bench.now).toBeGreaterThanOrEqual(timing.electionTimeout);
  });
});

describe("InstallSnapshot receivers 2 to 4 (Figure 13): chunks, in order", () => {
  test("each is answered with how much there is, the last one with that it is installed", () => {
    const bench = new Bench({ term: 2 });
    expect(told(bench, 0)).toEqual(holding(2, 7, 4));
    expect(told(bench, 1)).toEqual(holding(2, 7, 8));
    expect(bench.applied).toEqual([]);
    expect(bench.image.snapshot).toBeNull();
    expect(told(bench, 2)).toEqual(installed(2, 7, 10));
    expect(bench.applied).toEqual(["restored to 7"]);
    expect(bench.raft).toMatchObject({ commitIndex: 7, lastApplied: 7 });
    expect(bench.raft.snapshot).toEqual({
      index: 7,
      term: 2,
      configuration: null,
      data: bytesOf("abcdefghij"),
    });
  });

  test("a snapshot of one chunk, and one of no bytes at all", () => {
    for (const state of ["abc", ""]) {
      const bench = new Bench({ term: 2 });
      const all = installSnapshot(2, [7, 2], 0, state, true);
      expect(bench.ask("n2", all)).toEqual(installed(2, 7, state.length));
      expect(textOf(bench.raft.snapshot!.data)).toBe(state);
    }
  });

  test.each([
    // the chunks that come, how many bytes the follower has then, and what is missing
    ["a repeated first chunk", [0, 0], 4, [1, 2]],
    ["a repeated chunk in the middle", [0, 1, 1, 0], 8, [2]],
    ["a lost chunk", [0, 2], 4, [1, 2]],
    ["the last chunk first", [2, 2], 0, [0, 1, 2]],
    ["the last two chunks the wrong way round", [0, 2, 1], 8, [2]],
    ["a chunk of the middle first", [1], 0, [0, 1, 2]],
  ] as const)(
    "%s: the answer names the byte that is wanted, and nothing is taken twice",
    (_, came, offset, rest) => {
      const bench = new Bench({ term: 2 });
      expect(told(bench, ...came)).toEqual(holding(2, 7, offset));
      expect(bench.raft.snapshot).toBeNull();
      expect(told(bench, ...rest)).toEqual(installed(2, 7, 10));
      expect(textOf(bench.image.snapshot!.data)).toBe("abcdefghij");
    },
  );

  test("chunks are held in memory: a crash forgets them, and the leader is told to begin again", () => {
    const bench = new Bench({ term: 2 });
    told(bench, 0, 1);
    bench.crash();
    expect(told(bench, 2)).toEqual(holding(2, 7, 0));
    expect(told(bench, 0, 1, 2)).toEqual(installed(2, 7, 10));
  });
});

describe("InstallSnapshot receiver 5 (Figure 13): a newer snapshot replaces one under way", () => {
  test("and is installed alone", () => {
    const bench = new Bench({ term: 2 });
    told(bench, 0, 1);
    expect(bench.ask("n2", installSnapshot(2, [9, 2], 0, "ABCD"))).toEqual(holding(2, 9, 4));
    expect(bench.ask("n2", installSnapshot(2, [9, 2], 4, "E", true))).toEqual(installed(2, 9, 5));
    expect(textOf(bench.raft.snapshot!.data)).toBe("ABCDE");
  });

  test("a chunk of the older one that comes late does not replace the newer", () => {
    const bench = new Bench({ term: 2 });
    told(bench, 0);
    bench.ask("n2", installSnapshot(2, [9, 2], 0, "ABCD"));
    for (const late of [0, 1, 2]) expect(told(bench, late)).toEqual(holding(2, 9, 4));
    expect(bench.ask("n2", installSnapshot(2, [9, 2], 4, "E", true))).toEqual(installed(2, 9, 5));
  });

  test("a later leader's snapshot replaces it even if it is older: that one knows no other", () => {
    const bench = new Bench({ term: 2 });
    told(bench, 0);
    const chunks = ["AB", "CD"].map((part, i) => installSnapshot(3, [6, 2], 2 * i, part, i === 1));
    expect(bench.ask("n3", { ...chunks[0]!, leaderId: "n3" })).toEqual(holding(3, 6, 2));
    expect(bench.ask("n3", { ...chunks[1]!, leaderId: "n3" })).toEqual(installed(3, 6, 4));
  });

  test("two leaders' chunks are never joined: the same state may be other bytes", () => {
    const bench = new Bench({ term: 2 });
    told(bench, 0);
    const later = { ...installSnapshot(3, [7, 2], 4, "4321", true), leaderId: "n3" };
    expect(bench.ask("n3", later)).toEqual(holding(3, 7, 0));
    const whole = { ...installSnapshot(3, [7, 2], 0, "87654321", true), leaderId: "n3" };
    expect(bench.ask("n3", whole)).toEqual(installed(3, 7, 8));
    expect(textOf(bench.raft.snapshot!.data)).toBe("87654321");
  });
});

describe("InstallSnapshot receivers 6 and 7 (Figure 13): what of the log stays", () => {
  const all = (index: number, term: number) => installSnapshot(2, [index, term], 0, "all", true);

  test.each([
    // the snapshot's index and term, and what is left of [1, 1, 2, 2] behind it
    ["all that follows an entry that matches", [3, 2], [2], 4],
    ["all that follows the first entry", [1, 1], [1, 2, 2], 4],
    ["nothing behind the last entry", [4, 2], [], 4],
    ["nothing if the entry there has another term", [2, 2], [], 2],
    ["nothing if the log ends before", [9, 2], [], 9],
  ] as const)("%s", (_, [index, term], left, lastIndex) => {
    const bench = new Bench({ term: 2, log: [1, 1, 2, 2] });
    bench.ask("n2", all(index, term));
    expect(bench.raft.log).toMatchObject({ snapshotIndex: index, snapshotTerm: term, lastIndex });
    expect(bench.terms).toEqual(left);
    expect(bench.image.log).toEqual(bench.raft.log);
    expect(bench.raft).toMatchObject({ commitIndex: index, lastApplied: index });
  });

  test("a suffix that was kept is applied when it is committed, once", () => {
    const bench = new Bench({ term: 2, log: [1, 1, 2, 2] });
    bench.ask("n2", appendEntries(2, [2, 1], [], 2));
    bench.ask("n2", all(3, 2));
    expect(bench.ask("n2", appendEntries(2, [4, 2], [], 4))).toEqual(matching(2, 4));
    expect(bench.applied).toEqual(["1@1", "1@2", "restored to 3", "2@4"]);
  });

  test("after a log that was discarded the leader goes on behind the snapshot", () => {
    const bench = new Bench({ term: 2, log: [1, 1, 1, 1] });
    bench.ask("n2", all(3, 2));
    expect(bench.ask("n2", appendEntries(2, [4, 2], []))).toEqual(conflicting(2, [0, 4]));
    expect(bench.ask("n2", appendEntries(2, [3, 2], [2], 4))).toEqual(matching(2, 4));
    expect(bench.stored).toEqual(entriesFrom(4, 2));
    expect(bench.applied).toEqual(["restored to 3", "2@4"]);
  });
});

describe("InstallSnapshot receiver 8 (Figure 13): the state machine never goes back", () => {
  const applied = () => {
    const bench = new Bench({ term: 2, log: [1, 1, 2, 2] });
    bench.ask("n2", appendEntries(2, [4, 2], [], 3));
    bench.take();
    return bench;
  };

  test.each([
    ["an older snapshot", [2, 1], false],
    ["one up to the commitIndex", [3, 2], false],
    ["one that is newer by a single entry", [4, 2], true],
  ] as const)("%s", (_, [index, term], restores) => {
    const bench = applied();
    // Whatever it is, afterwards the log is complete up to there.
    const reply = bench.ask("n2", installSnapshot(2, [index, term], 0, "all", true));
    expect(reply).toMatchObject({ lastIncludedIndex: index, installed: true });
    expect(bench.applied.slice(3)).toEqual(restores ? ["restored to 4"] : []);
    expect(bench.image.snapshot?.index).toBe(restores ? 4 : undefined);
    expect(bench.raft.commitIndex).toBe(restores ? 4 : 3);
  });

  test("a snapshot that comes a second time is not installed again, nor written", () => {
    const bench = new Bench({ term: 2 });
    told(bench, 0, 1, 2);
    bench.diskHeld = true;
    for (const which of [0, 1, 2]) {
      bench.take();
      expect(told(bench, which)).toEqual(installed(2, 7));
    }
    expect(bench.applied).toEqual(["restored to 7"]);
    expect(bench.writes).toEqual([]);
  });
});

describe("a snapshot that races AppendEntries", () => {
  test("is stale when entries have come meanwhile that were committed past it", () => {
    const bench = new Bench({ term: 2 });
    told(bench, 0, 1);
    bench.ask("n2", appendEntries(2, [0, 0], [1, 1, 1, 2, 2, 2, 2, 2], 8));
    expect(told(bench, 2)).toEqual(installed(2, 7));
    expect(bench.applied).toHaveLength(8);
    expect(bench.raft.snapshot).toBeNull();
  });

  test("keeps entries that have come meanwhile and are not committed", () => {
    const bench = new Bench({ term: 2 });
    told(bench, 0, 1);
    bench.ask("n2", appendEntries(2, [0, 0], [1, 1, 1, 2, 2, 2, 2, 2], 2));
    expect(told(bench, 2)).toEqual(installed(2, 7, 10));
    expect(bench.terms).toEqual([2]);
    expect(bench.applied).toEqual(["1@1", "1@2", "restored to 7"]);
  });

  test("is not undone by an AppendEntries from before it", () => {
    const bench = new Bench({ term: 2 });
    told(bench, 0, 1, 2);
    expect(bench.ask("n2", appendEntries(2, [0, 0], [1, 1], 2))).toEqual(matching(2, 2));
    expect(bench.raft).toMatchObject({ commitIndex: 7, lastApplied: 7 });
    expect(bench.ask("n2", appendEntries(2, [6, 2], [2, 2], 8))).toEqual(matching(2, 8));
    expect(bench.applied).toEqual(["restored to 7", "2@8"]);
  });
});

describe("the durability law", () => {
  test("a follower answers the last chunk when the snapshot is on disk, and not before", () => {
    const bench = held({ term: 2 });
    told(bench, 0, 1);
    bench.take();
    expect(bench.ask("n2", chunk(2))).toBeNull();
    expect(bench.image.snapshot).toBeNull();
    bench.sync();
    expect(bench.sent.map((message) => message.payload)).toEqual([installed(2, 7, 10)]);
    expect(bench.image.snapshot?.index).toBe(7);
  });

  test("the same snapshot again, while it is being written, is not acknowledged either", () => {
    const bench = held({ term: 2 });
    told(bench, 0, 1, 2);
    bench.take();
    expect(bench.ask("n2", chunk(2))).toBeNull();
    expect(bench.ask("n2", appendEntries(2, [7, 2]))).toBeNull();
    bench.sync();
    expect(bench.sent).toHaveLength(3);
  });

  test("snapshot and log are one write: a crash keeps both or neither", () => {
    const bench = held({ term: 2, log: [1, 1, 1, 1, 1, 1, 1, 1, 1] });
    told(bench, 0, 1, 2);
    expect(bench.writes.map(({ record }) => record?.snapshot?.index ?? null)).toEqual([7]);
    expect(bench.writes[0]!.record).toMatchObject({ from: 8, entries: [] });
    bench.crash();
    expect(bench.terms).toHaveLength(9);
    told(bench, 0, 1, 2);
    bench.sync();
    bench.crash();
    expect(bench.raft.log).toMatchObject({ snapshotIndex: 7, snapshotTerm: 2, lastIndex: 7 });
    expect(bench.raft.commitIndex).toBe(7);
  });

  test("the first chunk of a later term is answered when the term is on disk", () => {
    const bench = held({ term: 1 });
    expect(bench.ask("n2", chunk(0))).toBeNull();
    bench.sync();
    expect(bench.image.currentTerm).toBe(2);
    expect(bench.sent).toHaveLength(1);
  });

  /** Alone with n2 it leads term 3, and proposes an entry at 8 that is not durable: nothing may be committed. */
  function countsItselfTooEarly(bench: Bench): boolean {
    bench.expire();
    bench.sync();
    const vote = bench.sentOf("requestVote").find((message) => message.to === "n2")!;
    bench.answer(vote, granted(3));
    expect(bench.raft.role).toBe("leader");
    bench.propose("x");
    expect(bench.raft.log.lastIndex).toBe(8);
    bench.answer(bench.latestTo("n2"), matching(3, 8));
    const { commitIndex } = bench.raft;
    bench.sync();
    expect(bench.raft.commitIndex).toBe(8);
    return commitIndex !== 7;
  }

  test("entries behind a snapshot count as durable only when they are, though the log was longer before", () => {
    const bench = held({ term: 2, log: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1] });
    bench.ask("n2", installSnapshot(2, [7, 2], 0, "all", true));
    bench.sync();
    expect(countsItselfTooEarly(bench)).toBe(false);
  });

  test("and though a longer log was being written when the snapshot came", () => {
    const bench = held({ term: 2 });
    bench.ask("n2", appendEntries(2, [0, 0], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]));
    bench.ask("n2", installSnapshot(2, [7, 2], 0, "all", true));
    expect(bench.writes).toHaveLength(2);
    bench.sync();
    expect(countsItselfTooEarly(bench)).toBe(false);
  });
});
