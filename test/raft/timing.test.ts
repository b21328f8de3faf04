/** When servers act by themselves: election timeouts and heartbeats (sections 5.2 and 5.6), and retries. */

import { describe, expect, test } from "vitest";
import { appendEntries, Bench, conflicting, matching, requestVote, timing } from "./bench.ts";

const { electionTimeout: T, heartbeatInterval } = timing;

describe("election timeouts (section 5.2)", () => {
  test("lie in [T, 2T), spread over all of it", () => {
    const drawn = Array.from({ length: 500 }, (_, i) => new Bench({ seed: `seed ${i}` }).raft.deadline!);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(T);
    expect(Math.max(...drawn)).toBeLessThan(2 * T);
    const tenths = new Set(drawn.map((timeout) => Math.floor((10 * timeout) / T)));
    expect([...tenths].sort((a, b) => a - b)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  });

  test("are drawn anew each time, or a split vote would be repeated for ever", () => {
    const bench = new Bench();
    const drawn = Array.from({ length: 20 }, () => {
      const start = bench.now;
      bench.expire();
      return bench.now - start;
    });
    expect(new Set(drawn).size).toBeGreaterThan(15);
    for (const timeout of drawn.slice(1)) expect(timeout >= T && timeout < 2 * T).toBe(true);
  });

  test("of two lives of a server differ", () => {
    const bench = new Bench();
    const first = bench.raft.deadline;
    bench.crash();
    expect(bench.raft.deadline).not.toBe(first);
  });

  test("start anew with every AppendEntries of the current leader, matching or not", () => {
    const bench = new Bench({ log: [1] });
    for (const request of [appendEntries(1), appendEntries(1, [1, 1]), appendEntries(1, [7, 1])]) {
      bench.now = bench.raft.deadline! - 1;
      bench.ask("n2", request);
      expect(bench.raft.deadline! - bench.now).toBeGreaterThanOrEqual(T);
    }
  });

  test("do not start anew with an AppendEntries of an old leader", () => {
    const bench = new Bench({ term: 5 });
    const { deadline } = bench.raft;
    bench.now = deadline! - 1;
    bench.ask("n2", appendEntries(4));
    expect(bench.raft.deadline).toBe(deadline);
  });

  test("do not start anew with replies, disk news or proposals", () => {
    const bench = new Bench({ term: 5 });
    const { deadline } = bench.raft;
    bench.now = deadline! - 1;
    bench.propose("x");
    bench.step({ kind: "durable", mark: 1 });
    bench.step({ kind: "unanswered", from: "n2", call: 1 });
    bench.step({ kind: "reply", from: "n2", call: 1, payload: matching(5, 0) });
    expect(bench.raft.deadline).toBe(deadline);
    expect(bench.sent).toEqual([]);
  });

  test("are not believed when they come early, as from a driver that reuses one wake-up", () => {
    const bench = new Bench();
    bench.step({ kind: "deadline" });
    expect(bench.raft.role).toBe("follower");
  });

  test("pass also if the clock jumps far ahead, as after a pause", () => {
    const bench = new Bench();
    bench.wait(3_600_000_000);
    expect(bench.raft).toMatchObject({ role: "candidate", currentTerm: 1 });
  });
});

describe("heartbeats (section 5.2)", () => {
  test("leave at every heartbeat interval, to everybody, idle or not", () => {
    const bench = new Bench().elect();
    const elected = bench.now;
    bench.take();
    for (let beat = 1; beat <= 3; beat++) {
      bench.expire();
      expect(bench.now).toBe(elected + beat * heartbeatInterval);
      expect(bench.take().map((m) => m.to)).toEqual(["n2", "n3"]);
    }
  });

  test("are postponed by entries that go to followers who all answer: they are for idle periods", () => {
    const bench = new Bench().elect();
    bench.wait(heartbeatInterval / 2);
    for (const request of bench.take()) bench.answer(request, matching(1, 0));
    bench.propose("x");
    expect(bench.take().map((m) => m.to)).toEqual(["n2", "n3"]);
    expect(bench.raft.deadline).toBe(bench.now + heartbeatInterval);
  });

  test("are not postponed any longer when one follower has been silent for an interval", () => {
    const bench = new Bench({ window: 9 }).elect();
    for (const request of bench.take()) bench.answer(request, matching(1, 0));
    bench.propose("x");
    for (const request of bench.take()) bench.answer(request, matching(1, 1));
    bench.now += heartbeatInterval - 1;
    bench.propose("y");
    const { deadline } = bench.raft;
    expect(deadline).toBe(bench.now + heartbeatInterval);
    for (const request of bench.take()) if (request.to === "n2") bench.answer(request, matching(1, 2));
    bench.now += heartbeatInterval - 1;
    bench.propose("z");
    expect(bench.take().map((m) => m.to)).toEqual(["n2", "n3"]);
    expect(bench.raft.deadline).toBe(deadline);
  });

  test("are not delayed by proposals that nobody answers", () => {
    const bench = new Bench().elect();
    const { deadline } = bench.raft;
    bench.now += heartbeatInterval - 1;
    bench.propose("x");
    expect(bench.raft.deadline).toBe(deadline);
  });

  test("carry the entries that a silent follower still lacks, so that silent loss costs one interval", () => {
    const bench = new Bench().elect();
    bench.propose("x");
    bench.take();
    bench.expire();
    expect(bench.latestTo("n2").payload.entries).toEqual([{ term: 1, command: "x" }]);
    bench.take();
    bench.expire();
    expect(bench.latestTo("n2").payload.entries).toEqual([{ term: 1, command: "x" }]);
  });
});

describe("a leader's calls that come back unanswered", () => {
  /** A leader whose follower n2 lacks an entry, and its latest AppendEntries to n2. */
  function lagging(): Bench {
    const bench = new Bench().elect();
    for (const heartbeat of bench.take()) bench.answer(heartbeat, matching(1, 0));
    bench.propose("x");
    return bench;
  }

  /** Loses every call to n2, counting what the leader sends until it waits for the next heartbeat. */
  function loseAll(bench: Bench): number {
    let sends = 0;
    for (;;) {
      const call = bench.take().find((m) => m.to === "n2");
      if (call === undefined) return sends;
      expect(++sends).toBeLessThan(20);
      bench.unanswered(call);
    }
  }

  test("are retried at once, with the same entries", () => {
    const bench = lagging();
    const lost = bench.latestTo("n2");
    bench.take();
    bench.unanswered(lost);
    expect(bench.take().map((m) => [m.to, m.payload])).toEqual([["n2", lost.payload]]);
  });

  test("are retried three times and then only with the heartbeat, for a closed door stays closed", () => {
    const bench = lagging();
    expect(loseAll(bench)).toBe(4);
    bench.expire();
    expect(loseAll(bench)).toBe(1);
  });

  test("are retried at once again after the follower has answered", () => {
    const bench = lagging();
    loseAll(bench);
    bench.expire();
    const [heartbeat] = bench.take();
    bench.answer(heartbeat!, conflicting(1, [0, 1]));
    expect(loseAll(bench)).toBe(4);
  });

  test("are not retried if a later call is under way", () => {
    const bench = lagging();
    const lost = bench.latestTo("n2");
    bench.expire();
    bench.take();
    bench.unanswered(lost);
    expect(bench.sent).toEqual([]);
  });

  test("do not stop the heartbeats: a follower that returns is served", () => {
    const bench = lagging();
    loseAll(bench);
    for (let beat = 0; beat < 10; beat++) {
      bench.expire();
      loseAll(bench);
    }
    bench.expire();
    bench.answer(bench.latestTo("n2"), matching(1, 1));
    expect(bench.applied).toEqual(["x"]);
  });

  test("are forgotten when they were made in another role", () => {
    const bench = lagging();
    const lost = bench.latestTo("n2");
    bench.ask("n2", requestVote(2));
    bench.take();
    bench.unanswered(lost);
    expect(bench.sent).toEqual([]);
    bench.elect();
    bench.take();
    bench.unanswered(lost);
    expect(bench.sent).toEqual([]);
  });
});

describe("a candidate's calls that come back unanswered", () => {
  test("are made again to who has not voted yet, one for one", () => {
    const bench = new Bench({ members: ["n1", "n2", "n3", "n4", "n5"] });
    bench.expire();
    const [toN2] = bench.take();
    bench.unanswered(toN2!);
    expect(bench.take().map((m) => [m.to, m.payload])).toEqual([["n2", requestVote(1, [0, 0], "n1")]]);
  });

  test("are made again three times at most in one election: more would knock on a closed door, as fast as it answers", () => {
    const bench = new Bench();
    bench.expire();
    let calls = bench.take().filter(({ to }) => to === "n2");
    let retries = 0;
    while (calls.length > 0) {
      bench.unanswered(calls[0]!);
      calls = bench.take();
      retries += calls.length;
      expect(retries).toBeLessThanOrEqual(3);
    }
    expect(retries).toBe(3);
    // The next election asks again.
    bench.expire();
    expect(bench.take().map(({ to }) => to)).toContain("n2");
  });

  test("are not made again for an election that another has followed, or each lost call would come back twice", () => {
    const bench = new Bench();
    bench.expire();
    const [toN2] = bench.take();
    bench.expire();
    bench.take();
    bench.unanswered(toN2!);
    expect(bench.sent).toEqual([]);
  });

  test("are not made again when the election is over", () => {
    const bench = new Bench();
    bench.expire();
    const [toN2] = bench.take();
    bench.elect();
    bench.take();
    bench.unanswered(toN2!);
    expect(bench.sent).toEqual([]);
  });
});

describe("replies cannot multiply", () => {
  test("a reply that arrives many times causes one request at most: a storm would feed itself", () => {
    const bench = new Bench({ maxBatch: 1 }).elect();
    bench.propose("x", "y", "z");
    const first = bench.latestTo("n2");
    bench.take();
    for (let copy = 0; copy < 5; copy++) bench.answer(first, matching(1, 0));
    expect(bench.take()).toHaveLength(1);
  });

  test("a follower has one call under way; what is proposed meanwhile leaves as one batch", () => {
    const bench = new Bench().elect();
    const heartbeat = bench.latestTo("n2");
    bench.take();
    bench.propose("x", "y", "z");
    expect(bench.sent).toEqual([]);
    bench.answer(heartbeat, matching(1, 0));
    expect(bench.latestTo("n2").payload.entries.map((entry) => entry.command)).toEqual(["x", "y", "z"]);
    expect(bench.sent).toHaveLength(1);
  });

  test("a batch has no more than maxBatch entries", () => {
    const bench = new Bench({ maxBatch: 2 }).elect();
    const heartbeat = bench.latestTo("n2");
    bench.propose("x", "y", "z");
    bench.answer(heartbeat, matching(1, 0));
    expect(bench.latestTo("n2").payload.entries.map((entry) => entry.command)).toEqual(["x", "y"]);
    bench.answer(bench.latestTo("n2"), matching(1, 2));
    expect(bench.latestTo("n2").payload.entries.map((entry) => entry.command)).toEqual(["z"]);
  });
});
