/** Messages that come late, twice or out of order (section 5.5: Raft's requests are idempotent). */

import { describe, expect, test } from "vitest";
import {
  appendEntries,
  Bench,
  conflicting,
  entries,
  granted,
  matching,
  refused,
  requestVote,
} from "./bench.ts";

const five = ["n1", "n2", "n3", "n4", "n5"];

describe("a vote that comes late", () => {
  test("does not elect the candidate of a later term", () => {
    const bench = new Bench({ members: five });
    bench.expire();
    const first = bench.take();
    bench.expire();
    for (const request of first) bench.answer(request, granted(1));
    expect(bench.raft).toMatchObject({ role: "candidate", currentTerm: 2 });
  });

  test("does not elect it either if the term in the reply looks right: the call tells", () => {
    const bench = new Bench({ members: five });
    bench.expire();
    const first = bench.take();
    bench.expire();
    for (const request of first) bench.answer(request, granted(2));
    expect(bench.raft.role).toBe("candidate");
  });

  test("does not elect it either if the call looks right: the term tells", () => {
    const bench = new Bench({ term: 1, members: five });
    bench.expire();
    for (const request of bench.take()) bench.answer(request, granted(1));
    expect(bench.raft).toMatchObject({ role: "candidate", currentTerm: 2 });
  });

  test("does not make a leader take office a second time", () => {
    const bench = new Bench({ members: five });
    bench.expire();
    const requests = bench.take();
    for (const request of requests.slice(0, 3)) bench.answer(request, granted(1));
    expect(bench.raft.role).toBe("leader");
    bench.take();
    bench.answer(requests[3]!, granted(1));
    expect(bench.sent).toEqual([]);
  });

  test("does not elect who has become a follower since", () => {
    const bench = new Bench();
    bench.expire();
    const requests = bench.take();
    bench.ask("n2", appendEntries(1));
    for (const request of requests) bench.answer(request, granted(1));
    expect(bench.raft).toMatchObject({ role: "follower", leaderId: "n2" });
  });
});

describe("a RequestVote that comes late", () => {
  test("of an earlier term is refused", () => {
    const bench = new Bench();
    bench.ask("n2", requestVote(1));
    bench.ask("n3", requestVote(2, [0, 0], "n3"));
    bench.take();
    expect(bench.ask("n2", requestVote(1))).toEqual(refused(2));
    expect(bench.raft.votedFor).toBe("n3");
  });

  test("of this term does not depose the leader of it", () => {
    const bench = new Bench().elect();
    bench.ask("n2", requestVote(1));
    expect(bench.raft.role).toBe("leader");
  });
});

describe("an AppendEntries that comes late", () => {
  test("does not cut what was acknowledged since", () => {
    const bench = new Bench();
    const old = appendEntries(1, [0, 0], [1]);
    bench.ask("n2", old);
    bench.ask("n2", appendEntries(1, [1, 1], [1, 1]));
    expect(bench.ask("n2", old)).toEqual(matching(1, 1));
    expect(bench.ask("n2", appendEntries(1))).toEqual(matching(1, 0));
    expect(bench.terms).toEqual([1, 1, 1]);
    expect(bench.stored).toEqual(entries(1, 1, 1));
  });

  test("does not take the commitIndex back, nor apply anything twice", () => {
    const bench = new Bench();
    bench.ask("n2", appendEntries(1, [0, 0], [1, 1], 2));
    bench.ask("n2", appendEntries(1, [0, 0], [1], 1));
    expect(bench.raft).toMatchObject({ commitIndex: 2, lastApplied: 2 });
    expect(bench.applied).toEqual(["1@1", "1@2"]);
  });

  test("of a deposed leader changes nothing", () => {
    const bench = new Bench();
    bench.ask("n3", { ...appendEntries(2, [0, 0], [1, 2]), leaderId: "n3" });
    bench.take();
    expect(bench.ask("n2", appendEntries(1, [1, 1], [1, 1], 3))).toEqual(conflicting(2, null));
    expect(bench.terms).toEqual([1, 2]);
    expect(bench.raft).toMatchObject({ leaderId: "n3", commitIndex: 0 });
  });
});

describe("an answer to an AppendEntries that comes late", () => {
  /** A leader of five with entries x, y and z, and its first message with them to n2. */
  function leading(): Bench {
    const bench = new Bench({ members: five }).elect();
    const heartbeats = bench.take();
    bench.propose("x", "y", "z");
    for (const heartbeat of heartbeats) bench.answer(heartbeat, matching(1, 0));
    return bench;
  }

  test("does not take matchIndex back", () => {
    const bench = leading();
    const toN2 = bench.latestTo("n2");
    bench.answer(toN2, matching(1, 3));
    bench.answer(toN2, matching(1, 1));
    bench.expire();
    expect(bench.latestTo("n2").payload.prevLogIndex).toBe(3);
    bench.answer(bench.latestTo("n3"), matching(1, 3));
    expect(bench.raft.commitIndex).toBe(3);
  });

  test("counts for what it says, even if another call is under way", () => {
    const bench = leading();
    const toN2 = bench.latestTo("n2");
    const toN3 = bench.latestTo("n3");
    bench.expire();
    bench.answer(toN2, matching(1, 3));
    bench.answer(toN3, matching(1, 2));
    expect(bench.raft.commitIndex).toBe(2);
  });

  test("does not count for a leader of a later term", () => {
    const bench = leading();
    const old = [bench.latestTo("n2"), bench.latestTo("n3")];
    bench.ask("n4", requestVote(2, [9, 1], "n4"));
    bench.elect();
    expect(bench.raft).toMatchObject({ role: "leader", currentTerm: 3 });
    bench.propose("late");
    for (const request of old) bench.answer(request, matching(1, 4));
    for (const request of old) bench.answer(request, matching(3, 4));
    expect(bench.raft.commitIndex).toBe(0);
  });

  test("does not count if it is of another term than the leader's, whatever call it answers", () => {
    const bench = new Bench({ term: 1 }).elect();
    bench.propose("x");
    bench.answer(bench.latestTo("n2"), matching(1, 1));
    expect(bench.raft).toMatchObject({ currentTerm: 2, commitIndex: 0 });
  });

  test("does not count for a follower or a candidate, nor wake it", () => {
    const bench = leading();
    const old = bench.latestTo("n2");
    bench.ask("n4", requestVote(2));
    bench.take();
    bench.answer(old, matching(2, 3));
    bench.expire();
    bench.take();
    bench.answer(old, matching(3, 3));
    expect(bench.sent).toEqual([]);
    expect(bench.raft).toMatchObject({ role: "candidate", commitIndex: 0 });
  });

  test("of a conflict does not cost anything that is known to match", () => {
    const bench = leading();
    const toN2 = bench.latestTo("n2");
    bench.answer(toN2, matching(1, 2));
    bench.take();
    bench.answer(toN2, conflicting(1, [0, 1]));
    bench.expire();
    expect(bench.latestTo("n2").payload.prevLogIndex).toBe(2);
  });
});
