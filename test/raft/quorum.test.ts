/** CheckQuorum (thesis, section 6.2), and networks in which some links carry one way only or not at all. */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Bench, conflicting, granted, matching, type Setup, timing } from "./bench.ts";
import { cut, type Envelope, Group } from "./group.ts";

const { electionTimeout: T, heartbeatInterval } = timing;

const checking = (setup: Setup = {}) => new Bench({ ...setup, features: { checkQuorum: true } });

const five = ["n1", "n2", "n3", "n4", "n5"];

/** Lets heartbeats pass for so long; these peers answer each. How long it led. */
function lead(bench: Bench, duration: number, ...answering: readonly string[]): number {
  const start = bench.now;
  while (bench.raft.role === "leader" && bench.now < start + duration) {
    bench.take();
    bench.expire();
    for (const message of bench.take()) {
      if (answering.includes(message.to)) bench.answer(message, matching(bench.raft.currentTerm, 0));
    }
  }
  return bench.now - start;
}

describe("a leader that hears from no quorum", () => {
  test("steps down after two election timeouts, and knows no leader", () => {
    const bench = checking().elect();
    const led = lead(bench, 10 * T);
    expect(led).toBeGreaterThanOrEqual(2 * T);
    expect(led).toBeLessThanOrEqual(2 * T + heartbeatInterval);
    expect(bench.raft).toMatchObject({ role: "follower", currentTerm: 1, leaderId: null, votedFor: "n1" });
    expect(bench.sent).toEqual([]);
    expect(bench.raft.deadline! - bench.now).toBeGreaterThanOrEqual(T);
  });

  test("steps down also if others answer, but too few", () => {
    expect(lead(checking({ members: five }).elect(), 20 * T, "n2")).toBeLessThan(3 * T);
  });

  test("steps down when the last of a quorum is gone for that long", () => {
    const bench = checking().elect();
    lead(bench, 10 * T, "n2");
    const led = lead(bench, 10 * T);
    expect(led).toBeGreaterThanOrEqual(2 * T);
    expect(led).toBeLessThanOrEqual(2 * T + heartbeatInterval);
  });

  test("goes on for ever if that is turned off", () => {
    expect(lead(new Bench().elect(), 20 * T)).toBeGreaterThanOrEqual(20 * T);
  });
});

describe("a leader with a quorum", () => {
  test.each([
    ["of three servers, one of which answers", ["n1", "n2", "n3"], ["n3"]],
    ["of five servers, two of which answer", five, ["n3", "n5"]],
    ["of one server", ["n1"], []],
  ])("goes on: %s", (_, members, answering) => {
    expect(lead(checking({ members }).elect(), 20 * T, ...answering)).toBeGreaterThanOrEqual(20 * T);
  });

  test("goes on whatever the answer is: a conflict is a sign of life too", () => {
    const bench = checking().elect();
    for (let beat = 0; beat < 30; beat++) {
      bench.take();
      bench.expire();
      bench.answer(bench.latestTo("n2"), conflicting(1, [0, 1]));
    }
    expect(bench.raft.role).toBe("leader");
  });

  test("does not count answers of an earlier term", () => {
    const bench = checking({ term: 1 }).elect();
    for (let beat = 0; beat < 10 && bench.raft.role === "leader"; beat++) {
      bench.take();
      bench.expire();
      for (const message of bench.take()) bench.answer(message, matching(1, 0));
    }
    expect(bench.raft.role).toBe("follower");
  });

  test("of a new term has as long again: it was elected by a quorum just now", () => {
    const bench = checking();
    bench.expire();
    bench.now += 5 * T;
    for (const request of bench.take()) bench.answer(request, granted(1));
    expect(bench.raft.role).toBe("leader");
    expect(lead(bench, 10 * T)).toBeGreaterThanOrEqual(2 * T);
  });
});

describe("a connected majority makes progress", () => {
  /** n1 leads; then some links fail. */
  function group(size: number, features = { preVote: true, checkQuorum: true }): Group {
    const group = new Group(new Array(size).fill([]), 0, { features });
    group.expire("n1");
    group.settle();
    expect(group.leader!.id).toBe("n1");
    return group;
  }

  /** Proposes for so many election timeouts. How many entries were applied by at least so many servers. */
  function progress(group: Group, timeouts: number, lost: (envelope: Envelope) => boolean): number {
    const before = Math.max(...[...group.members.values()].map(({ applied }) => applied.length));
    for (let i = 0; i < timeouts; i++) {
      if (group.leader !== null) group.propose(group.leader.id, `p${i}`);
      group.settle(lost);
      group.run(T, lost);
    }
    return Math.max(...[...group.members.values()].map(({ applied }) => applied.length)) - before;
  }

  test("when the leader can send and not receive: it must go, though everybody hears it", () => {
    const g = group(5);
    const lost = cut("n2>n1", "n3>n1", "n4>n1", "n5>n1");
    expect(progress(g, 20, lost)).toBeGreaterThan(10);
    expect(g.leader!.id).not.toBe("n1");
    expect(g.raft("n1").role).toBe("follower");
  });

  test("but without CheckQuorum it would stop everything: its heartbeats hold the others down", () => {
    const g = group(5, { preVote: true, checkQuorum: false });
    expect(progress(g, 20, cut("n2>n1", "n3>n1", "n4>n1", "n5>n1"))).toBe(0);
  });

  test("when a follower hears nobody and reaches everybody: it disturbs no term", () => {
    const g = group(5);
    const lost = cut("n1>n5", "n2>n5", "n3>n5", "n4>n5");
    expect(progress(g, 30, lost)).toBeGreaterThan(28);
    expect(g.raft("n1")).toMatchObject({ role: "leader", currentTerm: 1 });
  });

  test("but without PreVote it would depose every leader", () => {
    const g = group(5, { preVote: false, checkQuorum: true });
    const lost = cut("n1>n5", "n2>n5", "n3>n5", "n4>n5");
    progress(g, 30, lost);
    expect(g.raft("n5").currentTerm).toBeGreaterThan(10);
    expect(g.raft("n2").currentTerm).toBeGreaterThan(10);
  });

  test("when two of three servers, one of them the leader, do not hear one another: the third hears both", () => {
    const g = group(3);
    expect(progress(g, 30, cut("n1-n3"))).toBeGreaterThan(28);
    expect(g.leader!.currentTerm).toBe(1);
  });

  test("when only one server is connected to a quorum, and it is not the leader: it becomes the leader", () => {
    const g = group(5);
    const star = cut("n1-n2", "n1-n4", "n1-n5", "n2-n4", "n2-n5", "n4-n5");
    expect(progress(g, 40, star)).toBeGreaterThan(15);
    expect(g.leader!.id).toBe("n3");
  });

  test("when the leader is alone with a minority and comes back later", () => {
    const g = group(5);
    const halves = cut("n1-n3", "n1-n4", "n1-n5", "n2-n3", "n2-n4", "n2-n5");
    expect(progress(g, 20, halves)).toBeGreaterThan(10);
    expect(g.raft("n1").role).toBe("follower");
    const term = g.leader!.currentTerm;
    expect(progress(g, 10, () => false)).toBe(10);
    expect(g.leader!.currentTerm).toBe(term);
    const logs = [...g.members.values()].map(({ applied }) => applied.map((entry) => entry.command));
    for (const log of logs) expect(log).toEqual(logs[0]);
  });

  test("whatever the other links carry: any majority that hears one another is enough", () => {
    const others = fc.array(fc.boolean(), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(fc.shuffledSubarray(five, { minLength: 3, maxLength: 3 }), others, (core, up) => {
        const g = group(5);
        let i = 0;
        const ways: string[] = [];
        for (const a of five) {
          for (const b of five) {
            if (a === b) continue;
            const carries = up[i++]!;
            if (!carries && !(core.includes(a) && core.includes(b))) ways.push(`${a}>${b}`);
          }
        }
        const lost = cut(...ways);
        g.run(15 * T, lost);
        expect(progress(g, 10, lost)).toBeGreaterThanOrEqual(9);
      }),
      { numRuns: 150, seed: 1 },
    );
  });
});
