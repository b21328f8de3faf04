/** Gets by ReadIndex: not in the log, and never answered by a server that leads no more. */

import { describe, expect, test } from "vitest";
import type { ServerOptions } from "../../src/kv/index.ts";
import { append, asked, done, get, notLeader, Office, put, value } from "./office.ts";

const reading = (members?: readonly string[], options: Partial<ServerOptions> = {}) =>
  new Office(members, { reads: "index", ...options });

/** Leads, with "x" = "a" committed, and nothing under way. */
function leading(): Office {
  const office = reading().elect();
  office.ask("c", 1, put("x", "a"));
  office.acknowledge();
  office.sent = [];
  return office;
}

describe("a get by ReadIndex", () => {
  test("is answered after a round, and is not in the log", () => {
    const office = leading();
    const call = office.ask("d", 1, get("x"));
    expect(office.answers(call)).toEqual([]);
    office.acknowledge();
    expect(office.answers(call)).toEqual([value(1, "a")]);
    expect(office.log).toEqual(["noop", "c.1"]);
  });

  test("by way of the log is in it: the mode is an option", () => {
    const office = new Office(undefined, { reads: "log" }).elect();
    office.acknowledge();
    office.ask("d", 1, get("x"));
    expect(office.log).toEqual(["noop", "d.1"]);
  });

  test("sees every write that was answered before it", () => {
    const office = leading();
    const write = office.ask("c", 2, append("x", "b"));
    office.acknowledge();
    expect(office.answers(write)).toEqual([done(2)]);
    const call = office.ask("d", 1, get("x"));
    office.acknowledge();
    expect(office.answers(call)).toEqual([value(1, "ab")]);
  });

  test("waits for the no-op of a new term, and sees what the earlier leader committed", () => {
    const office = reading();
    office.follow(1, 1, [asked("c", 1, put("x", "old"))]);
    office.restart();
    office.elect();
    const call = office.ask("d", 1, get("x"));
    expect(office.answers(call)).toEqual([]);
    office.acknowledge();
    expect(office.answers(call)).toEqual([value(1, "old")]);
    expect(office.log).toEqual(["c.1", "noop"]);
  });

  test("in a cluster of one is answered at once", () => {
    const office = reading(["n1"]).elect();
    office.call("c", 1, put("x", "a"));
    expect(office.call("d", 1, get("x"))).toEqual(value(1, "a"));
    expect(office.log).toEqual(["noop", "c.1"]);
  });

  test("is answered to each client, and many at a time", () => {
    const office = leading();
    const calls = ["d", "e", "f"].map((client) => office.ask(client, 1, get("x")));
    office.acknowledge();
    expect(calls.map((call) => office.answers(call))).toEqual(calls.map(() => [value(1, "a")]));
  });

  test("that is retried while it waits is answered once, to the latest attempt", () => {
    const office = leading();
    const first = office.ask("d", 1, get("x"));
    const second = office.ask("d", 1, get("x"));
    office.acknowledge();
    expect(office.answers(first)).toEqual([]);
    expect(office.answers(second)).toEqual([value(1, "a")]);
  });

  test("that its client gave up is not answered in the place of the next request", () => {
    const office = leading();
    office.ask("d", 1, get("x"));
    const next = office.ask("d", 2, put("y", "b"));
    office.acknowledge();
    expect(office.answers(next)).toEqual([done(2)]);
  });
});

describe("a leader that is deposed", () => {
  test("sends those who wait elsewhere, and never answers them", () => {
    const office = leading();
    const call = office.ask("d", 1, get("x"));
    const round = office.sent.filter((message) => message.payload.kind === "appendEntries");
    office.follow(2, 3, [asked("e", 1, put("x", "newer"))]);
    expect(office.answers(call)).toEqual([notLeader("n2")]);
    for (const { to, call: late } of round) {
      const payload = {
        kind: "appendEntriesReply",
        term: 1,
        success: true,
        matchIndex: 2,
        conflict: null,
      } as const;
      office.step({ kind: "reply", from: to, call: late, payload });
    }
    expect(office.answers(call)).toEqual([notLeader("n2")]);
  });

  test("does not answer them when it leads again either", () => {
    const office = leading();
    const call = office.ask("d", 1, get("x"));
    office.follow(2, 3, [asked("e", 1, put("x", "newer"))]);
    expect(office.answers(call)).toEqual([notLeader("n2")]);
    office.elect();
    office.acknowledge();
    expect(office.answers(call)).toEqual([]);
    const retry = office.ask("d", 1, get("x"));
    office.acknowledge();
    expect(office.answers(retry)).toEqual([value(1, "newer")]);
  });

  test("but does not know it yet, cannot answer: nobody confirms that it leads", () => {
    const office = leading();
    const call = office.ask("d", 1, get("x"));
    for (let beat = 0; beat < 20; beat++) {
      office.now = office.server.deadline!;
      office.step({ kind: "deadline" });
    }
    expect(office.answers(call)).toEqual([]);
  });

  test("by CheckQuorum sends them elsewhere, so that they find another", () => {
    const office = reading(undefined, { features: { preVote: true, checkQuorum: true } }).elect();
    office.acknowledge();
    const call = office.ask("d", 1, get("x"));
    for (let beat = 0; beat < 20; beat++) {
      office.now = office.server.deadline!;
      office.step({ kind: "deadline" });
    }
    expect(office.answers(call)).toEqual([notLeader(null)]);
  });

  test("by itself, while it hands over, takes no new requests, reads neither", () => {
    const office = leading();
    office.step({ kind: "transfer", to: "n3" } as never);
    expect(office.call("d", 1, get("x"))).toEqual(notLeader("n1"));
    expect(office.call("e", 1, put("x", "b"))).toEqual(notLeader("n1"));
    expect(office.log).toEqual(["noop", "c.1"]);
  });
});
