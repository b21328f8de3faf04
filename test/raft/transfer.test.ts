/** Leadership transfer (thesis, section 3.10). */

import { describe, expect, test } from "vitest";
import { appendEntries, Bench, granted, matching, requestVote, type Setup, timing } from "./bench.ts";
import { Group } from "./group.ts";

const { electionTimeout: T, heartbeatInterval } = timing;

/** A leader in term 1 that has committed "x", which n2 has and n3 has not. Nothing is under way to n2. */
function leading(setup: Setup = {}): Bench {
  const bench = new Bench(setup).elect();
  for (const heartbeat of bench.take()) bench.answer(heartbeat, matching(1, 0));
  bench.propose("x");
  bench.answer(bench.latestTo("n2"), matching(1, 1));
  return bench;
}

const hand = (bench: Bench, to: string) => bench.step({ kind: "transfer", to });
const told = (bench: Bench) =>
  bench.sentOf("timeoutNow").map((message) => [message.to, message.payload.term]);

describe("a leader that is to hand over", () => {
  test("tells the successor at once if that has the whole log", () => {
    const bench = leading();
    hand(bench, "n2");
    expect(told(bench)).toEqual([["n2", 1]]);
  });

  test("brings the successor up to date first", () => {
    const bench = leading();
    hand(bench, "n3");
    expect(told(bench)).toEqual([]);
    bench.answer(bench.latestTo("n3"), matching(1, 0));
    expect(told(bench)).toEqual([]);
    bench.answer(bench.latestTo("n3"), matching(1, 1));
    expect(told(bench)).toEqual([["n3", 1]]);
  });

  test("tells it once, whatever else is answered and however often it is asked", () => {
    const bench = leading();
    hand(bench, "n2");
    bench.expire();
    bench.answer(bench.latestTo("n2"), matching(1, 1));
    bench.answer(bench.latestTo("n3"), matching(1, 1));
    hand(bench, "n2");
    expect(told(bench)).toHaveLength(1);
  });

  test("takes no proposals meanwhile: the successor might lack them", () => {
    const bench = leading();
    expect(bench.raft.acceptsProposals).toBe(true);
    hand(bench, "n3");
    expect(bench.raft.acceptsProposals).toBe(false);
    bench.propose("y");
    expect(bench.raft.log.lastIndex).toBe(1);
  });

  test("goes on with its heartbeats", () => {
    const bench = leading();
    hand(bench, "n3");
    bench.take();
    bench.expire();
    expect(bench.sentOf("appendEntries").map((message) => message.to)).toEqual(["n2", "n3"]);
  });

  test("gives up after an election timeout, and leads on", () => {
    const bench = leading();
    const start = bench.now;
    hand(bench, "n3");
    while (!bench.raft.acceptsProposals) {
      expect(bench.now - start).toBeLessThan(T + heartbeatInterval);
      bench.expire();
    }
    expect(bench.now - start).toBeGreaterThanOrEqual(T);
    bench.propose("y");
    expect(bench.raft.log.lastIndex).toBe(2);
    // Later it has the whole log, but by then nobody waits for it.
    bench.expire();
    bench.answer(bench.latestTo("n3"), matching(1, 2));
    expect(told(bench)).toEqual([]);
  });

  test.each([
    ["over and over", ["n3"]],
    ["for one and for another", ["n3", "n4"]],
  ])("gives up in the same time if it is asked %s: else nobody could ever propose again", (_, others) => {
    const bench = leading({ members: ["n1", "n2", "n3", "n4"] });
    const start = bench.now;
    for (let i = 0; bench.now - start < 4 * T; i++) {
      hand(bench, others[i % others.length]!);
      if (bench.raft.acceptsProposals) break;
      bench.expire();
      if (bench.raft.acceptsProposals) break;
    }
    expect(bench.now - start).toBeLessThan(T + heartbeatInterval);
  });

  test("may change its mind", () => {
    const bench = leading();
    hand(bench, "n3");
    hand(bench, "n2");
    expect(told(bench)).toEqual([["n2", 1]]);
  });

  test("hands over to another member only", () => {
    const bench = leading();
    for (const to of ["n1", "n9"]) hand(bench, to);
    expect(told(bench)).toEqual([]);
    expect(bench.raft.acceptsProposals).toBe(true);
  });

  test("forgets it when it is deposed, and can take proposals when it leads again", () => {
    const bench = leading();
    hand(bench, "n3");
    bench.ask("n2", appendEntries(2, [1, 1]));
    bench.take();
    bench.elect();
    expect(bench.raft).toMatchObject({ role: "leader", acceptsProposals: true });
    bench.answer(bench.latestTo("n3"), matching(3, 1));
    expect(told(bench)).toEqual([]);
  });

  test("forgets it also if it leads again at once", () => {
    const bench = leading();
    hand(bench, "n3");
    bench.ask("n2", appendEntries(2, [1, 1]));
    bench.take();
    bench.ask("n2", { kind: "timeoutNow", term: 2 });
    for (const request of bench.take()) bench.answer(request, granted(3));
    expect(bench.raft).toMatchObject({ role: "leader", currentTerm: 3, acceptsProposals: true });
  });

  test("must lead: a follower ignores it", () => {
    const bench = new Bench({ term: 1 });
    bench.ask("n2", appendEntries(1));
    bench.take();
    expect(hand(bench, "n3")).toEqual([]);
  });
});

describe("a server that is told to hold an election", () => {
  const now = (term: number) => ({ kind: "timeoutNow", term }) as const;

  test("does so at once, without PreVote, though it hears a leader", () => {
    const bench = new Bench({ term: 1, log: [1], features: { preVote: true } });
    bench.ask("n2", appendEntries(1, [1, 1]));
    bench.take();
    bench.ask("n2", now(1));
    expect(bench.raft).toMatchObject({ role: "candidate", currentTerm: 2, votedFor: "n1" });
    expect(bench.sentOf("requestVote").map(({ to, payload }) => [to, payload])).toEqual([
      ["n2", requestVote(2, [1, 1], "n1")],
      ["n3", requestVote(2, [1, 1], "n1")],
    ]);
  });

  test("does so also if it was asking for pre-votes", () => {
    const bench = new Bench({ term: 1, features: { preVote: true } });
    bench.expire();
    bench.ask("n2", now(1));
    expect(bench.raft).toMatchObject({ role: "candidate", currentTerm: 2 });
  });

  test("does nothing if it was told in an earlier term", () => {
    const bench = new Bench({ term: 2 });
    expect(bench.ask("n2", now(1))).toEqual({ kind: "timeoutNowReply", term: 2 });
    expect(bench.raft).toMatchObject({ role: "follower", currentTerm: 2, votedFor: null });
  });

  test("does it once: told again, it is in a later term already", () => {
    const bench = new Bench({ term: 1 });
    bench.ask("n2", now(1));
    bench.ask("n2", now(1));
    expect(bench.raft.currentTerm).toBe(2);
  });

  test("answers when its new term is on disk", () => {
    const bench = new Bench({ term: 1 });
    bench.diskHeld = true;
    expect(bench.ask("n2", now(1))).toBeNull();
    expect(bench.sent).toEqual([]);
    bench.sync();
    expect(bench.image).toMatchObject({ currentTerm: 2, votedFor: "n1" });
    expect(bench.sent).toHaveLength(3);
  });
});

describe("among three servers", () => {
  test.each([true, false])("the successor leads the next term, with all entries (PreVote %s)", (preVote) => {
    const group = new Group([[], [], []], 0, { features: { preVote, checkQuorum: true } });
    group.expire("n1");
    group.settle();
    group.propose("n1", "x");
    group.step("n1", { kind: "transfer", to: "n3" });
    group.propose("n1", "refused");
    group.settle();
    expect(group.raft("n3")).toMatchObject({ role: "leader", currentTerm: 2 });
    expect(group.raft("n1")).toMatchObject({ role: "follower", leaderId: "n3" });
    group.propose("n3", "y");
    group.settle();
    group.run(heartbeatInterval);
    for (const { applied } of group.members.values()) {
      expect(applied.map((entry) => entry.command)).toEqual(["x", "y"]);
    }
  });

  test("a successor that is down costs an election timeout, and no more", () => {
    const group = new Group([[], [], []], 0, { features: { preVote: true, checkQuorum: true } });
    group.expire("n1");
    group.settle();
    group.crash("n3");
    group.propose("n1", "x");
    group.step("n1", { kind: "transfer", to: "n3" });
    group.run(T + heartbeatInterval);
    group.propose("n1", "y");
    group.settle();
    expect(group.raft("n1")).toMatchObject({ role: "leader", currentTerm: 1, commitIndex: 2 });
  });
});
