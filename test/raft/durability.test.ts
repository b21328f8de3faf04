/**
 * The durability law (Figure 2: "updated on stable storage before responding to RPCs"): nothing that tells of
 * something persistent leaves before it is on disk. In these tests the disk is held, and finishes when it is told to.
 */

import { describe, expect, test } from "vitest";
import {
  type AppendEntriesReply,
  RaftLog,
  type RaftMessage,
  type RaftRecord,
  raftStorage,
} from "../../src/raft/index.ts";
import {
  appendEntries,
  Bench,
  entries,
  entriesOf,
  granted,
  matching,
  refused,
  requestVote,
  type Setup,
  termsOf,
} from "./bench.ts";

function held(setup: Setup = {}): Bench {
  const bench = new Bench(setup);
  bench.diskHeld = true;
  return bench;
}

function payloads(bench: Bench): RaftMessage[] {
  return bench.take().map((message) => message.payload);
}

describe("a voter", () => {
  test("answers when its vote is durable, and not before", () => {
    const bench = held();
    expect(bench.ask("n2", requestVote(1))).toBeNull();
    expect(bench.writes[0]!.record).toMatchObject({ currentTerm: 1, votedFor: "n2" });
    bench.sync();
    expect(payloads(bench)).toEqual([granted(1)]);
    expect(bench.image).toMatchObject({ currentTerm: 1, votedFor: "n2" });
  });

  test("that crashes before, has voted for nobody, and nobody has heard otherwise", () => {
    const bench = held();
    bench.ask("n2", requestVote(1));
    bench.crash();
    expect(bench.raft).toMatchObject({ currentTerm: 0, votedFor: null });
    bench.ask("n3", requestVote(1, [0, 0], "n3"));
    bench.sync();
    expect(payloads(bench)).toEqual([granted(1)]);
  });

  test("that is asked again while it writes, does not answer the second time either", () => {
    const bench = held();
    bench.ask("n2", requestVote(1));
    expect(bench.ask("n2", requestVote(1))).toBeNull();
    bench.sync(1);
    expect(payloads(bench)).toEqual([granted(1)]);
    bench.sync();
    expect(payloads(bench)).toEqual([granted(1)]);
  });

  test("tells nobody of a term that is not durable, not even in a refusal", () => {
    const bench = held({ log: [1] });
    expect(bench.ask("n2", requestVote(5))).toBeNull();
    bench.sync();
    expect(payloads(bench)).toEqual([refused(5)]);
  });
});

describe("a candidate", () => {
  test("asks for votes when its own is durable", () => {
    const bench = held();
    bench.expire();
    expect(payloads(bench)).toEqual([]);
    bench.sync();
    expect(payloads(bench)).toEqual([requestVote(1, [0, 0], "n1"), requestVote(1, [0, 0], "n1")]);
  });

  test("wins a cluster of one only then", () => {
    const bench = held({ members: ["n1"] });
    bench.expire();
    expect(bench.raft.role).toBe("candidate");
    bench.sync();
    expect(bench.raft.role).toBe("leader");
  });

  test("does not take the durable vote of an earlier term for that of its own", () => {
    const bench = held({ members: ["n1"] });
    bench.expire();
    bench.expire();
    bench.sync(1);
    expect(bench.raft).toMatchObject({ role: "candidate", currentTerm: 2 });
    bench.sync(1);
    expect(bench.raft).toMatchObject({ role: "leader", currentTerm: 2 });
  });

  test("does not take the durable vote for somebody else for its own", () => {
    const bench = held({ members: ["n1", "n2"] });
    bench.ask("n2", requestVote(1));
    bench.expire();
    bench.ask("n2", requestVote(3));
    bench.sync();
    expect(bench.raft).toMatchObject({ role: "follower", currentTerm: 3, votedFor: "n2" });
  });

  test("leads only if the disk really has its vote: a crash finds both", () => {
    const bench = held().elect();
    expect(bench.raft.role).toBe("candidate");
    bench.sync();
    const [toN2] = bench.take();
    bench.answer(toN2!, granted(1));
    expect(bench.raft.role).toBe("leader");
    bench.crash();
    expect(bench.raft).toMatchObject({ currentTerm: 1, votedFor: "n1" });
  });
});

describe("a follower", () => {
  test("acknowledges entries when they are durable", () => {
    const bench = held();
    expect(bench.ask("n2", appendEntries(1, [0, 0], [1, 1]))).toBeNull();
    bench.sync();
    expect(payloads(bench)).toEqual([matching(1, 2)]);
    expect(bench.stored).toEqual(entries(1, 1));
  });

  test("does not acknowledge a repeated AppendEntries while its entries are still being written", () => {
    const bench = held({ term: 1 });
    const request = appendEntries(1, [0, 0], [1, 1]);
    bench.ask("n2", request);
    expect(bench.ask("n2", request)).toBeNull();
    expect(bench.ask("n2", appendEntries(1, [2, 1]))).toBeNull();
    expect(bench.writes.map((write) => write.record?.entries.length ?? null)).toEqual([2, null, null]);
    bench.sync(1);
    expect(payloads(bench)).toEqual([matching(1, 2)]);
    bench.sync();
    expect(payloads(bench)).toEqual([matching(1, 2), matching(1, 2)]);
  });

  test("answers at once if it has nothing to write and nothing is under way", () => {
    const bench = held({ log: [1] });
    expect(bench.ask("n2", appendEntries(1, [1, 1]))).toEqual(matching(1, 1));
    expect(bench.writes).toEqual([]);
  });

  test("may apply a committed entry that it has not written: a majority without it has it on disk", () => {
    const bench = held();
    bench.ask("n2", appendEntries(1, [0, 0], [1], 1));
    expect(bench.applied).toEqual(["1@1"]);
    expect(bench.sent).toEqual([]);
  });

  test("writes the term with the entries, in one record", () => {
    const bench = held({ term: 1 });
    bench.ask("n2", appendEntries(3, [0, 0], [2, 3]));
    const record: RaftRecord = {
      currentTerm: 3,
      votedFor: null,
      snapshot: null,
      from: 1,
      entries: entries(2, 3),
    };
    expect(bench.writes.map((write) => write.record)).toEqual([record]);
  });

  test("writes no term, vote or log that has not changed", () => {
    const bench = held({ log: [1] });
    bench.ask("n2", requestVote(4));
    expect(bench.writes[0]!.record).toMatchObject({ currentTerm: 4, votedFor: null, from: 2, entries: [] });
  });
});

describe("a leader", () => {
  /** In term 2 with entry 1 of term 1, an own entry at index 2 that is not durable here, and n2 has it already. */
  function leading(): Bench {
    const bench = new Bench({ log: [1] }).elect();
    bench.diskHeld = true;
    for (const heartbeat of bench.take()) bench.answer(heartbeat, matching(2, 1));
    bench.propose("x");
    return bench;
  }

  /** Times out, and wins as soon as its own vote is durable. */
  function lead(bench: Bench): void {
    bench.expire();
    bench.sync();
    const request = bench.take().find((m) => m.payload.kind === "requestVote")!;
    bench.answer(request, granted(bench.raft.currentTerm));
    expect(bench.raft.role).toBe("leader");
  }

  test("replicates in parallel with its own write (thesis, section 10.2.1)", () => {
    const bench = leading();
    expect(bench.writes).toHaveLength(1);
    expect(bench.sent.map((m) => m.to)).toEqual(["n2", "n3"]);
  });

  test("counts itself only once its entry is durable", () => {
    const bench = leading();
    bench.answer(bench.latestTo("n2"), matching(2, 2));
    expect(bench.applied).toEqual([]);
    bench.sync();
    expect(bench.applied).toEqual(["1@1", "x"]);
  });

  test("is not needed for a majority of others", () => {
    const bench = leading();
    bench.answer(bench.latestTo("n2"), matching(2, 2));
    bench.answer(bench.latestTo("n3"), matching(2, 2));
    expect(bench.applied).toEqual(["1@1", "x"]);
  });

  test("counts each entry when its own write is durable, not when an earlier one is", () => {
    const bench = leading();
    bench.propose("y");
    bench.answer(bench.latestTo("n2"), matching(2, 3));
    bench.sync(1);
    expect(bench.applied).toEqual(["1@1", "x"]);
    bench.sync(1);
    expect(bench.applied).toEqual(["1@1", "x", "y"]);
  });

  test("counts all writes that one fsync made durable", () => {
    const bench = leading();
    bench.propose("y");
    bench.answer(bench.latestTo("n2"), matching(2, 3));
    const mark = bench.writes.at(-1)!.mark;
    bench.step({ kind: "durable", mark });
    expect(bench.applied).toEqual(["1@1", "x", "y"]);
  });

  test("does not count entries that were cut while they were being written", () => {
    const bench = held({ log: [1] });
    // As a follower it begins to write indexes 2 to 4, and must cut them before they are durable.
    bench.ask("n2", appendEntries(2, [1, 1], [2, 2, 2]));
    bench.ask("n3", { ...appendEntries(3, [1, 1], [3]), leaderId: "n3" });
    bench.sync(2);
    lead(bench);
    bench.propose("x", "y");
    expect(bench.terms).toEqual([1, 3, 4, 4]);
    bench.answer(bench.latestTo("n2"), matching(4, 4));
    // Indexes 3 and 4 were written once, but these are others.
    expect(bench.applied).toEqual([]);
    bench.sync();
    expect(bench.applied).toEqual(["1@1", "3@2", "x", "y"]);
  });

  test("does not count a write that ends after its entries were cut", () => {
    const bench = held({ log: [1] });
    bench.ask("n2", appendEntries(2, [1, 1], [2, 2, 2]));
    bench.sync();
    bench.ask("n2", appendEntries(2, [4, 2], [2, 2]));
    bench.ask("n3", { ...appendEntries(3, [1, 1], [3]), leaderId: "n3" });
    expect(bench.writes).toHaveLength(2);
    // The write of indexes 5 and 6 ends now, though index 1 is all that is left of what it made durable.
    bench.sync(1);
    bench.sync();
    lead(bench);
    bench.propose("x");
    bench.answer(bench.latestTo("n2"), matching(4, 3));
    expect(bench.applied).toEqual([]);
    bench.sync();
    expect(bench.applied).toEqual(["1@1", "3@2", "x"]);
  });

  test("ignores news of a write that it has heard before", () => {
    const bench = leading();
    const mark = bench.writes[0]!.mark;
    bench.sync();
    expect(bench.step({ kind: "durable", mark })).toEqual([]);
    expect(bench.step({ kind: "durable", mark: mark - 1 })).toEqual([]);
  });
});

describe("the disk's image", () => {
  const image = () => ({
    currentTerm: 1,
    votedFor: "n3",
    snapshot: null,
    log: new RaftLog(entries(1, 1, 1)),
  });

  test.each([
    ["a term and a vote", { currentTerm: 2, votedFor: "n2", from: 4, entries: [] }, [1, 1, 1]],
    [
      "entries at the end",
      { currentTerm: 2, votedFor: null, from: 4, entries: entries(2, 2) },
      [1, 1, 1, 2, 2],
    ],
    [
      "entries in the place of others",
      { currentTerm: 2, votedFor: null, from: 2, entries: entries(2) },
      [1, 2],
    ],
    ["a cut", { currentTerm: 2, votedFor: null, from: 3, entries: [] }, [1, 1]],
    ["a cut of all", { currentTerm: 2, votedFor: null, from: 1, entries: [] }, []],
  ])("takes %s", (_, record, log) => {
    const written = image();
    raftStorage.write(written, { snapshot: null, ...record });
    expect(written).toMatchObject({ currentTerm: record.currentTerm, votedFor: record.votedFor });
    expect(termsOf(entriesOf(written.log))).toEqual(log);
  });

  test("begins empty, in term 0", () => {
    expect(raftStorage.empty()).toEqual({
      currentTerm: 0,
      votedFor: null,
      snapshot: null,
      log: new RaftLog(),
    });
  });

  test("gives a log of its own to each life: what is in memory is not what is on disk", () => {
    const bench = held({ log: [1] });
    bench.ask("n2", appendEntries(2, [0, 0], [2, 2]));
    expect(bench.stored).toEqual(entries(1));
    const reply: AppendEntriesReply = matching(2, 2);
    bench.sync();
    expect(payloads(bench)).toEqual([reply]);
    expect(bench.stored).toEqual(entries(2, 2));
  });
});
