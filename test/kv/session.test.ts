/** Sessions make retries harmless: a request runs once, however often it arrives, and through however many leaders. */

import { describe, expect, test } from "vitest";
import {
  append,
  asked,
  done,
  get,
  noop,
  notLeader,
  Office,
  open,
  put,
  sessionOpened,
  superseded,
  value,
} from "./office.ts";

/** A cluster of one, with sessions C and D open. */
function alone(): Office {
  const office = new Office(["n1"]).elect();
  expect([office.open("c"), office.open("d")]).toEqual([C, D]);
  return office;
}

const C = 2;
const D = 3;

describe("a session", () => {
  test("is opened by an entry, and is the index of that entry", () => {
    const office = new Office().elect();
    const call = office.askToOpen("c");
    expect(office.answers(call)).toEqual([]);
    expect(office.log).toEqual(["noop", "open c"]);
    office.acknowledge();
    expect(office.answers(call)).toEqual([sessionOpened(2)]);
  });

  test("is another one for every clerk, though their request numbers are the same", () => {
    const office = alone();
    office.call(C, 1, append("x", "a"));
    office.call(D, 1, append("x", "a"));
    expect(office.call(office.open("e"), 1, get("x"))).toEqual(value(1, "aa"));
  });

  test("whose opening this leader has, but has not applied, serves requests as soon as it has", () => {
    const office = new Office();
    office.follow(1, 1, [noop, open("c")], 1);
    office.elect();
    const call = office.ask(C, 1, append("x", "a"));
    expect(office.answers(call)).toEqual([]);
    office.acknowledge();
    expect(office.answers(call)).toEqual([done(1)]);
  });
});

describe("an opening that is asked for again", () => {
  test("waits for the entry that this leader's log has already, and the latest attempt is answered", () => {
    const office = new Office().elect();
    const first = office.askToOpen("c");
    const second = office.askToOpen("c");
    expect(office.log).toEqual(["noop", "open c"]);
    office.acknowledge();
    expect(office.answers(first)).toEqual([]);
    expect(office.answers(second)).toEqual([sessionOpened(2)]);
  });

  test("after its answer was lost opens another session: the first one serves nobody and will end", () => {
    const office = new Office(["n1"]).elect();
    expect([office.open("c"), office.open("c")]).toEqual([2, 3]);
  });

  test("at a leader whose log has it from the last term is answered once, with a session that works", () => {
    const office = new Office();
    office.follow(1, 1, [noop, open("c")], 1);
    office.elect();
    const call = office.askToOpen("c");
    expect(office.log).toEqual(["noop", "open c", "noop", "open c"]);
    office.acknowledge();
    expect(office.answers(call)).toEqual([sessionOpened(2)]);
    const write = office.ask(2, 1, put("x", "a"));
    office.acknowledge();
    expect(office.answers(write)).toEqual([done(1)]);
  });

  test("is not answered with another clerk's session, though that stands at the index where it waited", () => {
    const office = new Office().elect();
    office.acknowledge();
    const call = office.askToOpen("c");
    office.follow(2, 2, [open("d")]);
    expect(office.answers(call)).toEqual([notLeader("n2")]);
  });

  test("in the next office of the same server is proposed, for it may not be in the log any more", () => {
    const office = new Office().elect();
    office.acknowledge();
    office.askToOpen("c");
    office.follow(2, 2, [noop]);
    office.elect();
    expect(office.open("c")).toBe(4);
  });
});

describe("a request that arrives again", () => {
  test("is not run again", () => {
    const office = alone();
    office.call(C, 1, append("x", "a"));
    expect(office.call(C, 1, append("x", "a"))).toEqual(done(1));
    expect(office.call(D, 1, get("x"))).toEqual(value(1, "a"));
  });

  test("is told what it was told the first time, even if that is no longer true", () => {
    const office = alone();
    office.call(D, 1, put("x", "old"));
    expect(office.call(C, 1, get("x"))).toEqual(value(1, "old"));
    office.call(D, 2, put("x", "new"));
    expect(office.call(C, 1, get("x"))).toEqual(value(1, "old"));
    expect(office.call(C, 2, get("x"))).toEqual(value(2, "new"));
  });

  test("is told that a cas has swapped, though it would not swap a second time", () => {
    const office = alone();
    const cas = { kind: "cas", key: "x", expected: null, value: "a" } as const;
    const first = office.call(C, 1, cas);
    expect(first).toMatchObject({ result: { swapped: true } });
    expect(office.call(C, 1, cas)).toEqual(first);
    expect(office.call(D, 1, cas)).toMatchObject({ result: { swapped: false } });
  });

  test("is told so by any server that has applied it, leader or not: it took effect, and that stays true", () => {
    const office = new Office();
    office.follow(1, 1, [noop, open("c"), asked(C, 1, append("x", "a"))]);
    expect(office.call(C, 1, append("x", "a"))).toEqual(done(1));
  });

  test("needs no second entry in the log", () => {
    const office = alone();
    office.call(C, 1, append("x", "a"));
    office.call(C, 1, append("x", "a"));
    expect(office.log).toEqual(["noop", "open c", "open d", "2.1"]);
  });

  test("is not run again by a server that has restarted, because the table is rebuilt from the log", () => {
    const office = alone();
    office.call(C, 1, append("x", "a"));
    office.restart();
    office.elect();
    expect(office.call(C, 1, append("x", "a"))).toEqual(done(1));
    expect(office.call(D, 1, get("x"))).toEqual(value(1, "a"));
  });
});

describe("a request that arrives again after the session's next one", () => {
  test("is told that it is superseded: nobody waits for the answer", () => {
    const office = alone();
    office.call(C, 1, append("x", "a"));
    office.call(C, 2, append("x", "b"));
    expect(office.call(C, 1, append("x", "a"))).toEqual(superseded);
    expect(office.log).toEqual(["noop", "open c", "open d", "2.1", "2.2"]);
    expect(office.call(D, 1, get("x"))).toEqual(value(1, "ab"));
  });

  test("does not make the table forget the later one, which would then run twice", () => {
    const office = alone();
    office.call(C, 1, append("x", "a"));
    office.call(C, 2, append("x", "b"));
    office.call(C, 1, append("x", "a"));
    expect(office.call(C, 2, append("x", "b"))).toEqual(done(2));
    expect(office.call(D, 1, get("x"))).toEqual(value(1, "ab"));
  });

  test("is told so even while the later one still waits", () => {
    const office = new Office().elect();
    office.open("c");
    const later = office.ask(C, 2, append("x", "b"));
    expect(office.call(C, 1, append("x", "a"))).toEqual(superseded);
    office.acknowledge();
    expect(office.answers(later)).toEqual([done(2)]);
    expect(office.log).toEqual(["noop", "open c", "2.2"]);
  });
});

describe("entries that are in the log twice, because two leaders took the same request", () => {
  const twice = [noop, open("c"), open("d"), asked(C, 1, append("x", "a")), asked(C, 1, append("x", "a"))];
  const lateCopy = [...twice, asked(C, 2, append("x", "b")), asked(C, 1, append("x", "a"))];

  test("run once", () => {
    const office = new Office();
    office.follow(1, 1, [...twice, asked(D, 1, get("x"))]);
    expect(office.call(D, 1, get("x"))).toEqual(value(1, "a"));
  });

  test("run once also if the copy comes after the session's next request, and that one's copy after both", () => {
    const office = new Office();
    office.follow(1, 1, [...lateCopy, asked(C, 2, append("x", "b")), asked(D, 1, get("x"))]);
    expect(office.call(D, 1, get("x"))).toEqual(value(1, "ab"));
    expect(office.call(C, 2, append("x", "b"))).toEqual(done(2));
  });
});
