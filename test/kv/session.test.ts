/** Sessions: a retried request takes effect once and is answered alike (section 8; thesis, section 6.3). */

import { describe, expect, test } from "vitest";
import { Sessions } from "../../src/kv/index.ts";
import { append, asked, done, get, Office, put, superseded, value } from "./office.ts";

const alone = () => new Office(["n1"]).elect();

describe("a request that arrives again", () => {
  test("is not run again", () => {
    const office = alone();
    office.call("c", 1, append("x", "a"));
    expect(office.call("c", 1, append("x", "a"))).toEqual(done(1));
    expect(office.call("d", 1, get("x"))).toEqual(value(1, "a"));
  });

  test("is told what it was told the first time, even if that is no longer true", () => {
    const office = alone();
    office.call("d", 1, put("x", "old"));
    expect(office.call("c", 1, get("x"))).toEqual(value(1, "old"));
    office.call("d", 2, put("x", "new"));
    expect(office.call("c", 1, get("x"))).toEqual(value(1, "old"));
    expect(office.call("c", 2, get("x"))).toEqual(value(2, "new"));
  });

  test("is told that a cas has swapped, though it would not swap a second time", () => {
    const office = alone();
    const cas = { kind: "cas", key: "x", expected: null, value: "a" } as const;
    const first = office.call("c", 1, cas);
    expect(first).toMatchObject({ result: { swapped: true } });
    expect(office.call("c", 1, cas)).toEqual(first);
    expect(office.call("d", 1, cas)).toMatchObject({ result: { swapped: false } });
  });

  test("is told so by any server that has applied it, leader or not: it took effect, and that stays true", () => {
    const office = new Office();
    office.follow(1, 1, [{ kind: "noop" }, asked("c", 1, append("x", "a"))]);
    expect(office.call("c", 1, append("x", "a"))).toEqual(done(1));
  });

  test("needs no second entry in the log", () => {
    const office = alone();
    office.call("c", 1, append("x", "a"));
    office.call("c", 1, append("x", "a"));
    expect(office.log).toEqual(["noop", "c.1"]);
  });

  test("is not run again by a server that has restarted, because the table is rebuilt from the log", () => {
    const office = alone();
    office.call("c", 1, append("x", "a"));
    office.restart();
    office.elect();
    expect(office.call("c", 1, append("x", "a"))).toEqual(done(1));
    expect(office.call("d", 1, get("x"))).toEqual(value(1, "a"));
  });
});

describe("a request that arrives again after the client's next one", () => {
  test("is told that it is superseded: nobody waits for the answer", () => {
    const office = alone();
    office.call("c", 1, append("x", "a"));
    office.call("c", 2, append("x", "b"));
    expect(office.call("c", 1, append("x", "a"))).toEqual(superseded);
    expect(office.log).toEqual(["noop", "c.1", "c.2"]);
    expect(office.call("d", 1, get("x"))).toEqual(value(1, "ab"));
  });

  test("does not make the table forget the later one, which would then run twice", () => {
    const office = alone();
    office.call("c", 1, append("x", "a"));
    office.call("c", 2, append("x", "b"));
    office.call("c", 1, append("x", "a"));
    expect(office.call("c", 2, append("x", "b"))).toEqual(done(2));
    expect(office.call("d", 1, get("x"))).toEqual(value(1, "ab"));
  });

  test("is told so even while the later one still waits", () => {
    const office = new Office().elect();
    office.acknowledge();
    const later = office.ask("c", 2, append("x", "b"));
    expect(office.call("c", 1, append("x", "a"))).toEqual(superseded);
    office.acknowledge();
    expect(office.answers(later)).toEqual([done(2)]);
    expect(office.log).toEqual(["noop", "c.2"]);
  });
});

describe("entries that are in the log twice, because two leaders took the same request", () => {
  const twice = [asked("c", 1, append("x", "a")), asked("c", 1, append("x", "a"))];
  const lateCopy = [...twice, asked("c", 2, append("x", "b")), asked("c", 1, append("x", "a"))];

  test("run once", () => {
    const office = new Office();
    office.follow(1, 1, [...twice, asked("d", 1, get("x"))]);
    expect(office.call("d", 1, get("x"))).toEqual(value(1, "a"));
  });

  test("run once also if the copy comes after the client's next request, and that one's copy after both", () => {
    const office = new Office();
    office.follow(1, 1, [...lateCopy, asked("c", 2, append("x", "b")), asked("d", 1, get("x"))]);
    expect(office.call("d", 1, get("x"))).toEqual(value(1, "ab"));
    expect(office.call("c", 2, append("x", "b"))).toEqual(done(2));
  });
});

describe("clients", () => {
  test("have sessions of their own, though their request numbers are the same", () => {
    const office = alone();
    office.call("c", 1, append("x", "a"));
    office.call("d", 1, append("x", "a"));
    expect(office.call("e", 1, get("x"))).toEqual(value(1, "aa"));
  });

  test("of any name have no session until they are served", () => {
    const sessions = new Sessions();
    for (const name of ["c", "", "__proto__"]) expect(sessions.find(name)).toBeNull();
    sessions.store("c", 3, { kind: "done" });
    expect(sessions.find("c")).toEqual({ request: 3, result: { kind: "done" } });
    expect(sessions.find("d")).toBeNull();
  });
});
