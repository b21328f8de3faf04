/** Pipelining (thesis, section 10.2.1): several AppendEntries under way to a follower whose log is known to match. */

import { describe, expect, test } from "vitest";
import {
  appendEntries,
  Bench,
  conflicting,
  entriesFrom,
  figure2,
  matching,
  type Setup,
  timing,
} from "./bench.ts";
import { cut, Group } from "./group.ts";

const { heartbeatInterval } = timing;

/** A leader in term 1 that knows n2's log to match, with a window of 3 and entries sent one by one. */
function piping(setup: Setup = {}): Bench {
  const bench = new Bench({ window: 3, maxBatch: 1, ...setup }).elect();
  const { lastIndex } = bench.raft.log;
  for (const heartbeat of bench.take()) bench.answer(heartbeat, matching(bench.raft.currentTerm, lastIndex));
  return bench;
}

/** What was sent to n2: prevLogIndex and how many entries. */
function sent(bench: Bench): (readonly [number, number])[] {
  const toN2 = bench.sentOf("appendEntries").filter((message) => message.to === "n2");
  return toN2.map(({ payload }) => [payload.prevLogIndex, payload.entries.length] as const);
}

const toN2 = (bench: Bench) => bench.take().filter((message) => message.to === "n2");

describe("the window", () => {
  test("is one message while it is not known where the logs match", () => {
    const bench = new Bench({ window: 3, maxBatch: 1 }).elect();
    bench.propose("a", "b", "c");
    expect(sent(bench)).toEqual([[0, 0]]);
  });

  test("opens when that is known: each message follows the one before without waiting", () => {
    const bench = piping();
    bench.propose("a", "b");
    expect(sent(bench)).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  test("bounds how many are under way, and each answer makes room", () => {
    const bench = piping();
    bench.propose("a", "b", "c", "d", "e", "f");
    const [first, second, third] = toN2(bench);
    expect(sent(bench)).toEqual([]);
    bench.answer(first!, matching(1, 1));
    expect(sent(bench)).toEqual([[3, 1]]);
    bench.answer(second!, matching(1, 2));
    bench.answer(third!, matching(1, 3));
    expect(sent(bench)).toEqual([
      [3, 1],
      [4, 1],
      [5, 1],
    ]);
  });

  test("opens by three at once for an answer that overtook two others", () => {
    const bench = piping();
    bench.propose("a", "b", "c", "d", "e", "f");
    const [first, second, third] = toN2(bench);
    bench.answer(third!, matching(1, 3));
    expect(sent(bench)).toHaveLength(3);
    bench.answer(first!, matching(1, 1));
    bench.answer(second!, matching(1, 2));
    expect(sent(bench)).toHaveLength(3);
  });

  test("what waits for room leaves in batches", () => {
    const bench = piping({ maxBatch: 2 });
    bench.propose("a", "b", "c", "d", "e", "f");
    const [first] = toN2(bench);
    bench.answer(first!, matching(1, 1));
    expect(sent(bench)).toEqual([[3, 2]]);
  });

  test("is each follower's own", () => {
    const bench = piping();
    bench.propose("a", "b", "c", "d");
    const [forN2] = bench.sent;
    bench.take();
    bench.answer(forN2!, matching(1, 1));
    expect(bench.sent.map((message) => message.to)).toEqual(["n2"]);
  });

  test("of an idle leader stays empty: heartbeats do not fill it", () => {
    const bench = piping();
    for (let beat = 0; beat < 10; beat++) {
      bench.expire();
      for (const message of bench.take()) bench.answer(message, matching(1, 0));
    }
    bench.propose("a", "b", "c", "d");
    expect(sent(bench)).toHaveLength(3);
  });
});

describe("matchIndex and nextIndex", () => {
  test("never go back, in whatever order the answers come", () => {
    const bench = piping();
    bench.propose("a", "b", "c");
    const [first, second, third] = toN2(bench);
    bench.now += 10;
    bench.answer(third!, matching(1, 3));
    expect(bench.raft.commitIndex).toBe(3);
    bench.answer(second!, matching(1, 2));
    bench.answer(first!, matching(1, 1));
    bench.expire();
    expect(sent(bench)).toEqual([[3, 0]]);
    bench.propose("d");
    expect(sent(bench)).toEqual([
      [3, 0],
      [3, 1],
    ]);
  });

  test("do not go below what is known to match for a conflict that comes late", () => {
    const bench = piping();
    bench.propose("a", "b", "c");
    const [first, second] = toN2(bench);
    bench.answer(first!, matching(1, 1));
    bench.answer(second!, conflicting(1, [0, 1]));
    expect(sent(bench)).toEqual([[1, 1]]);
  });
});

describe("a conflict", () => {
  test("falls back to one message at a time, from where the follower says", () => {
    const bench = piping();
    bench.propose("a", "b", "c", "d");
    const [, second, third] = toN2(bench);
    // The first was lost on the way.
    bench.answer(second!, conflicting(1, [0, 1]));
    expect(sent(bench)).toEqual([[0, 1]]);
    bench.answer(third!, conflicting(1, [0, 1]));
    expect(sent(bench)).toEqual([[0, 1]]);
  });

  test("that is repaired opens the window again", () => {
    const bench = piping();
    bench.propose("a", "b", "c", "d", "e");
    const [, second] = toN2(bench);
    bench.answer(second!, conflicting(1, [0, 1]));
    bench.answer(bench.latestTo("n2"), matching(1, 1));
    expect(sent(bench)).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });
});

describe("a message that is lost", () => {
  test("and known to be: begins again behind what is known to match, one at a time, and once", () => {
    const bench = piping();
    bench.propose("a", "b", "c", "d");
    const [first, second, third] = toN2(bench);
    bench.answer(first!, matching(1, 1));
    bench.take();
    bench.unanswered(second!);
    expect(sent(bench)).toEqual([[1, 1]]);
    bench.unanswered(third!);
    expect(sent(bench)).toEqual([[1, 1]]);
  });

  test("and known to be: an answer to a later one still counts", () => {
    const bench = piping();
    bench.propose("a", "b", "c", "d");
    const [first, , third] = toN2(bench);
    bench.unanswered(first!);
    bench.answer(third!, matching(1, 3));
    expect(bench.raft.commitIndex).toBe(3);
    expect(sent(bench).at(-1)).toEqual([3, 1]);
  });

  test("in silence, like all others: the next heartbeat begins again", () => {
    const bench = piping();
    bench.propose("a", "b", "c", "d");
    bench.take();
    bench.expire();
    expect(sent(bench)).toEqual([[0, 1]]);
    bench.take();
    bench.expire();
    expect(sent(bench)).toEqual([[0, 1]]);
    bench.answer(bench.latestTo("n2"), matching(1, 1));
    expect(sent(bench)).toHaveLength(4);
  });

  test("in silence, the last of several: the heartbeat finds the gap", () => {
    const bench = piping();
    bench.propose("a", "b");
    const [first] = toN2(bench);
    bench.now += heartbeatInterval - 1;
    bench.answer(first!, matching(1, 1));
    bench.expire();
    expect(sent(bench)).toEqual([[2, 0]]);
    bench.answer(bench.latestTo("n2"), conflicting(1, [0, 2]));
    expect(sent(bench).at(-1)).toEqual([1, 1]);
  });

  test("in silence, to a follower that is gone: the window stays as narrow as for any other", () => {
    const bench = piping();
    bench.propose("a", "b", "c", "d");
    for (let beat = 0; beat < 20; beat++) {
      bench.take();
      bench.expire();
      bench.propose("e");
      expect(sent(bench)).toEqual([[0, 1]]);
    }
  });
});

describe("a network on which every answer takes longer than a heartbeat", () => {
  /** n2's answers arrive this much later than they were asked for, in order. How long until it has the leader's log. */
  function repair(delay: number): number {
    const log = [1, 1, 1, 1, 2, 2];
    const bench = new Bench({ window: 3, maxBatch: 2, log }).elect();
    const follower = new Bench({ log: [1, 1], seed: "follower" });
    const start = bench.now;
    const due: { at: number; answer: () => void }[] = [];
    while (bench.now < start + 100 * delay) {
      for (const message of bench.take()) {
        if (message.to !== "n2" || message.payload.kind !== "appendEntries") continue;
        const reply = follower.ask("n1", message.payload)!;
        due.push({ at: bench.now + delay, answer: () => bench.answer(message, reply) });
      }
      if (follower.raft.log.lastIndex === log.length) return bench.now - start;
      const next = due[0];
      if (next !== undefined && next.at <= bench.raft.deadline!) {
        bench.now = next.at;
        due.shift()!.answer();
      } else bench.expire();
    }
    throw new Error(`not repaired after ${100 * delay}`);
  }

  test.each([0.5, 1, 1.5, 2.5, 5])(
    "is no reason never to find where the logs match: %f heartbeats",
    (beats) => {
      expect(repair(beats * heartbeatInterval)).toBeLessThanOrEqual(
        8 * Math.max(1, beats) * heartbeatInterval,
      );
    },
  );
});

test("a follower takes what is pipelined in any order, and the leader repairs what came too early", () => {
  const group = new Group([[], [], []], 0, { limits: { ...figure2.limits, maxBatch: 1, window: 4 } });
  group.expire("n1");
  group.settle();
  for (let i = 1; i <= 4; i++) group.propose("n1", `x${i}`);
  group.mail.reverse();
  group.settle();
  for (const { applied } of [group.member("n1")]) {
    expect(applied.map((entry) => entry.command)).toEqual(["x1", "x2", "x3", "x4"]);
  }
  expect(group.raft("n2").log.lastIndex).toBe(4);
  expect(group.raft("n3").log.lastIndex).toBe(4);
});

test("a lost message costs one heartbeat, though many follow it", () => {
  const group = new Group([[], []], 0, { limits: { ...figure2.limits, maxBatch: 1, window: 4 } });
  group.expire("n1");
  group.settle();
  for (let i = 1; i <= 4; i++) group.propose("n1", `x${i}`);
  group.settle(cut("n1>n2"));
  expect(group.raft("n2").log.lastIndex).toBe(0);
  group.run(heartbeatInterval);
  expect(group.raft("n1").commitIndex).toBe(4);
});

test("entries that arrive as one message or as many make the same log", () => {
  const whole = new Bench({ term: 1 });
  whole.ask("n2", appendEntries(1, [0, 0], [1, 1, 1]));
  const parts = new Bench({ term: 1 });
  for (let index = 0; index < 3; index++)
    parts.ask("n2", appendEntries(1, [index, index === 0 ? 0 : 1], [1]));
  expect(parts.stored).toEqual(whole.stored);
  expect(parts.stored).toEqual(entriesFrom(1, 1, 1, 1));
});
