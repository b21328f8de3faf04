/** The clerk: finds the leader, retries without ever running anything twice, and never has two operations in flight. */

import { describe, expect, test } from "vitest";
import { Random } from "../../src/base/index.ts";
import { defaultClerkTiming } from "../../src/kv/index.ts";
import { Desk } from "./desk.ts";
import { done, get, notLeader, put, superseded, value } from "./office.ts";

const MS = 1000;
const returned = { kind: "return", result: { kind: "done" } };

/** Whoever is asked says that it does not lead, until the clerk pauses. Returns how many it has asked. */
function refuseRound(desk: Desk, hint: string | null = null): number {
  const before = desk.attempts.length - 1;
  for (;;) {
    const { length } = desk.attempts;
    desk.answer(notLeader(hint));
    if (desk.attempts.length === length) return length - before;
    expect(length - before).toBeLessThan(10);
  }
}

describe("an operation", () => {
  test("goes to one server, in the clerk's session and under a request number that starts at 1", () => {
    const desk = new Desk();
    desk.invoke(put("x", "a"));
    expect(desk.attempts).toHaveLength(1);
    const payload = { kind: "clerkRequest", session: 1, request: 1, operation: put("x", "a") };
    expect(desk.latest.payload).toEqual(payload);
    expect(Object.isFrozen(desk.latest.payload)).toBe(true);
  });

  test("returns the server's result", () => {
    const desk = new Desk();
    desk.invoke(get("x"));
    desk.answer(value(1, "a"));
    expect(desk.outcomes).toEqual([{ kind: "return", result: { kind: "value", value: "a" } }]);
    expect(desk.clerk.deadline).toBeNull();
  });

  test("goes to the server that answered last", () => {
    const desk = new Desk();
    desk.invoke(get("x"));
    desk.answer(notLeader("n3"));
    desk.answer(value(1, "a"));
    desk.invoke(get("x"));
    expect(desk.latest).toMatchObject({ to: "n3", payload: { request: 2 } });
  });

  test("goes to any server if it roams", () => {
    const desk = new Desk();
    for (let request = 1; request <= 40; request++) {
      desk.invoke(get("x"), true);
      desk.answer(value(request, "a"));
    }
    expect(new Set(desk.asked)).toEqual(new Set(["n1", "n2", "n3"]));
  });

  test("cannot begin while another is in flight", () => {
    const desk = new Desk();
    desk.invoke(get("x"));
    expect(() => desk.invoke(get("y"))).toThrow("c.0.0 has request 1 in flight already");
  });
});

describe("finding the leader", () => {
  test("takes the hint of a server that knows it", () => {
    const desk = new Desk({ servers: ["n1", "n2", "n3", "n4", "n5"] });
    desk.invoke(get("x"));
    const hint = desk.latest.to === "n5" ? "n2" : "n5";
    desk.answer(notLeader(hint));
    expect(desk.latest.to).toBe(hint);
  });

  test("asks each server in rapid succession without one", () => {
    const desk = new Desk();
    desk.invoke(get("x"));
    expect(refuseRound(desk)).toBe(3);
    expect(new Set(desk.asked)).toEqual(new Set(["n1", "n2", "n3"]));
    expect(desk.now).toBe(0);
  });

  test("asks every server once in a round, though two of them point at a third that is silent", () => {
    // n1 leads a minority and says nothing, n2 follows it and says so. n4, which leads the majority, must be asked.
    const desk = new Desk({ servers: ["n1", "n2", "n3", "n4", "n5"] });
    desk.invoke(get("x"));
    for (let i = 0; i < 30 && desk.latest.to !== "n4"; i++) {
      if (desk.latest.to === "n2") desk.answer(notLeader("n1"));
      else if (desk.latest.to === "n3") desk.answer(notLeader("n2"));
      else desk.expire();
    }
    expect(desk.latest.to).toBe("n4");
  });

  test("asks nobody for ever who points at itself", () => {
    const desk = new Desk();
    desk.invoke(get("x"));
    desk.answer(notLeader(desk.latest.to));
    expect(desk.attempts[1]!.to).not.toBe(desk.attempts[0]!.to);
  });

  test("goes on to the next server when a call comes back unanswered", () => {
    const desk = new Desk();
    desk.invoke(get("x"));
    desk.unanswered();
    desk.unanswered();
    expect(new Set(desk.asked)).toEqual(new Set(["n1", "n2", "n3"]));
  });

  test("goes on to the next server when one is silent for the attempt timeout", () => {
    const desk = new Desk();
    desk.invoke(get("x"));
    expect(desk.clerk.deadline).toBe(300 * MS);
    desk.now = 300 * MS - 1;
    desk.step({ kind: "deadline" });
    expect(desk.attempts).toHaveLength(1);
    desk.expire();
    expect(desk.attempts).toHaveLength(2);
    expect(desk.clerk.deadline).toBe(600 * MS);
  });

  test("asks every server in a round, though all of them point at one that nobody knows", () => {
    const desk = new Desk();
    desk.invoke(get("x"));
    expect(refuseRound(desk, "n9")).toBe(4);
    expect(new Set(desk.asked)).toEqual(new Set(["n1", "n2", "n3", "n9"]));
  });
});

describe("backing off", () => {
  test("a round in vain is followed by a pause, which doubles from 30 to 120 ms, plus jitter of as much", () => {
    const desk = new Desk();
    desk.invoke(get("x"));
    for (const least of [30, 60, 120, 120, 120]) {
      refuseRound(desk);
      const pause = desk.clerk.deadline! - desk.now;
      expect(pause).toBeGreaterThanOrEqual(least * MS);
      expect(pause).toBeLessThan(2 * least * MS);
      desk.expire();
    }
  });

  test("after a round in vain a pause follows each refusal, and somebody else is asked then", () => {
    const desk = new Desk();
    desk.invoke(get("x"));
    refuseRound(desk);
    for (let i = 0; i < 6; i++) {
      desk.expire();
      const { to } = desk.latest;
      expect(refuseRound(desk)).toBe(1);
      desk.expire();
      expect(desk.latest.to).not.toBe(to);
    }
  });

  test("but none follows a hint at somebody who was not asked since, nor silence", () => {
    const desk = new Desk();
    desk.invoke(get("x"));
    refuseRound(desk);
    desk.expire();
    const [first, hint, last] = [desk.latest.to, ...["n1", "n2", "n3"].filter((id) => id !== desk.latest.to)];
    desk.answer(notLeader(hint!));
    expect(desk.latest.to).toBe(hint);
    desk.expire();
    expect(desk.latest.to).toBe(last);
    expect(desk.now).toBe(desk.clerk.deadline! - 300 * MS);
    expect(first).not.toBe(last);
  });

  test("two clerks do not pause equally long", () => {
    const pauses = ["a", "b", "c", "d"].map((seed) => {
      const desk = new Desk({ random: new Random(seed) });
      desk.invoke(get("x"));
      refuseRound(desk);
      return desk.clerk.deadline;
    });
    expect(new Set(pauses).size).toBe(4);
  });

  test("an operation's pauses start small, whatever the last one went through", () => {
    const desk = new Desk();
    desk.invoke(get("x"));
    for (let round = 0; round < 4; round++) {
      refuseRound(desk);
      desk.expire();
    }
    desk.answer(value(1, "a"));
    desk.invoke(get("x"));
    refuseRound(desk);
    expect(desk.clerk.deadline! - desk.now).toBeLessThan(60 * MS);
  });

  test("nothing is sent during a pause", () => {
    const desk = new Desk();
    desk.invoke(get("x"));
    refuseRound(desk);
    const { length } = desk.attempts;
    desk.answer(notLeader("n1"));
    desk.unanswered();
    desk.step({ kind: "deadline" });
    expect(desk.attempts).toHaveLength(length);
  });

  test("a hundred refusals take at least ten seconds: a dead cluster is not hammered", () => {
    const desk = new Desk();
    desk.invoke(get("x"));
    for (let refusals = 0; refusals < 100; refusals++) {
      refuseRound(desk);
      desk.expire();
    }
    expect(desk.now).toBeGreaterThan(10_000 * MS);
  });
});

describe("retrying", () => {
  test("repeats the request in the same session, under the same number: only so can the servers tell", () => {
    const desk = new Desk();
    desk.invoke(put("x", "a"));
    for (let i = 0; i < 10; i++) desk.expire();
    const payloads = new Set(desk.attempts.map((attempt) => JSON.stringify(attempt.payload)));
    expect(payloads.size).toBe(1);
    expect(new Set(desk.attempts.map((attempt) => attempt.call)).size).toBe(desk.attempts.length);
  });

  test("goes on for ever by default, through an hour of silence", () => {
    const desk = new Desk(defaultClerkTiming);
    desk.invoke(put("x", "a"));
    for (let i = 0; i < 20_000 && desk.now < 3_600_000 * MS; i++) desk.expire();
    expect(desk.now).toBeGreaterThanOrEqual(3_600_000 * MS);
    expect(desk.outcomes).toEqual([]);
    desk.answer(done(1));
    expect(desk.outcomes).toEqual([returned]);
  });

  test("has one attempt under way: what an earlier one says of the leader is too old to follow", () => {
    const desk = new Desk();
    desk.invoke(put("x", "a"));
    const first = desk.latest;
    desk.expire();
    const { length } = desk.attempts;
    desk.answer(notLeader("n1"), first);
    desk.unanswered(first);
    expect(desk.attempts).toHaveLength(length);
  });

  test("takes the result of an earlier attempt, or a network slower than the attempt timeout would starve it", () => {
    const desk = new Desk();
    desk.invoke(put("x", "a"));
    const first = desk.latest;
    desk.expire();
    desk.answer(done(1), first);
    expect(desk.outcomes).toEqual([returned]);
    desk.invoke(put("x", "b"));
    expect(desk.latest.to).toBe(first.to);
  });

  test("takes such a result during a pause, too", () => {
    const desk = new Desk();
    desk.invoke(put("x", "a"));
    const first = desk.latest;
    desk.unanswered();
    desk.unanswered();
    desk.unanswered();
    desk.answer(done(1), first);
    expect(desk.outcomes).toEqual([returned]);
    expect(desk.clerk.deadline).toBeNull();
  });

  test("does not take the result of an earlier operation for that of this one", () => {
    const desk = new Desk();
    desk.invoke(get("x"));
    const first = desk.latest;
    desk.expire();
    desk.answer(value(1, "old"));
    desk.invoke(get("x"));
    desk.answer(value(1, "old"), first);
    desk.answer(superseded, first);
    expect(desk.outcomes).toHaveLength(1);
  });

  test("returns once, though every attempt is answered", () => {
    const desk = new Desk();
    desk.invoke(put("x", "a"));
    for (let i = 0; i < 3; i++) desk.expire();
    for (const attempt of desk.attempts) desk.answer(done(1), attempt);
    expect(desk.outcomes).toEqual([returned]);
  });

  test("cannot be told that its own request is old: that is an error in the program", () => {
    const desk = new Desk();
    desk.invoke(put("x", "a"));
    expect(() => desk.answer(superseded)).toThrow("c.0.0 was told that its own request 1 is old");
  });
});

describe("an outcome that nobody knows", () => {
  test("comes when the patience ends, at that instant", () => {
    const desk = new Desk({ patience: 1000 * MS });
    desk.invoke(put("x", "a"));
    for (let i = 0; i < 10 && desk.outcomes.length === 0; i++) desk.expire();
    expect(desk.now).toBe(1000 * MS);
    expect(desk.outcomes).toEqual([{ kind: "giveUp" }]);
    expect(desk.clerk.deadline).toBeNull();
  });

  test("comes during a pause as well", () => {
    const desk = new Desk({ patience: 5 * MS });
    desk.invoke(put("x", "a"));
    refuseRound(desk);
    desk.expire();
    expect(desk.now).toBe(5 * MS);
    expect(desk.outcomes).toEqual([{ kind: "giveUp" }]);
  });

  test("is followed by a new session, because the request may still run in the old one", () => {
    const desk = new Desk({ patience: 5 * MS });
    desk.invoke(put("x", "a"));
    desk.expire();
    desk.invoke(put("x", "b"));
    expect(desk.latest.payload).toMatchObject({ session: 2, request: 1 });
  });

  test("stays unknown when an answer comes after all, also while the next operation is in flight", () => {
    const desk = new Desk({ patience: 5 * MS });
    desk.invoke(put("x", "a"));
    const first = desk.latest;
    desk.expire();
    desk.answer(done(1), first);
    desk.invoke(get("x"));
    // Both are request 1, of two sessions: the call tells them apart.
    desk.answer(done(1), first);
    expect(desk.outcomes).toEqual([{ kind: "giveUp" }]);
  });

  test("is followed by a new name, or a session that was asked for under the old one could become the new one's", () => {
    const names = [0, 1].map((incarnation) => {
      const desk = new Desk({ incarnation, patience: 5 * MS }, { opens: false });
      for (let i = 0; i < 2; i++) {
        desk.invoke(put("x", "a"));
        desk.expire();
      }
      return desk.attempts.map(({ payload }) => payload);
    });
    const opening = (clerk: string) => ({ kind: "openSession", clerk });
    expect(names).toEqual([
      [opening("c.0.0"), opening("c.0.1")],
      [opening("c.1.0"), opening("c.1.1")],
    ]);
  });

  test("never leads to a name that another client could have: lives and losses are counted apart", () => {
    const names = new Set<string>();
    for (const client of ["c", "c.1"]) {
      for (const incarnation of [0, 1, 11]) {
        const desk = new Desk({ client, incarnation, patience: 1 });
        for (let i = 0; i < 12; i++) {
          names.add(desk.clerk.name);
          desk.invoke(get("x"));
          desk.expire();
        }
      }
    }
    expect(names.size).toBe(2 * 3 * 12);
  });
});
