/** ReadIndex (thesis, section 6.4): reads without the log, from a leader that has just proved that it still leads. */

import { describe, expect, test } from "vitest";
import {
  appendEntries,
  Bench,
  bytesOf,
  conflicting,
  holding,
  matching,
  requestVote,
  type Setup,
} from "./bench.ts";

const five = ["n1", "n2", "n3", "n4", "n5"];

/** A leader that has committed an entry "x" of its own term, with nothing under way. */
function leading(setup: Setup = {}): Bench {
  const bench = new Bench(setup).elect();
  for (const heartbeat of bench.take()) bench.answer(heartbeat, matching(bench.raft.currentTerm, 0));
  bench.propose("x");
  answerAll(bench);
  expect(bench.raft.commitIndex).toBe(bench.raft.log.lastIndex);
  return bench;
}

/** Everybody has all that is sent, until nothing more is. */
function answerAll(bench: Bench): void {
  while (bench.sent.length > 0) {
    for (const message of bench.take()) {
      if (message.payload.kind !== "appendEntries") continue;
      const { prevLogIndex, entries } = message.payload;
      bench.answer(message, matching(bench.raft.currentTerm, prevLogIndex + entries.length));
    }
  }
}

describe("a leader that is asked for a read", () => {
  test("asks everybody whether it leads, and answers when a majority has said so", () => {
    const bench = leading();
    bench.read(1);
    expect(bench.sent.map((m) => [m.to, m.payload.kind])).toEqual([
      ["n2", "appendEntries"],
      ["n3", "appendEntries"],
    ]);
    expect(bench.readable).toEqual([]);
    bench.answer(bench.latestTo("n3"), matching(1, 1));
    expect(bench.readable).toEqual([1]);
  });

  test("needs more than half: of five servers, two others", () => {
    const bench = leading({ members: five });
    bench.read(1);
    bench.answer(bench.latestTo("n2"), matching(1, 1));
    bench.answer(bench.latestTo("n2"), matching(1, 1));
    expect(bench.readable).toEqual([]);
    bench.answer(bench.latestTo("n5"), matching(1, 1));
    expect(bench.readable).toEqual([1]);
  });

  test("sends nobody an entry again for it: where the window is full, it only asks", () => {
    const bench = leading({ window: 2 });
    for (const command of ["a", "b", "c"]) bench.propose(command);
    const underWay = bench.take();
    expect(underWay.map(({ to }) => to)).toEqual(["n2", "n3", "n2", "n3"]);
    bench.read(1);
    for (const { payload } of bench.take())
      expect(payload).toMatchObject({ kind: "appendEntries", entries: [] });
  });

  test("puts nothing into the log, and writes nothing", () => {
    const bench = leading();
    bench.diskHeld = true;
    bench.read(1);
    bench.answer(bench.latestTo("n2"), matching(1, 1));
    expect(bench.terms).toEqual([1]);
    expect(bench.writes).toEqual([]);
  });

  test("answers each read once", () => {
    const bench = leading();
    bench.read(1);
    answerAll(bench);
    bench.expire();
    answerAll(bench);
    expect(bench.readable).toEqual([1]);
  });

  test("takes a conflict for a proof too: only who follows this leader answers so", () => {
    const bench = leading();
    bench.read(1);
    bench.answer(bench.latestTo("n2"), conflicting(1, [0, 1]));
    expect(bench.readable).toEqual([1]);
  });

  test("takes the answer to a chunk of a snapshot for a proof too", () => {
    const snapshot = { index: 5, term: 1, configuration: null, data: bytesOf("abcdefgh") };
    const bench = new Bench({ term: 1, snapshot }).elect();
    for (const heartbeat of bench.take()) {
      bench.answer(heartbeat, heartbeat.to === "n2" ? conflicting(2, [0, 1]) : matching(2, 5));
    }
    bench.propose("x");
    bench.answer(bench.latestTo("n3"), matching(2, 6));
    bench.read(1);
    const chunk = bench.latestTo("n2", "installSnapshot");
    bench.answer(chunk, holding(2, 5, 4));
    expect(bench.readable).toEqual([1]);
  });

  test("in a cluster of one answers at once", () => {
    const bench = new Bench({ members: ["n1"] }).elect();
    bench.propose("x");
    bench.read(1, 2);
    expect(bench.readable).toEqual([1, 2]);
  });

  test("repeats the question with its heartbeats if the answers are lost", () => {
    const bench = leading();
    bench.read(1);
    bench.take();
    bench.expire();
    bench.answer(bench.latestTo("n2"), matching(1, 1));
    expect(bench.readable).toEqual([1]);
  });
});

describe("what is no proof", () => {
  test("an answer to a call from before the read", () => {
    const bench = leading();
    bench.expire();
    const earlier = bench.take();
    bench.read(1);
    for (const request of earlier) bench.answer(request, matching(1, 1));
    expect(bench.readable).toEqual([]);
    answerAll(bench);
    expect(bench.readable).toEqual([1]);
  });

  test("an answer to a call from before the read that comes after a true one of another server", () => {
    const bench = leading({ members: five });
    bench.expire();
    const earlier = bench.take();
    bench.read(1);
    bench.answer(bench.latestTo("n2"), matching(1, 1));
    for (const request of earlier) bench.answer(request, matching(1, 1));
    expect(bench.readable).toEqual([]);
  });

  test("an answer of an earlier term", () => {
    const bench = leading({ term: 3 });
    bench.read(1);
    for (const request of bench.take()) bench.answer(request, matching(3, 1));
    expect(bench.readable).toEqual([]);
  });

  test("a call that comes back unanswered", () => {
    const bench = leading();
    bench.read(1);
    for (const request of bench.take()) bench.unanswered(request);
    expect(bench.readable).toEqual([]);
  });
});

describe("a leader that has not committed an entry of its own term", () => {
  /** Term 2, an entry of term 1 in the log, and n2 and n3 have it. */
  function fresh(): Bench {
    const bench = new Bench({ log: [1] }).elect();
    for (const heartbeat of bench.take()) bench.answer(heartbeat, matching(2, 1));
    return bench;
  }

  test("does not know what its predecessor committed, so reads wait", () => {
    const bench = fresh();
    bench.read(1);
    bench.expire();
    answerAll(bench);
    expect(bench.readable).toEqual([]);
    expect(bench.applied).toEqual([]);
  });

  test("answers them after it has, and after it has applied all that", () => {
    const bench = fresh();
    bench.read(1);
    bench.propose("x");
    answerAll(bench);
    expect(bench.applied).toEqual(["1@1", "x"]);
    expect(bench.readable).toEqual([1]);
  });

  test("asks for the proof only then: answers until then might be older than a later leader's writes", () => {
    const bench = fresh();
    bench.read(1);
    bench.propose("x");
    const [toN2, toN3] = bench.take();
    bench.answer(toN2!, matching(2, 2));
    expect(bench.applied).toEqual(["1@1", "x"]);
    bench.answer(toN3!, matching(2, 2));
    expect(bench.readable).toEqual([]);
    answerAll(bench);
    expect(bench.readable).toEqual([1]);
  });

  test("does not take a snapshot's end for such an entry", () => {
    const snapshot = { index: 5, term: 1, configuration: null, data: bytesOf("abc") };
    const bench = new Bench({ term: 1, snapshot }).elect();
    for (const heartbeat of bench.take()) bench.answer(heartbeat, matching(2, 5));
    bench.read(1);
    bench.expire();
    answerAll(bench);
    expect(bench.readable).toEqual([]);
  });

  test("in a cluster of one waits for its own disk", () => {
    const bench = new Bench({ members: ["n1"] }).elect();
    bench.diskHeld = true;
    bench.propose("x");
    bench.read(1);
    expect(bench.readable).toEqual([]);
    bench.sync();
    expect(bench.applied).toEqual(["x"]);
    expect(bench.readable).toEqual([1]);
  });
});

describe("what was committed when a read was asked for is applied when it is answered", () => {
  test("in the same step: first the entries that the proof commits, then the read", () => {
    const bench = leading();
    bench.propose("y");
    bench.take();
    bench.read(1);
    bench.expire();
    const { call } = bench.latestTo("n2");
    const effects = bench.step({ kind: "reply", from: "n2", call, payload: matching(1, 2) });
    const kinds = effects.map((effect) => effect.kind);
    expect(kinds.indexOf("commit")).toBeGreaterThanOrEqual(0);
    expect(kinds.indexOf("commit")).toBeLessThan(kinds.indexOf("readable"));
  });
});

describe("one round serves many reads", () => {
  test("those that come while it is under way share the next one", () => {
    const bench = leading();
    bench.read(1);
    const first = bench.latestTo("n2");
    expect(bench.take()).toHaveLength(2);
    bench.read(2, 3, 4);
    expect(bench.sent).toEqual([]);
    bench.answer(first, matching(1, 1));
    expect(bench.readable).toEqual([1]);
    expect(bench.sentOf("appendEntries")).toHaveLength(2);
    bench.answer(bench.latestTo("n2"), matching(1, 1));
    expect(bench.readable).toEqual([1, 2, 3, 4]);
    bench.take();
    expect(bench.raft.role).toBe("leader");
  });

  test("and the proof of the first is none for them", () => {
    const bench = leading();
    bench.read(1);
    const [toN2, toN3] = bench.take();
    bench.read(2);
    bench.answer(toN2!, matching(1, 1));
    bench.answer(toN3!, matching(1, 1));
    expect(bench.readable).toEqual([1]);
  });
});

describe("who does not lead answers no reads", () => {
  test("a follower and a candidate ignore them, and do not remember them either", () => {
    const bench = new Bench();
    bench.read(1);
    bench.expire();
    bench.read(2);
    bench.expire();
    bench.elect();
    bench.propose("x");
    bench.take();
    bench.expire();
    answerAll(bench);
    expect(bench.raft.commitIndex).toBe(1);
    expect(bench.readable).toEqual([]);
  });

  test("a leader that is deposed never answers what it was asked, even by proofs that come late", () => {
    const bench = leading();
    bench.read(1);
    bench.read(2);
    const requests = bench.take();
    bench.ask("n2", requestVote(2, [9, 1]));
    for (const request of requests) bench.answer(request, matching(1, 1));
    for (const request of requests) bench.answer(request, matching(2, 1));
    expect(bench.readable).toEqual([]);
  });

  test("nor when it leads again, in a later term", () => {
    const bench = leading();
    bench.read(1);
    bench.read(2);
    const requests = bench.take();
    bench.ask("n2", appendEntries(2, [1, 1]));
    bench.take();
    bench.elect();
    bench.propose("y");
    for (const request of requests) bench.answer(request, matching(3, 1));
    answerAll(bench);
    expect(bench.raft.commitIndex).toBe(2);
    bench.expire();
    answerAll(bench);
    expect(bench.readable).toEqual([]);
    bench.read(3);
    for (const request of requests) bench.answer(request, matching(3, 1));
    expect(bench.readable).toEqual([]);
    answerAll(bench);
    expect(bench.readable).toEqual([3]);
  });
});
