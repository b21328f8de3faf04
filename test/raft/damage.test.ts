/** A server whose disk has lost part of its log (Alagappan et al., FAST 2018) says nothing until others repair it. */

import { describe, expect, test } from "vitest";
import { LOST } from "../../src/raft/index.ts";
import { appendEntries, Bench, conflicting, granted, matching, requestVote, timing } from "./bench.ts";

/** Five entries of term 1, of which the second and the last are lost. */
const damaged = (setup = {}) => new Bench({ log: [1, 1, 1, 1, 1], lost: [2, 5], ...setup });

describe("a server that has lost an entry", () => {
  test("votes for nobody, be the candidate's log ever so long, but takes up its term", () => {
    const bench = damaged();
    expect(bench.ask("n2", requestVote(2, [9, 1]))).toMatchObject({ term: 2, voteGranted: false });
    expect(bench.ask("n2", { ...requestVote(3, [9, 1]), preVote: true })).toMatchObject({
      voteGranted: false,
    });
    expect([bench.raft.currentTerm, bench.image.votedFor]).toEqual([2, null]);
  });

  test("does not stand for election, not even when it is asked to, and waits for another timeout", () => {
    for (const preVote of [false, true]) {
      const bench = damaged({ features: { preVote } });
      bench.expire();
      bench.ask("n3", { kind: "timeoutNow", term: 1 });
      expect([bench.raft.role, bench.raft.currentTerm]).toEqual(["follower", 1]);
      expect(bench.sentOf("requestVote")).toEqual([]);
      expect(bench.raft.deadline! - bench.now).toBeGreaterThanOrEqual(timing.electionTimeout);
    }
  });

  test("acknowledges nothing beyond it, and says what it lacks", () => {
    const bench = damaged();
    expect(bench.ask("n2", appendEntries(2, [1, 1]))).toEqual(matching(2, 1));
    expect(bench.ask("n2", appendEntries(2, [4, 1]))).toEqual({
      ...conflicting(2, [0, 2]),
      conflict: { term: 0, index: 2, lost: true },
    });
  });

  test("applies nothing beyond it", () => {
    const bench = damaged();
    bench.ask("n2", appendEntries(2, [5, 1], [], 5));
    bench.ask("n2", appendEntries(2, [1, 1], [], 5));
    expect(bench.applied).toEqual(["1@1"]);
  });

  test("is repaired entry by entry, and keeps what it has between them", () => {
    const bench = damaged();
    expect(bench.ask("n2", appendEntries(2, [1, 1], [1], 5))).toEqual(matching(2, 2));
    expect(bench.raft.isDamaged).toBe(true);
    expect(bench.stored.map(({ command }) => command)).toEqual(["1@1", "1@2", "1@3", "1@4", LOST]);
    expect(bench.ask("n2", appendEntries(2, [4, 1], [1], 5))).toEqual(matching(2, 5));
    expect(bench.raft.isDamaged).toBe(false);
    expect(bench.applied).toEqual(["1@1", "1@2", "1@3", "1@4", "1@5"]);
    expect(bench.stored.map(({ command }) => command)).toEqual(["1@1", "1@2", "1@3", "1@4", "1@5"]);
  });

  test("acknowledges and votes only when what repaired it is on its disk", () => {
    const bench = damaged({ lost: [5] });
    bench.diskHeld = true;
    expect(bench.ask("n2", appendEntries(2, [4, 1], [1]))).toBeNull();
    expect(bench.ask("n3", requestVote(3, [9, 1], "n3"))).toBeNull();
    bench.sync(1);
    expect(bench.sent.map(({ payload }) => payload)).toContainEqual(matching(2, 5));
    bench.sync();
    expect(bench.sent.map(({ payload }) => payload)).toContainEqual(granted(3));
  });

  test("lacks nothing any more when another entry takes the place, or a snapshot", () => {
    const cut = damaged({ lost: [4, 5] });
    cut.ask("n2", appendEntries(2, [3, 1], [2]));
    expect([cut.raft.isDamaged, cut.terms]).toEqual([false, [1, 1, 1, 2]]);
    const replaced = damaged();
    const snapshot = { term: 2, leaderId: "n2", lastIncludedIndex: 5, lastIncludedTerm: 1, offset: 0 };
    replaced.ask("n2", {
      kind: "installSnapshot",
      ...snapshot,
      data: new Uint8Array(3),
      done: true,
      configuration: null,
    });
    expect([replaced.raft.isDamaged, replaced.raft.log.snapshotIndex]).toEqual([false, 5]);
  });

  test("forgets nothing of it in another crash", () => {
    const bench = damaged();
    bench.crash();
    expect([bench.raft.isDamaged, bench.ask("n2", requestVote(2, [9, 1]))]).toMatchObject([
      true,
      { voteGranted: false },
    ]);
  });
});

describe("a leader that is told of a lost entry", () => {
  function leading(): Bench {
    const bench = new Bench({ log: [1, 1, 1], window: 8 }).elect();
    for (const heartbeat of bench.take()) bench.answer(heartbeat, matching(2, 3));
    expect(bench.raft.matchIndexOf("n2")).toBe(3);
    bench.take();
    bench.expire();
    return bench;
  }

  const lost = (index: number) =>
    ({ ...conflicting(2, [0, index]), conflict: { term: 0, index, lost: true } }) as const;

  test("sends it again from there on, although it was acknowledged, and does not count it meanwhile", () => {
    const bench = leading();
    const heartbeat = bench.latestTo("n2");
    bench.take();
    bench.answer(heartbeat, lost(2));
    expect(bench.raft.matchIndexOf("n2")).toBe(1);
    const { prevLogIndex, entries } = bench.latestTo("n2").payload;
    expect([prevLogIndex, entries.map(({ command }) => command)]).toEqual([1, ["1@2", "1@3"]]);
    bench.answer(bench.latestTo("n2"), matching(2, 3));
    expect(bench.raft.matchIndexOf("n2")).toBe(3);
  });

  test("goes back for no ordinary conflict below what was acknowledged", () => {
    const bench = leading();
    bench.answer(bench.latestTo("n2"), conflicting(2, [0, 2]));
    expect(bench.raft.matchIndexOf("n2")).toBe(3);
  });

  test("takes back what was acknowledged also when it hears of it late, which costs a message and no safety", () => {
    const bench = leading();
    const early = bench.latestTo("n2");
    bench.take();
    bench.expire();
    bench.answer(bench.latestTo("n2"), matching(2, 3));
    bench.take();
    bench.answer(early, lost(2));
    expect(bench.raft.matchIndexOf("n2")).toBe(1);
    bench.expire();
    bench.answer(bench.latestTo("n2"), matching(2, 3));
    expect(bench.raft.matchIndexOf("n2")).toBe(3);
  });
});
