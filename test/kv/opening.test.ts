/** How a clerk gets its session, and what it does when that has ended. */

import { describe, expect, test } from "vitest";
import { Desk } from "./desk.ts";
import { done, expired, get, notLeader, put, sessionOpened, value } from "./office.ts";

const MS = 1000;
const returned = { kind: "return", result: { kind: "done" } };
const gaveUp = { kind: "giveUp" };

/** The test answers openings, too. */
const strict = (patience: number | null = null) => new Desk({ patience }, { opens: false });

describe("a clerk's session", () => {
  test("is opened within its first operation, which then goes to the server that opened it", () => {
    const desk = strict();
    expect(desk.attempts).toEqual([]);
    desk.invoke(put("x", "a"));
    const opening = desk.latest;
    expect(opening.payload).toEqual({ kind: "openSession", clerk: "c.0.0" });
    expect(Object.isFrozen(opening.payload)).toBe(true);
    desk.answer(sessionOpened(7));
    const payload = { kind: "clerkRequest", session: 7, request: 1, operation: put("x", "a") };
    expect(desk.latest).toMatchObject({ to: opening.to, payload });
    desk.answer(done(1));
    expect(desk.outcomes).toEqual([returned]);
  });

  test("serves all its operations", () => {
    const desk = new Desk();
    for (let request = 1; request <= 3; request++) {
      desk.invoke(put("x", "a"));
      expect(desk.latest.payload).toMatchObject({ session: 1, request });
      desk.answer(done(request));
    }
  });

  test("is looked for like an answer: by hint, at the next server, after the attempt timeout, after a pause", () => {
    const desk = strict();
    desk.invoke(put("x", "a"));
    const hint = desk.latest.to === "n3" ? "n2" : "n3";
    desk.answer(notLeader(hint));
    expect(desk.latest.to).toBe(hint);
    desk.expire();
    expect(desk.now).toBe(300 * MS);
    desk.unanswered();
    expect(new Set(desk.asked)).toEqual(new Set(["n1", "n2", "n3"]));
    expect(desk.attempts).toHaveLength(3);
    expect(desk.clerk.deadline! - desk.now).toBeGreaterThanOrEqual(10 * MS);
    desk.expire();
    expect(new Set(desk.attempts.map(({ payload }) => JSON.stringify(payload))).size).toBe(1);
    expect(desk.attempts).toHaveLength(4);
  });

  test("leaves the operation a round of its own: whom it was asked from in vain may lead by now", () => {
    const desk = strict();
    desk.invoke(put("x", "a"));
    desk.answer(notLeader(null));
    desk.answer(sessionOpened(7));
    for (let i = 0; i < 2; i++) desk.answer(notLeader(null));
    expect(new Set(desk.asked.slice(2))).toEqual(new Set(["n1", "n2", "n3"]));
  });

  test("may come as the answer to an earlier attempt, and during a pause", () => {
    const desk = strict();
    desk.invoke(put("x", "a"));
    for (let i = 0; i < 3; i++) desk.unanswered();
    expect(desk.attempts).toHaveLength(3);
    const second = desk.attempts[1]!;
    desk.answer(sessionOpened(7), second);
    expect(desk.latest).toMatchObject({ to: second.to, payload: { session: 7 } });
  });

  test("is the first that it is told of: one that a retry has opened stays unused", () => {
    const desk = strict();
    desk.invoke(put("x", "a"));
    const first = desk.latest;
    desk.expire();
    desk.answer(sessionOpened(7));
    desk.answer(sessionOpened(8), first);
    const { length } = desk.attempts;
    desk.expire();
    expect(desk.attempts.slice(2).map(({ payload }) => payload)).toMatchObject([
      { session: 7 },
      { session: 7 },
    ]);
    expect(desk.attempts).toHaveLength(length + 1);
  });

  test("has until the patience for the operation ends, like the operation", () => {
    const desk = strict(1000 * MS);
    desk.invoke(put("x", "a"));
    desk.expire();
    desk.expire();
    desk.answer(sessionOpened(7));
    while (desk.outcomes.length === 0) desk.expire();
    expect(desk.now).toBe(1000 * MS);
    expect(desk.outcomes).toEqual([gaveUp]);
  });

  test("that comes when the operation was given up is not used for the next one", () => {
    const desk = strict(5 * MS);
    desk.invoke(put("x", "a"));
    const first = desk.latest;
    desk.expire();
    desk.answer(sessionOpened(7), first);
    desk.invoke(put("x", "b"));
    desk.answer(sessionOpened(7), first);
    expect(desk.latest.payload).toEqual({ kind: "openSession", clerk: "c.0.1" });
    expect(desk.attempts).toHaveLength(2);
  });
});

describe("a clerk whose session has ended", () => {
  test("does not know the outcome: the request may have run before, and it does not ask again", () => {
    const desk = new Desk();
    desk.invoke(put("x", "a"));
    desk.answer(expired);
    expect(desk.outcomes).toEqual([gaveUp]);
    expect(desk.attempts).toHaveLength(1);
    expect(desk.clerk.deadline).toBeNull();
  });

  test("goes on in a new session, under a new name, with request 1", () => {
    const desk = strict();
    desk.invoke(put("x", "a"));
    desk.answer(sessionOpened(7));
    desk.answer(done(1));
    desk.invoke(put("x", "b"));
    desk.answer(expired);
    desk.invoke(put("x", "c"));
    expect(desk.latest.payload).toEqual({ kind: "openSession", clerk: "c.0.1" });
    desk.answer(sessionOpened(9));
    expect(desk.latest.payload).toMatchObject({ session: 9, request: 1, operation: put("x", "c") });
    desk.answer(done(1));
    expect(desk.outcomes).toEqual([returned, gaveUp, returned]);
  });

  test("believes so whichever of its attempts was told: a session does not come back", () => {
    const desk = new Desk();
    desk.invoke(put("x", "a"));
    const first = desk.latest;
    desk.expire();
    desk.answer(expired, first);
    expect(desk.outcomes).toEqual([gaveUp]);
  });

  test("is told so once: what is said of an earlier operation does not concern this one", () => {
    const desk = new Desk();
    desk.invoke(put("x", "a"));
    const first = desk.latest;
    desk.expire();
    desk.answer(expired);
    desk.invoke(get("x"));
    desk.answer(expired, first);
    desk.answer(value(1, "a"));
    expect(desk.outcomes).toEqual([gaveUp, { kind: "return", result: { kind: "value", value: "a" } }]);
  });
});
