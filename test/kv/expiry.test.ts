/** Sessions end by a rule of the log (thesis, section 6.3): memory is bounded, every server agrees, nothing runs twice. */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Command, Sessions } from "../../src/kv/index.ts";
import { decodeSnapshot } from "../../src/kv/snapshot.ts";
import { append, asked, done, expired, get, noop, Office, open, put, value } from "./office.ts";

const numbers = (office: Office) => office.server.sessions.save().map(({ session }) => session);

/** A cluster of one, with room for so many sessions. */
const alone = (maxSessions: number) => new Office(["n1"], { maxSessions }).elect();

describe("the table of sessions", () => {
  test("has no more than it has room for, through 10,000 openings, and its snapshots have no more either", () => {
    const office = new Office(["n1"], { maxSessions: 7, maxRaftState: 200 }).elect();
    for (let i = 0; i < 10_000; i++) {
      office.open(`clerk ${i}`);
      expect(numbers(office).length).toBeLessThanOrEqual(7);
    }
    expect(numbers(office)).toHaveLength(7);
    expect(decodeSnapshot(office.image.snapshot!.data).sessions).toHaveLength(7);
    expect(office.image.snapshot!.data.length).toBeLessThan(60);
  });

  test("has all that it has room for: nobody is ended without need", () => {
    const office = alone(3);
    expect([office.open("c"), office.open("d"), office.open("e")]).toEqual([2, 3, 4]);
    expect(numbers(office)).toEqual([2, 3, 4]);
    expect(office.call(2, 1, put("x", "a"))).toEqual(done(1));
  });

  test("without room for anybody is an error in the program", () => {
    expect(() => new Sessions(0)).toThrow("a table of 0 sessions can serve nobody");
  });

  test("knows no session of a number that was never opened", () => {
    const sessions = new Sessions(2);
    sessions.open(3);
    expect([0, 2, 3, 4].map((session) => sessions.find(session)?.request ?? null)).toEqual([
      null,
      null,
      0,
      null,
    ]);
  });
});

describe("which session ends", () => {
  test("is the one that was used least recently: an operation is a use", () => {
    const office = alone(3);
    const [c, d, e] = [office.open("c"), office.open("d"), office.open("e")];
    office.call(c, 1, put("x", "a"));
    office.call(e, 1, put("x", "b"));
    const f = office.open("f");
    expect(numbers(office)).toEqual([c, e, f]);
    const g = office.open("g");
    expect(numbers(office)).toEqual([e, f, g]);
    expect(office.call(d, 1, get("x"))).toEqual(expired);
  });

  test("does not depend on what only the leader hears: a retry that it answers from its table is no use", () => {
    const office = alone(2);
    const [c, d] = [office.open("c"), office.open("d")];
    office.call(c, 1, put("x", "a"));
    office.call(d, 1, put("x", "b"));
    expect(office.call(c, 1, put("x", "a"))).toEqual(done(1));
    office.open("e");
    expect(office.server.sessions.find(c)).toBeNull();
  });

  test("does not depend on the order in which requests came, where the log has another", () => {
    // A leader that never learns what becomes of its entries, and then learns what another leader made of the log.
    const office = new Office(undefined, { maxSessions: 2 }).elect();
    const [c, d] = [office.open("c"), office.open("d")];
    office.ask(d, 1, put("x", "d"));
    office.ask(c, 1, put("x", "c"));
    office.follow(2, 4, [asked(c, 1, put("x", "c")), asked(d, 1, put("x", "d")), open("e")]);
    expect(numbers(office)).toEqual([d, 6]);
  });

  test("is the same after a restart, by the log or by a snapshot", () => {
    const maxRaftStates = [null, 40];
    const [byLog, bySnapshot] = maxRaftStates.map((maxRaftState) => {
      const office = new Office(["n1"], { maxSessions: 3, maxRaftState }).elect();
      const [c, d] = [office.open("c"), office.open("d"), office.open("e")];
      // Used most recently, but neither opened last nor the highest number.
      for (let request = 1; request <= 6; request++) office.call(c, request, append("x", "a"));
      office.call(d, 1, append("x", "a"));
      office.call(c, 7, append("x", "a"));
      office.restart();
      office.elect();
      return office;
    });
    expect(bySnapshot!.image.snapshot).not.toBeNull();
    expect(numbers(byLog!)).toEqual([4, 3, 2]);
    expect(numbers(bySnapshot!)).toEqual([4, 3, 2]);
  });

  test("is the same on every server, whoever restarted from a snapshot, and when", () => {
    const command: fc.Arbitrary<Command> = fc.oneof(
      fc.record({ kind: fc.constant("open" as const), clerk: fc.constantFrom("c", "d") }),
      fc.record({
        kind: fc.constant("operation" as const),
        session: fc.nat(30),
        request: fc.integer({ min: 1, max: 3 }),
        operation: fc.constant(append("x", "a")),
      }),
    );
    const step = fc.record({ command, restart: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 30 }), (steps) => {
        const steady = new Office(undefined, { maxSessions: 3 });
        const restless = new Office(undefined, { maxSessions: 3, maxRaftState: 10 });
        steps.forEach(({ command, restart }, i) => {
          for (const office of [steady, restless]) office.follow(1, i + 1, [command]);
          if (restart) restless.restart();
          // What is in the log and not in the snapshot is applied again when a leader says that it is committed.
          restless.follow(1, i + 2, []);
          expect(restless.server.sessions.save()).toEqual(steady.server.sessions.save());
        });
        expect(restless.image.snapshot).not.toBeNull();
      }),
    );
  });
});

describe("a request of a session that has ended", () => {
  test("is told so when its entry is applied, and not before: this leader's table may be behind", () => {
    const office = new Office(undefined, { maxSessions: 1 }).elect();
    const c = office.open("c");
    office.open("d");
    const call = office.ask(c, 1, put("x", "a"));
    expect(office.answers(call)).toEqual([]);
    expect(office.log).toEqual(["noop", "open c", "open d", "2.1"]);
    office.acknowledge();
    expect(office.answers(call)).toEqual([expired]);
  });

  test("is turned away, and not told so, by a server that does not lead", () => {
    const office = new Office(undefined, { maxSessions: 1 });
    office.follow(1, 1, [open("c"), open("d")]);
    expect(office.call(1, 1, put("x", "a"))).toEqual({ kind: "notLeader", hint: "n2" });
  });

  test("is told so though the session lasted when it came: the log decides", () => {
    const office = new Office(undefined, { maxSessions: 1 }).elect();
    const c = office.open("c");
    office.askToOpen("d");
    const call = office.ask(c, 1, put("x", "a"));
    expect(office.server.sessions.find(c)).not.toBeNull();
    office.acknowledge();
    expect(office.answers(call)).toEqual([expired]);
  });

  test("is not applied", () => {
    const office = alone(1);
    const c = office.open("c");
    const d = office.open("d");
    expect(office.call(c, 1, put("x", "a"))).toEqual(expired);
    expect(office.call(d, 1, get("x"))).toEqual(value(1, null));
  });

  test("is not applied again if it had been, and nobody knows any more what it was answered", () => {
    const office = alone(1);
    const c = office.open("c");
    expect(office.call(c, 1, append("x", "a"))).toEqual(done(1));
    const d = office.open("d");
    expect(office.call(c, 1, append("x", "a"))).toEqual(expired);
    expect(office.call(d, 1, get("x"))).toEqual(value(1, "a"));
  });

  test("is told so if it reads by way of the log, like all others", () => {
    const office = alone(1);
    const c = office.open("c");
    office.open("d");
    expect(office.call(c, 1, get("x"))).toEqual(expired);
  });

  test("is not applied by a new leader that finds it in its log, behind what ended the session", () => {
    const office = new Office(undefined, { maxSessions: 2 });
    const copy = asked(2, 1, append("x", "a"));
    office.follow(1, 1, [noop, open("c"), copy, open("d"), open("e"), copy], 3);
    office.elect();
    const retry = office.ask(2, 1, append("x", "a"));
    // As far as this leader knows, it took effect in a session that lasts.
    expect(office.answers(retry)).toEqual([done(1)]);
    office.acknowledge();
    const late = office.ask(2, 1, append("x", "a"));
    office.acknowledge();
    expect(office.answers(late)).toEqual([expired]);
    const read = office.ask(5, 1, get("x"));
    office.acknowledge();
    expect(office.answers(read)).toEqual([value(1, "a")]);
  });

  test("does not bring the session back, nor end another", () => {
    const office = alone(2);
    const c = office.open("c");
    const [d, e] = [office.open("d"), office.open("e")];
    for (let request = 1; request <= 3; request++) office.call(c, request, put("x", "a"));
    expect(numbers(office)).toEqual([d, e]);
  });
});
