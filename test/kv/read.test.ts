/** Gets by ReadIndex: not in the log, and never answered by a server that leads no more. */

import { describe, expect, test } from "vitest";
import type { ServerOptions } from "../../src/kv/index.ts";
import { append, asked, done, expired, get, notLeader, Office, open, put, value } from "./office.ts";

const reading = (members?: readonly string[], options: Partial<ServerOptions> = {}) =>
  new Office(members, { reads: "index", ...options });

const C = 2;

/** Leads, with "x" = "a" committed in session C, and nothing under way. Who only reads needs no session. */
function leading(options: Partial<ServerOptions> = {}): Office {
  const office = reading(undefined, options).elect();
  office.ask(office.open("c"), 1, put("x", "a"));
  office.acknowledge();
  office.sent = [];
  return office;
}

describe("a get by ReadIndex", () => {
  test("is answered after a round, and is not in the log", () => {
    const office = leading();
    const call = office.ask(9, 1, get("x"));
    expect(office.answers(call)).toEqual([]);
    office.acknowledge();
    expect(office.answers(call)).toEqual([value(1, "a")]);
    expect(office.log).toEqual(["noop", "open c", "2.1"]);
  });

  test("by way of the log is in it: the mode is an option", () => {
    const office = new Office(undefined, { reads: "log" }).elect();
    office.acknowledge();
    office.ask(9, 1, get("x"));
    expect(office.log).toEqual(["noop", "9.1"]);
  });

  test("sees every write that was answered before it", () => {
    const office = leading();
    const write = office.ask(C, 2, append("x", "b"));
    office.acknowledge();
    expect(office.answers(write)).toEqual([done(2)]);
    const call = office.ask(9, 1, get("x"));
    office.acknowledge();
    expect(office.answers(call)).toEqual([value(1, "ab")]);
  });

  test("waits for the no-op of a new term, and sees what the earlier leader committed", () => {
    const office = reading();
    office.follow(1, 1, [open("c"), asked(1, 1, put("x", "old"))]);
    office.restart();
    office.elect();
    const call = office.ask(9, 1, get("x"));
    expect(office.answers(call)).toEqual([]);
    office.acknowledge();
    expect(office.answers(call)).toEqual([value(1, "old")]);
    expect(office.log).toEqual(["open c", "1.1", "noop"]);
  });

  test("in a cluster of one is answered at once", () => {
    const office = reading(["n1"]).elect();
    office.call(office.open("c"), 1, put("x", "a"));
    expect(office.call(9, 1, get("x"))).toEqual(value(1, "a"));
    expect(office.log).toEqual(["noop", "open c", "2.1"]);
  });

  test("is answered to each clerk, and many at a time", () => {
    const office = leading();
    const calls = [7, 8, 9].map((session) => office.ask(session, 1, get("x")));
    office.acknowledge();
    expect(calls.map((call) => office.answers(call))).toEqual(calls.map(() => [value(1, "a")]));
  });

  test("that is retried while it waits is answered once, to the latest attempt", () => {
    const office = leading();
    const first = office.ask(9, 1, get("x"));
    const second = office.ask(9, 1, get("x"));
    office.acknowledge();
    expect(office.answers(first)).toEqual([]);
    expect(office.answers(second)).toEqual([value(1, "a")]);
  });

  test("that its client gave up is not answered in the place of the next request", () => {
    const office = leading();
    office.ask(C, 2, get("x"));
    const next = office.ask(C, 3, put("y", "b"));
    office.acknowledge();
    expect(office.answers(next)).toEqual([done(3)]);
  });
});

describe("the sessions of those who get by ReadIndex", () => {
  test("are not needed: they are answered though theirs has ended, and their next write is not", () => {
    const office = leading({ maxSessions: 1 });
    office.open("d");
    const read = office.ask(C, 2, get("x"));
    office.acknowledge();
    expect(office.answers(read)).toEqual([value(2, "a")]);
    const write = office.ask(C, 3, put("x", "b"));
    office.acknowledge();
    expect(office.answers(write)).toEqual([expired]);
  });

  test("are not used by it: nothing in the log tells the other servers", () => {
    const office = leading({ maxSessions: 2 });
    office.open("d");
    office.ask(C, 2, get("x"));
    office.acknowledge();
    office.open("e");
    expect(office.server.sessions.find(C)).toBeNull();
  });
});

describe("a leader that is deposed", () => {
  test("sends those who wait elsewhere, and never answers them", () => {
    const office = leading();
    const call = office.ask(9, 1, get("x"));
    const round = office.sent.filter((message) => message.payload.kind === "appendEntries");
    office.follow(2, 4, [asked(C, 2, put("x", "newer"))]);
    expect(office.answers(call)).toEqual([notLeader("n2")]);
    for (const { to, call: late } of round) {
      const payload = {
        kind: "appendEntriesReply",
        term: 1,
        success: true,
        matchIndex: 3,
        conflict: null,
      } as const;
      office.step({ kind: "reply", from: to, call: late, payload });
    }
    expect(office.answers(call)).toEqual([notLeader("n2")]);
  });

  test("does not answer them when it leads again either", () => {
    const office = leading();
    const call = office.ask(9, 1, get("x"));
    office.follow(2, 4, [asked(C, 2, put("x", "newer"))]);
    expect(office.answers(call)).toEqual([notLeader("n2")]);
    office.elect();
    office.acknowledge();
    expect(office.answers(call)).toEqual([]);
    const retry = office.ask(9, 1, get("x"));
    office.acknowledge();
    expect(office.answers(retry)).toEqual([value(1, "newer")]);
  });

  test("but does not know it yet, cannot answer: nobody confirms that it leads", () => {
    const office = leading();
    const call = office.ask(9, 1, get("x"));
    for (let beat = 0; beat < 20; beat++) {
      office.now = office.server.deadline!;
      office.step({ kind: "deadline" });
    }
    expect(office.answers(call)).toEqual([]);
  });

  test("by CheckQuorum sends them elsewhere, so that they find another", () => {
    const office = reading(undefined, { features: { preVote: true, checkQuorum: true } }).elect();
    office.acknowledge();
    const call = office.ask(9, 1, get("x"));
    for (let beat = 0; beat < 20; beat++) {
      office.now = office.server.deadline!;
      office.step({ kind: "deadline" });
    }
    expect(office.answers(call)).toEqual([notLeader(null)]);
  });

  test("by itself, while it hands over, takes no new requests, reads neither", () => {
    const office = leading();
    office.step({ kind: "transfer", to: "n3" } as never);
    expect(office.call(9, 1, get("x"))).toEqual(notLeader("n1"));
    expect(office.call(C, 2, put("x", "b"))).toEqual(notLeader("n1"));
    expect(office.log).toEqual(["noop", "open c", "2.1"]);
  });
});
