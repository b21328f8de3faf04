/** PreVote (thesis, section 9.6): a server asks before it disturbs a term with an election that it cannot win. */

import { describe, expect, test } from "vitest";
import type { RequestVote, RequestVoteReply } from "../../src/raft/index.ts";
import { appendEntries, Bench, granted, refused, requestVote, type Setup, timing } from "./bench.ts";
import { cut, Group } from "./group.ts";

const T = timing.electionTimeout;

const preVoting = (setup: Setup = {}) => new Bench({ ...setup, features: { preVote: true } });

const preVote = (...args: Parameters<typeof requestVote>): RequestVote => ({
  ...requestVote(...args),
  preVote: true,
});
const would = (term: number): RequestVoteReply => ({ ...granted(term), preVote: true });
const wouldNot = (term: number): RequestVoteReply => ({ ...refused(term), preVote: true });

const five = ["n1", "n2", "n3", "n4", "n5"];

describe("a server whose election timeout has passed", () => {
  test("asks who would vote for it in the next term, and changes nothing", () => {
    const bench = preVoting({ log: [1, 1, 2], votedFor: "n3" });
    bench.diskHeld = true;
    bench.expire();
    expect(bench.raft).toMatchObject({ role: "follower", currentTerm: 2, votedFor: "n3", leaderId: null });
    expect(bench.writes).toEqual([]);
    expect(bench.sent.map((m) => [m.to, m.payload])).toEqual([
      ["n2", preVote(3, [3, 2], "n1")],
      ["n3", preVote(3, [3, 2], "n1")],
    ]);
    expect(bench.raft.deadline! - bench.now).toBeGreaterThanOrEqual(T);
  });

  test("holds the election when a majority would vote for it", () => {
    const bench = preVoting({ term: 2 });
    bench.expire();
    bench.answer(bench.take()[0]!, would(2));
    expect(bench.raft).toMatchObject({ role: "candidate", currentTerm: 3, votedFor: "n1" });
    expect(bench.sent.map((m) => m.payload)).toEqual([
      requestVote(3, [0, 0], "n1"),
      requestVote(3, [0, 0], "n1"),
    ]);
    for (const request of bench.take()) bench.answer(request, granted(3));
    expect(bench.raft.role).toBe("leader");
  });

  test.each([
    ["alone", ["n1"], [], "leader"],
    ["1 of 2", ["n1", "n2"], [], "follower"],
    ["2 of 5", five, ["n4"], "follower"],
    ["2 of 5, one of them twice", five, ["n4", "n4"], "follower"],
    ["3 of 5", five, ["n4", "n2"], "candidate"],
  ])("does so with its own pre-vote counted: %s", (_, members, voters, role) => {
    const bench = preVoting({ members });
    bench.expire();
    const requests = bench.take();
    for (const voter of voters) bench.answer(requests.find((m) => m.to === voter)!, would(0));
    expect(bench.raft.role).toBe(role);
  });

  test("counts no refusal, and no answer to an earlier round", () => {
    const bench = preVoting();
    bench.expire();
    const [first] = bench.take();
    bench.answer(first!, wouldNot(0));
    bench.expire();
    bench.answer(first!, would(0));
    expect(bench.raft).toMatchObject({ role: "follower", currentTerm: 0 });
  });

  test("takes no pre-vote for a vote, nor a vote for a pre-vote", () => {
    const bench = preVoting();
    bench.expire();
    bench.answer(bench.take()[0]!, granted(0));
    expect(bench.raft.role).toBe("follower");
    bench.expire();
    bench.answer(bench.take()[0]!, would(0));
    expect(bench.raft.role).toBe("candidate");
    for (const request of bench.take()) bench.answer(request, would(1));
    expect(bench.raft.role).toBe("candidate");
  });

  test("asks again who did not answer, but not who would vote for it", () => {
    const bench = preVoting({ members: five });
    bench.expire();
    const [toN2, toN3] = bench.take();
    bench.answer(toN2!, would(0));
    bench.unanswered(toN3!);
    bench.unanswered(toN2!);
    expect(bench.take().map((m) => [m.to, m.payload])).toEqual([["n3", preVote(1, [0, 0], "n1")]]);
  });

  test("gives up when a leader speaks, and late pre-votes do not bring it back", () => {
    const bench = preVoting({ term: 1, members: five });
    bench.expire();
    const requests = bench.take();
    bench.answer(requests[0]!, would(1));
    bench.ask("n2", appendEntries(1));
    for (const request of requests) bench.answer(request, would(1));
    expect(bench.raft).toMatchObject({ role: "follower", currentTerm: 1, leaderId: "n2" });
  });

  test("gives up when it hears of a later term, in which others hold the election", () => {
    const bench = preVoting();
    bench.expire();
    const [toN2, toN3] = bench.take();
    bench.answer(toN2!, wouldNot(6));
    bench.answer(toN3!, would(0));
    expect(bench.raft).toMatchObject({ role: "follower", currentTerm: 6 });
    expect(bench.image.currentTerm).toBe(6);
  });

  test("asks anew when it has lost the election that followed", () => {
    const bench = preVoting();
    bench.expire();
    bench.answer(bench.take()[0]!, would(0));
    bench.take();
    bench.expire();
    expect(bench.raft).toMatchObject({ role: "follower", currentTerm: 1 });
    expect(bench.sent[0]!.payload).toEqual(preVote(2, [0, 0], "n1"));
  });
});

describe("a server that is asked for a pre-vote", () => {
  test("changes neither its term, nor its vote, nor its timer, whatever it answers", () => {
    for (const last of [
      [1, 1],
      [0, 0],
    ] as const) {
      const bench = preVoting({ log: [1] });
      bench.diskHeld = true;
      const { deadline } = bench.raft;
      bench.now = deadline! - 1;
      const reply = bench.ask("n2", preVote(7, last));
      expect(reply).toEqual(last[0] === 1 ? would(1) : wouldNot(1));
      expect(bench.raft).toMatchObject({ currentTerm: 1, votedFor: null, deadline });
      expect(bench.writes).toEqual([]);
    }
  });

  test("promises nothing: it can say yes to several, and its vote is still free", () => {
    const bench = preVoting();
    expect(bench.ask("n2", preVote(1))).toEqual(would(0));
    expect(bench.ask("n3", preVote(1, [0, 0], "n3"))).toEqual(would(0));
    expect(bench.ask("n3", requestVote(1, [0, 0], "n3"))).toEqual(granted(1));
  });

  test.each([
    ["the term is not later than its own", 3, [1, 3]],
    ["the term is earlier", 2, [1, 3]],
    ["the log is not up to date", 9, [9, 2]],
  ] as const)("refuses if %s, and tells its term", (_, term, last) => {
    expect(preVoting({ log: [3] }).ask("n2", preVote(term, last))).toEqual(wouldNot(3));
  });

  test("refuses while it hears a leader, until an election timeout has passed since", () => {
    const bench = preVoting({ term: 1 });
    bench.ask("n2", appendEntries(1));
    bench.now += T - 1;
    expect(bench.ask("n3", preVote(2, [0, 0], "n3"))).toEqual(wouldNot(1));
    bench.now += 1;
    expect(bench.ask("n3", preVote(2, [0, 0], "n3"))).toEqual(would(1));
  });

  test("refuses if it leads, and goes on leading", () => {
    const bench = preVoting().elect();
    expect(bench.ask("n3", preVote(2, [9, 1], "n3"))).toEqual(wouldNot(1));
    expect(bench.raft).toMatchObject({ role: "leader", currentTerm: 1 });
  });

  test("says yes if it has just given up its leader itself", () => {
    const bench = preVoting({ term: 1 });
    bench.ask("n2", appendEntries(1));
    bench.expire();
    expect(bench.ask("n3", preVote(2, [0, 0], "n3"))).toEqual(would(1));
  });

  test("does not ask about leaders when the vote is a real one: it was asked before", () => {
    const bench = preVoting({ term: 1 });
    bench.ask("n2", appendEntries(1));
    expect(bench.ask("n3", requestVote(2, [0, 0], "n3"))).toEqual(granted(2));
  });
});

describe("a server that was cut off for long", () => {
  /** n1 leads, n3 hears nobody for 30 election timeouts, and returns. */
  function returned(preVote: boolean): { group: Group; term: number } {
    const group = new Group([[], [], []], 0, { features: { preVote, checkQuorum: true } });
    group.expire("n1");
    group.settle();
    const term = group.raft("n1").currentTerm;
    group.run(30 * T, cut("n3-n1", "n3-n2"));
    group.run(3 * T);
    return { group, term };
  }

  test("disturbs nobody when it returns: the same leader leads the same term", () => {
    const { group, term } = returned(true);
    expect(group.raft("n1")).toMatchObject({ role: "leader", currentTerm: term });
    expect(group.raft("n3")).toMatchObject({ role: "follower", currentTerm: term, leaderId: "n1" });
  });

  test("without PreVote returns with a high term, and the leader must go", () => {
    const { group, term } = returned(false);
    expect(group.leader!.currentTerm).toBeGreaterThan(term + 10);
  });

  test("also disturbs nobody on the way of a single message: its question is refused by who hears the leader", () => {
    const group = new Group([[], [], []], 0, { features: { preVote: true, checkQuorum: true } });
    group.expire("n1");
    group.settle();
    for (let i = 0; i < 20; i++) {
      group.run(2 * T, cut("n1-n3"));
      expect(group.raft("n1").role).toBe("leader");
    }
    expect(group.raft("n3").currentTerm).toBe(1);
  });

  test("and a server with a later term but without a quorum does not keep the others from electing", () => {
    // n3 has term 9 on its disk and an empty log; n1 is down.
    const group = new Group([[], [], []], 0, { features: { preVote: true, checkQuorum: true } });
    group.member("n3").image.currentTerm = 9;
    group.crash("n3");
    group.start("n3");
    group.crash("n1");
    group.run(10 * T);
    expect(group.leader).not.toBeNull();
    expect(group.leader!.currentTerm).toBeGreaterThan(9);
  });
});
