/** Log compaction (section 7): the state machine's state takes the place of the log that led to it. */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Codec } from "../../src/codec/index.ts";
import { text } from "../../src/codec/index.ts";
import { type Entry, RaftLog, raftStateSize } from "../../src/raft/index.ts";
import {
  appendEntries,
  Bench,
  bytesOf,
  conflicting,
  entriesFrom,
  granted,
  matching,
  refused,
  requestVote,
  textOf,
} from "./bench.ts";

/** A follower with the log [1, 1, 2, 2, 2] that has applied so much of it. */
function applied(commitIndex = 5): Bench {
  const bench = new Bench({ term: 2, log: [1, 1, 2, 2, 2] });
  bench.ask("n2", appendEntries(2, [5, 2], [], commitIndex));
  bench.take();
  return bench;
}

describe("a snapshot", () => {
  test.each([
    // its index, its term, and the log that is left
    [1, 1, [1, 2, 2, 2]],
    [2, 1, [2, 2, 2]],
    [3, 2, [2, 2]],
    [5, 2, []],
  ])("up to %i takes its term, %i, from the log, and leaves %j", (index, term, left) => {
    const bench = applied();
    bench.compact(index);
    expect(bench.raft.log).toMatchObject({ snapshotIndex: index, snapshotTerm: term, lastIndex: 5 });
    expect(bench.raft.snapshot).toEqual({
      index,
      term,
      configuration: null,
      data: bytesOf(`state at ${index}`),
    });
    expect(bench.terms).toEqual(left);
    expect(bench.image.log).toEqual(bench.raft.log);
    expect(bench.image.snapshot).toEqual(bench.raft.snapshot);
  });

  test("changes neither what is committed nor what is applied, and sends nothing", () => {
    const bench = applied(4);
    bench.compact(3);
    expect(bench.raft).toMatchObject({ commitIndex: 4, lastApplied: 4, currentTerm: 2, role: "follower" });
    expect(bench.applied).toEqual(["1@1", "1@2", "2@3", "2@4"]);
    expect(bench.sent).toEqual([]);
  });

  test("is written in one record, which leaves the rest of the log as it is", () => {
    const bench = applied();
    bench.diskHeld = true;
    bench.compact(3, "abc");
    const snapshot = { index: 3, term: 2, configuration: null, data: bytesOf("abc") };
    expect(bench.writes.map((write) => write.record)).toEqual([
      { currentTerm: 2, votedFor: null, snapshot, from: 6, entries: [] },
    ]);
  });

  test("is written once: later records do not carry it again", () => {
    const bench = applied();
    bench.compact(3);
    bench.diskHeld = true;
    bench.ask("n2", appendEntries(2, [5, 2], [2]));
    expect(bench.writes[0]!.record).toMatchObject({ snapshot: null, from: 6, entries: [{ term: 2 }] });
  });

  test("that a crash loses, leaves the whole log", () => {
    const bench = applied();
    bench.diskHeld = true;
    bench.compact(3);
    bench.crash();
    expect(bench.raft).toMatchObject({ snapshot: null, commitIndex: 0 });
    expect(bench.terms).toEqual([1, 1, 2, 2, 2]);
  });

  test("can follow another", () => {
    const bench = applied();
    bench.compact(2);
    bench.compact(4);
    expect(bench.raft.log).toMatchObject({ snapshotIndex: 4, snapshotTerm: 2, lastIndex: 5 });
    expect(textOf(bench.image.snapshot!.data)).toBe("state at 4");
    expect(bench.terms).toEqual([2]);
    expect(bench.stored).toEqual(entriesFrom(5, 2));
  });

  test("that is older than the last one, or as old, changes nothing", () => {
    const bench = applied();
    bench.compact(4);
    for (const index of [0, 2, 4]) expect(bench.compact(index, "other")).toEqual([]);
    expect(textOf(bench.raft.snapshot!.data)).toBe("state at 4");
    expect(bench.terms).toEqual([2]);
  });

  test("of what is not applied is an error in the program", () => {
    expect(() => applied(4).compact(5)).toThrow("cannot compact up to 5, only 4 is applied");
  });

  test("does not count in the size of the raft state, and what it replaced does not either", () => {
    const bench = applied();
    const size = () => raftStateSize(bench.image, text as Codec<unknown>);
    const before = size();
    bench.compact(5, "a state that is much longer than the log that led to it");
    expect(size()).toBeLessThan(before);
    expect(size()).toBeLessThan(8);
  });
});

describe("a restart from a snapshot", () => {
  test("without a newer log begins after it", () => {
    const bench = applied();
    bench.compact(5);
    bench.crash();
    expect(bench.raft).toMatchObject({ commitIndex: 5, lastApplied: 5 });
    expect(bench.raft.log).toMatchObject({ lastIndex: 5, lastTerm: 2 });
    bench.ask("n2", appendEntries(2, [5, 2], [2], 6));
    expect(bench.applied).toEqual(["2@6"]);
  });

  test("with a newer log keeps that, and applies of it what is committed anew", () => {
    const bench = applied();
    bench.compact(3);
    bench.crash();
    expect(bench.raft).toMatchObject({ commitIndex: 3, lastApplied: 3 });
    expect(bench.terms).toEqual([2, 2]);
    bench.ask("n2", appendEntries(2, [5, 2], [], 5));
    expect(bench.applied).toEqual(["2@4", "2@5"]);
  });

  test("votes and campaigns with the snapshot's index and term", () => {
    const bench = applied();
    bench.compact(5);
    bench.crash();
    expect(bench.ask("n2", requestVote(3, [4, 2]))).toEqual(refused(3));
    expect(bench.ask("n2", requestVote(4, [9, 1]))).toEqual(refused(4));
    expect(bench.ask("n2", requestVote(5, [5, 2]))).toEqual(granted(5));
    bench.take();
    bench.expire();
    expect(bench.sent[0]!.payload).toEqual(requestVote(6, [5, 2], "n1"));
  });

  test("leads from there: prevLogTerm is the snapshot's", () => {
    const bench = applied();
    bench.compact(5);
    bench.crash();
    bench.elect();
    expect(bench.latestTo("n2").payload).toMatchObject({ prevLogIndex: 5, prevLogTerm: 2 });
    bench.take();
    bench.propose("x");
    expect(bench.terms).toEqual([3]);
  });
});

describe("an AppendEntries whose prevLogIndex lies inside the snapshot", () => {
  test.each([
    // prevLogIndex and prevLogTerm, the terms sent, matchIndex, and the log behind the snapshot of [1, 1, 2 | 2, 2]
    ["and ends inside it", [0, 0], [1, 1], 2, [2, 2]],
    ["and ends with it", [1, 1], [1, 2], 3, [2, 2]],
    ["and brings what is there already", [1, 1], [1, 2, 2], 4, [2, 2]],
    ["and brings more", [0, 0], [1, 1, 2, 2, 2, 2], 6, [2, 2, 2]],
    ["and conflicts with what follows it", [2, 1], [2, 3], 4, [3]],
    ["at its end", [3, 2], [3, 3, 3], 6, [3, 3, 3]],
  ] as const)("%s", (_, previous, sent, matchIndex, left) => {
    const bench = applied(3);
    bench.compact(3);
    expect(bench.ask("n2", appendEntries(3, previous, sent))).toEqual(matching(3, matchIndex));
    expect(bench.terms).toEqual(left);
    expect(bench.stored.map((entry) => entry.term)).toEqual(left);
  });

  test("does not take the commitIndex back", () => {
    const bench = applied(4);
    bench.compact(3);
    bench.ask("n2", appendEntries(2, [0, 0], [1], 1));
    expect(bench.raft).toMatchObject({ commitIndex: 4, lastApplied: 4 });
  });
});

describe("conflict hints at the snapshot's edge", () => {
  test.each([
    // prevLogIndex and prevLogTerm, and the hint of [1, 1, 2 | 2, 2]
    [
      "a term that began inside the snapshot begins behind it, for what it replaced cannot conflict",
      [5, 3],
      [2, 4],
    ],
    ["a conflict right behind the snapshot", [4, 3], [2, 4]],
    ["a log that is too short", [9, 3], [0, 6]],
  ] as const)("%s", (_, previous, hint) => {
    const bench = applied(3);
    bench.compact(3);
    expect(bench.ask("n2", appendEntries(3, previous))).toEqual(conflicting(3, hint));
  });

  test("a log of which only the snapshot is left is too short from there on", () => {
    const bench = applied(5);
    bench.compact(5);
    expect(bench.ask("n2", appendEntries(3, [9, 3]))).toEqual(conflicting(3, [0, 6]));
    expect(bench.ask("n2", appendEntries(3, [5, 2]))).toEqual(matching(3, 5));
  });

  /** Leads term 5 with [... 2 at 3 | 4, 4], and n2 does not match at 5. */
  const hinted = (hint: readonly [number, number]) => {
    const snapshot = { index: 3, term: 2, configuration: null, data: bytesOf("abc") };
    const bench = new Bench({ term: 4, snapshot, log: [4, 4] }).elect();
    const heartbeat = bench.latestTo("n2");
    bench.take();
    bench.answer(heartbeat, conflicting(5, hint));
    return bench.sent[0]!.payload;
  };

  test("a leader tries the snapshot's end if that has the follower's term: its term is still known", () => {
    expect(hinted([2, 2])).toMatchObject({ kind: "appendEntries", prevLogIndex: 3, prevLogTerm: 2 });
  });

  test("a leader tries behind the snapshot if the follower lacks what follows it", () => {
    expect(hinted([0, 4])).toMatchObject({ kind: "appendEntries", prevLogIndex: 3, entries: { length: 2 } });
  });

  test.each([
    ["lacks an entry that is compacted", [0, 3]],
    ["lacks everything", [0, 1]],
    ["has a term that is compacted", [1, 1]],
    ["has a term that the leader never had", [3, 3]],
  ] as const)("a leader sends its snapshot if the follower %s", (_, hint) => {
    expect(hinted(hint)).toMatchObject({
      kind: "installSnapshot",
      lastIncludedIndex: 3,
      lastIncludedTerm: 2,
    });
  });
});

type Change = { kind: "append"; term: number } | { kind: "truncate" | "replace"; at: number; term: number };

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("append" as const), term: fc.nat(1) }) },
  fc.record({
    kind: fc.constantFrom("truncate" as const, "replace" as const),
    at: fc.nat(8),
    term: fc.nat(2),
  }),
);

test("a log is an array that has forgotten its first part", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const log = new RaftLog();
      // What the log would be without snapshots; what they replaced is null, but for the last term.
      let all: (Entry | null)[] = [];
      let snapshotTerm = 0;
      let snapshotIndex = 0;
      for (const next of changes) {
        const lastTerm = all.at(-1)?.term ?? snapshotTerm;
        if (next.kind === "append") {
          const entry = { term: lastTerm + next.term, command: all.length + 1 };
          log.append(entry);
          all.push(entry);
        } else if (next.kind === "truncate") {
          const index = snapshotIndex + 1 + next.at;
          log.truncateFrom(index);
          all = all.slice(0, index - 1);
        } else {
          const index = snapshotIndex + 1 + next.at;
          const term = next.term === 0 ? (all[index - 1]?.term ?? lastTerm) : lastTerm + next.term - 1;
          const rest = all[index - 1]?.term === term ? all.slice(index) : [];
          log.replaceUpTo(index, term);
          all = [...new Array<null>(index).fill(null), ...rest];
          snapshotIndex = index;
          snapshotTerm = term;
        }
        expect(log).toMatchObject({ lastIndex: all.length, snapshotIndex, snapshotTerm });
        expect(log.slice(snapshotIndex + 1, log.lastIndex)).toEqual(all.slice(snapshotIndex));
        for (let index = 0; index <= all.length + 1; index++) {
          expect(log.has(index)).toBe(index >= snapshotIndex && index <= all.length);
          if (index > snapshotIndex && index <= all.length) expect(log.entryAt(index)).toBe(all[index - 1]);
        }
      }
    }),
  );
});
