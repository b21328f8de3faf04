/** Reads under a lease (thesis, section 6.4.1): no question to anybody, while a quorum has promised not to vote. */

import { describe, expect, test } from "vitest";
import { leaseLength } from "../../src/raft/lease.ts";
import {
  appendEntries,
  Bench,
  conflicting,
  granted,
  matching,
  requestVote,
  type Setup,
  timing,
} from "./bench.ts";

const lease = { driftBound: 100_000 };
const length = leaseLength(timing.electionTimeout, lease);
const five = ["n1", "n2", "n3", "n4", "n5"];

/** A leader with an entry of its own term committed, and nothing under way: it was elected an age ago. */
function leading(setup: Setup = {}): Bench {
  const bench = new Bench({ lease, ...setup }).elect();
  bench.propose("x");
  for (const message of bench.take()) bench.answer(message, matching(bench.raft.currentTerm, 1));
  bench.wait(2 * timing.electionTimeout);
  return bench;
}

/** Sends heartbeats; how they are answered is the test's. */
function heartbeats(bench: Bench) {
  bench.take();
  bench.expire();
  return bench.sentOf("appendEntries");
}

describe("the length of a lease", () => {
  test.each([
    [250_000, 0, 249_998],
    [250_000, 500, 249_748],
    [250_000, 100_000, 204_543],
    [1000, 900_000, 50],
    [10, 900_000, 0],
  ])("for a timeout of %i and a drift bound of %i ppm is %i", (timeout, driftBound, expected) => {
    expect(leaseLength(timeout, { driftBound })).toBe(expected);
  });

  test("is over by the slowest clock before the promise is by the fastest", () => {
    for (const driftBound of [0, 1, 500, 33_333, 100_000, 500_000, 900_000]) {
      for (const timeout of [999, 60_000, 250_000, 1_000_003]) {
        const promise = timeout / (1 + driftBound / 1e6);
        expect((leaseLength(timeout, { driftBound }) + 1) / (1 - driftBound / 1e6)).toBeLessThan(promise);
      }
    }
  });

  test("is not to be had of a bound that lets clocks stand still", () => {
    expect(() => leaseLength(1000, { driftBound: 1_000_000 })).toThrow("1000000 parts per million");
  });
});

describe("a leader with a lease", () => {
  test("answers reads at once, and asks nobody", () => {
    const bench = leading();
    const [toN2] = heartbeats(bench);
    bench.answer(toN2!, matching(1, 1));
    bench.take();
    bench.read(1, 2);
    expect(bench.readable).toEqual([1, 2]);
    expect(bench.sent).toEqual([]);
  });

  test("has it for as long as the promise lasts, from when the call was sent and not from the answer", () => {
    const bench = leading();
    const [toN2] = heartbeats(bench);
    const sent = bench.now;
    bench.now = sent + 200;
    bench.answer(toN2!, matching(1, 1));
    bench.now = sent + length - 1;
    bench.read(1);
    expect(bench.readable).toEqual([1]);
    bench.now = sent + length;
    bench.read(2);
    expect(bench.readable).toEqual([1]);
    expect(bench.sentOf("appendEntries").length).toBeGreaterThan(0);
  });

  test("gets none by an answer that comes when the promise may be over", () => {
    const bench = leading();
    const [toN2] = heartbeats(bench);
    bench.now += length;
    bench.answer(toN2!, matching(1, 1));
    expect(bench.raft.holdsLease(bench.now)).toBe(false);
  });

  test("needs the promises of a quorum, each by its own call", () => {
    const bench = leading({ members: five });
    const [toN2] = heartbeats(bench);
    const first = bench.now;
    bench.answer(toN2!, matching(1, 1));
    expect(bench.raft.holdsLease(bench.now)).toBe(false);
    const later = heartbeats(bench).find(({ to }) => to === "n3")!;
    bench.answer(later, matching(1, 1));
    expect(bench.raft.holdsLease(first + length - 1)).toBe(true);
    expect(bench.raft.holdsLease(first + length)).toBe(false);
  });

  test("takes a conflict for a promise too, and no word of another term", () => {
    const bench = leading();
    const [toN2, toN3] = heartbeats(bench);
    bench.answer(toN2!, conflicting(1, [0, 1]));
    expect(bench.raft.holdsLease(bench.now)).toBe(true);
    bench.answer(toN3!, conflicting(2, null));
    expect(bench.raft.role).toBe("follower");
    expect(bench.raft.holdsLease(bench.now)).toBe(false);
  });

  test("reads under none before an entry of its own term is committed", () => {
    const bench = new Bench({ lease, log: [1] }).elect();
    for (const heartbeat of bench.take()) bench.answer(heartbeat, matching(2, 1));
    expect(bench.raft.holdsLease(bench.now)).toBe(true);
    bench.read(1);
    expect(bench.readable).toEqual([]);
  });

  test("begins each office without one", () => {
    const bench = leading();
    const [toN2] = heartbeats(bench);
    bench.answer(toN2!, matching(1, 1));
    bench.ask("n2", appendEntries(2, [1, 1]));
    bench.take();
    bench.elect();
    expect([bench.raft.role, bench.raft.holdsLease(bench.now)]).toEqual(["leader", false]);
  });

  test("gives it up when it tells another to take over, for as long as it leads", () => {
    const bench = leading();
    for (const heartbeat of heartbeats(bench)) bench.answer(heartbeat, matching(1, 1));
    expect(bench.raft.holdsLease(bench.now)).toBe(true);
    bench.step({ kind: "transfer", to: "n2" });
    expect(bench.sentOf("timeoutNow")).toHaveLength(1);
    expect(bench.raft.holdsLease(bench.now)).toBe(false);
    bench.wait(2 * timing.electionTimeout);
    for (const heartbeat of heartbeats(bench)) bench.answer(heartbeat, matching(1, 1));
    expect([bench.raft.acceptsProposals, bench.raft.holdsLease(bench.now)]).toEqual([true, false]);
    bench.read(1);
    expect(bench.readable).toEqual([]);
    for (const question of bench.sentOf("appendEntries")) bench.answer(question, matching(1, 1));
    expect(bench.readable).toEqual([1]);
  });
});

describe("who has promised a leader not to vote", () => {
  /** A follower that has heard its leader, n3, of term 1. */
  function following(setup: Setup = {}): Bench {
    const bench = new Bench({ lease, ...setup });
    bench.now += 2 * timing.electionTimeout;
    bench.ask("n3", { ...appendEntries(1), leaderId: "n3" });
    return bench;
  }

  test("does so when an election timeout has passed, and not before", () => {
    const bench = following();
    bench.now += timing.electionTimeout - 1;
    expect(bench.ask("n2", requestVote(2))).toMatchObject({ voteGranted: false, term: 1 });
    bench.now += 1;
    expect(bench.ask("n2", requestVote(2))).toEqual(granted(2));
  });

  test("does not hear of the candidate's term, in which its leader would have to step down", () => {
    const bench = following();
    bench.ask("n2", requestVote(9));
    expect([bench.raft.currentTerm, bench.raft.leaderId]).toEqual([1, "n3"]);
    expect(bench.image.currentTerm).toBe(1);
  });

  test("makes way for whom its leader has asked to take over", () => {
    const bench = following();
    expect(bench.ask("n2", { ...requestVote(2), handover: true })).toEqual(granted(2));
  });

  test("stands by a vote that it has given", () => {
    const bench = following();
    bench.now += timing.electionTimeout;
    expect(bench.ask("n2", requestVote(2))).toEqual(granted(2));
    bench.ask("n2", appendEntries(2));
    expect(bench.ask("n2", requestVote(2))).toEqual(granted(2));
  });

  test("has forgotten it when it comes back from a crash, and waits as if it had promised just then", () => {
    const bench = following();
    bench.now += 10 * timing.electionTimeout;
    bench.crash();
    bench.now += timing.electionTimeout - 1;
    expect(bench.ask("n2", requestVote(2))).toMatchObject({ voteGranted: false, term: 1 });
    bench.now += 1;
    expect(bench.ask("n2", requestVote(2))).toEqual(granted(2));
  });

  test("promises nothing where no leases are given", () => {
    const bench = new Bench();
    bench.ask("n3", { ...appendEntries(1), leaderId: "n3" });
    expect(bench.ask("n2", requestVote(2))).toEqual(granted(2));
  });
});

describe("a candidate", () => {
  test("says that its leader asked it to stand, and says so no more when it stands again", () => {
    const bench = new Bench({ lease });
    bench.ask("n2", appendEntries(1));
    bench.take();
    bench.ask("n2", { kind: "timeoutNow", term: 1 });
    expect(bench.sentOf("requestVote").map(({ payload }) => payload.handover)).toEqual([true, true]);
    bench.take();
    bench.expire();
    expect(bench.sentOf("requestVote").map(({ payload }) => "handover" in payload)).toEqual([false, false]);
  });

  test("says nothing of it where nobody has promised anything: bytes stay what they were", () => {
    const bench = new Bench();
    bench.ask("n2", appendEntries(1));
    bench.take();
    bench.ask("n2", { kind: "timeoutNow", term: 1 });
    expect(bench.sentOf("requestVote").map(({ payload }) => "handover" in payload)).toEqual([false, false]);
  });
});
