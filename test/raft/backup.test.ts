/** How a leader finds the place where a follower's log agrees with its own (section 5.3, Figure 7). */

import { describe, expect, test } from "vitest";
import { Bench, conflicting, entriesFrom, entriesOf, figure2, matching, termsOf } from "./bench.ts";
import { Group } from "./group.ts";

/** The log of Figure 7's new leader, which takes office in term 8. */
const LEADER = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];

/** Figure 7: what the followers' logs may look like, and how many AppendEntries bring each to the leader's. */
const FIGURE_7 = [
  ["a", "lacks an entry", [1, 1, 1, 4, 4, 5, 5, 6, 6], 2],
  ["b", "lacks many", [1, 1, 1, 4], 2],
  ["c", "has one too many, of the leader's last term", [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6], 1],
  ["d", "has two too many, of a later term", [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7], 1],
  ["e", "has other entries after index 5", [1, 1, 1, 4, 4, 4, 4], 3],
  ["f", "has two whole terms that the leader never saw", [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3], 3],
] as const;

/** A leader and one follower, and how many AppendEntries it takes from the election until all is acknowledged. */
function converge(leader: readonly number[], follower: readonly number[]): { group: Group; rounds: number } {
  // The third server only votes.
  const logs = [entriesFrom(1, ...leader), entriesFrom(1, ...follower), []];
  const term = Math.max(...leader, ...follower, 0);
  const group = new Group(logs, term, { limits: { ...figure2.limits, maxBatch: 1000 } });
  let rounds = 0;
  let matched = false;
  group.expire("n1");
  group.settle(({ from, message: { to, payload } }) => {
    if (from === "n2" && payload.kind === "appendEntriesReply") {
      matched = payload.success && payload.matchIndex === leader.length;
    }
    const appends = payload.kind === "appendEntries";
    if (appends && to === "n2") rounds++;
    return appends && to === "n3";
  });
  expect(group.raft("n1").role).toBe("leader");
  expect(matched).toBe(true);
  return { group, rounds };
}

describe("Figure 7: a follower's log comes to agree with the leader's", () => {
  test.each(FIGURE_7)("(%s) %s: %j, after %i round trips", (_, _what, log, roundTrips) => {
    const { group, rounds } = converge(LEADER, log);
    expect(rounds).toBe(roundTrips);
    const after = termsOf(entriesOf(group.member("n2").image.log));
    expect(after.slice(0, LEADER.length)).toEqual(LEADER);
    group.propose("n1", "x");
    group.settle();
    const leaders = group.raft("n1").log;
    expect(entriesOf(group.member("n2").image.log)).toEqual(leaders.slice(1, leaders.lastIndex));
  });

  test("what (c) and (d) have too many stays until an entry conflicts with it, and then goes", () => {
    const { group } = converge(LEADER, [...LEADER, 7, 7]);
    expect(group.raft("n2").log.lastIndex).toBe(12);
    group.propose("n1", "x");
    group.settle();
    expect(termsOf(entriesOf(group.member("n2").image.log))).toEqual([...LEADER, 8]);
  });

  test("a conflicting term costs one round trip, however many entries it has", () => {
    const long = [1, ...new Array<number>(300).fill(2)];
    expect(converge([1, ...new Array<number>(300).fill(3)], long).rounds).toBe(2);
    const both = [1, ...new Array<number>(150).fill(2), ...new Array<number>(150).fill(3)];
    expect(converge([1, ...new Array<number>(300).fill(4)], both).rounds).toBe(3);
  });

  test("a follower that has nothing gets everything in the second message", () => {
    expect(converge(LEADER, []).rounds).toBe(2);
  });
});

describe("the follower's hint: the term of its entry at prevLogIndex and that term's first index", () => {
  test.each([
    // the leader's log, the hint (term 0: too short), and prevLogIndex of the next attempt
    ["too short: behind its last entry", [1, 1, 1, 4, 4], [0, 3], 2],
    ["empty: from the beginning", [1, 1, 1, 4, 4], [0, 1], 0],
    ["a term that the leader has: behind the leader's last entry of it", [1, 1, 1, 4, 4], [1, 1], 3],
    ["a term that the leader lacks: before the first of it", [1, 1, 1, 4, 4], [3, 2], 1],
    ["a term that the leader lacks, from the start", [4, 4, 4, 4, 4], [2, 1], 0],
  ] as const)("%s", (_, log, conflict, prevLogIndex) => {
    const bench = new Bench({ term: 5, log }).elect();
    bench.answer(bench.latestTo("n2"), conflicting(6, conflict));
    const { payload } = bench.latestTo("n2");
    expect(payload).toMatchObject({ prevLogIndex, prevLogTerm: log[prevLogIndex - 1] ?? 0 });
    expect(termsOf(payload.entries)).toEqual(log.slice(prevLogIndex));
  });

  test("always moves nextIndex down, even if the hint points up: nothing is tried twice", () => {
    const bench = new Bench({ term: 5, log: [1, 1, 4, 4] }).elect();
    bench.answer(bench.latestTo("n2"), conflicting(6, [0, 99]));
    expect(bench.latestTo("n2").payload.prevLogIndex).toBe(3);
  });

  test("never moves nextIndex below 1", () => {
    const bench = new Bench({ term: 5, log: [1] }).elect();
    for (let i = 0; i < 5; i++) bench.answer(bench.latestTo("n2"), conflicting(6, [0, 1]));
    expect(bench.latestTo("n2").payload.prevLogIndex).toBe(0);
  });

  test("never moves nextIndex to or below what is known to match, for such a hint is late", () => {
    const bench = new Bench({ term: 5, log: [1, 1, 4, 4] }).elect();
    bench.answer(bench.latestTo("n2"), conflicting(6, [0, 3]));
    const request = bench.latestTo("n2");
    bench.answer(request, matching(6, 4));
    bench.answer(request, conflicting(6, [0, 1]));
    bench.expire();
    expect(bench.latestTo("n2").payload.prevLogIndex).toBe(4);
  });
});
