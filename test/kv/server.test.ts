/** The KV server: what it proposes, and who is answered what and when. */

import { describe, expect, test } from "vitest";
import { append, asked, done, get, noop, notLeader, Office, open, put, value } from "./office.ts";

describe("a server that leads", () => {
  test("answers when the entry is committed, and not before", () => {
    const office = new Office().elect();
    const call = office.ask(office.open("c"), 1, put("x", "a"));
    expect(office.answers(call)).toEqual([]);
    office.acknowledge();
    expect(office.answers(call)).toEqual([done(1)]);
  });

  test("answers reads by way of the log too", () => {
    const office = new Office().elect();
    const call = office.ask(office.open("c"), 1, get("x"));
    expect(office.answers(call)).toEqual([]);
    office.acknowledge();
    expect(office.answers(call)).toEqual([value(1, null)]);
    expect(office.log).toEqual(["noop", "open c", "2.1"]);
  });

  test("answers each session with its own result, in whatever order they asked", () => {
    const office = new Office().elect();
    const [c, d, e, f] = [office.open("c"), office.open("d"), office.open("e"), office.open("f")];
    const calls = [
      office.ask(c, 7, append("x", "a")),
      office.ask(d, 1, get("x")),
      office.ask(e, 3, append("x", "b")),
      office.ask(f, 1, get("x")),
    ];
    office.acknowledge();
    expect(calls.map((call) => office.answers(call))).toEqual([
      [done(7)],
      [value(1, "a")],
      [done(3)],
      [value(1, "ab")],
    ]);
  });

  test("does not propose a retry of what is in its log and waits already, and answers the latest attempt", () => {
    const office = new Office().elect();
    const session = office.open("c");
    const first = office.ask(session, 1, append("x", "a"));
    const second = office.ask(session, 1, append("x", "a"));
    expect(office.log).toEqual(["noop", "open c", "2.1"]);
    office.acknowledge();
    expect(office.answers(first)).toEqual([]);
    expect(office.answers(second)).toEqual([done(1)]);
  });

  test("holds no more than one answer for each session: its next request replaces one that it gave up elsewhere", () => {
    const office = new Office().elect();
    const session = office.open("c");
    const first = office.ask(session, 1, append("x", "a"));
    const second = office.ask(session, 2, append("x", "b"));
    office.acknowledge();
    expect(office.answers(first)).toEqual([]);
    expect(office.answers(second)).toEqual([done(2)]);
  });
});

describe("a server that does not lead", () => {
  test("knows no leader at first", () => {
    expect(new Office().call(1, 1, get("x"))).toEqual(notLeader(null));
  });

  test("tells whom it follows", () => {
    const office = new Office();
    office.follow(1, 1, []);
    expect(office.call(1, 1, get("x"))).toEqual(notLeader("n2"));
    expect(office.answers(office.askToOpen("c"))).toEqual([notLeader("n2")]);
    expect(office.log).toEqual([]);
  });

  test("knows none while it is a candidate", () => {
    const office = new Office();
    office.follow(1, 1, []);
    office.now = office.server.deadline!;
    office.step({ kind: "deadline" });
    expect(office.server.raft.role).toBe("candidate");
    expect(office.call(1, 1, get("x"))).toEqual(notLeader(null));
  });
});

describe("taking office", () => {
  test("begins with a no-op, which commits what earlier terms left (sections 5.4.2 and 8)", () => {
    const office = new Office();
    office.follow(1, 1, [open("c"), asked(1, 1, put("x", "a"))]);
    office.restart();
    office.elect();
    expect(office.log).toEqual(["open c", "1.1", "noop"]);
    const call = office.ask(office.open("d"), 1, get("x"));
    office.acknowledge();
    expect(office.answers(call)).toEqual([value(1, "a")]);
  });

  test("begins with one no-op, however much happens in the term", () => {
    const office = new Office().elect();
    office.acknowledge();
    office.now = office.server.deadline!;
    office.step({ kind: "deadline" });
    office.ask(office.open("c"), 1, get("x"));
    office.acknowledge();
    expect(office.log).toEqual(["noop", "open c", "2.1"]);
  });

  test("begins with a no-op in every term that this server leads", () => {
    const office = new Office().elect();
    office.acknowledge();
    office.follow(2, 2, [noop]);
    office.elect();
    expect(office.log).toEqual(["noop", "noop", "noop"]);
    expect([1, 2, 3].map((index) => office.server.raft.log.termAt(index))).toEqual([1, 2, 3]);
  });

  test("does not happen to who only campaigns", () => {
    const office = new Office();
    office.now = office.server.deadline!;
    office.step({ kind: "deadline" });
    expect(office.log).toEqual([]);
  });

  test("in a cluster of one needs nobody else", () => {
    const office = new Office(["n1"]).elect();
    expect(office.log).toEqual(["noop"]);
    expect(office.server.raft.commitIndex).toBe(1);
  });
});

describe("losing office", () => {
  test("tells everybody who waits to ask elsewhere, and whom", () => {
    const office = new Office().elect();
    const [c, d] = [office.open("c"), office.open("d")];
    const calls = [office.ask(c, 1, put("x", "a")), office.ask(d, 1, get("x")), office.askToOpen("e")];
    office.follow(2, 4, []);
    for (const call of calls) expect(office.answers(call)).toEqual([notLeader("n2")]);
  });

  test("tells them at once, even if all that is known is that the term is over", () => {
    const office = new Office().elect();
    const call = office.ask(office.open("c"), 1, put("x", "a"));
    const payload = {
      kind: "requestVote",
      preVote: false,
      term: 9,
      candidateId: "n3",
      lastLogIndex: 0,
      lastLogTerm: 0,
    } as const;
    office.step({ kind: "request", from: "n3", call: 5, payload });
    expect(office.answers(call)).toEqual([notLeader(null)]);
  });

  test("tells each of them once", () => {
    const office = new Office().elect();
    const c = office.open("c");
    const call = office.ask(c, 1, put("x", "a"));
    office.follow(2, 3, [noop, asked(c, 1, put("x", "a"))]);
    office.follow(3, 5, [noop]);
    expect(office.answers(call)).toHaveLength(1);
  });

  test("never answers as done a write that was overwritten, though its index is committed with another", () => {
    const office = new Office().elect();
    const [c, d] = [office.open("c"), office.open("d")];
    const call = office.ask(c, 1, put("x", "lost"));
    // At index 4, where the write waited, the new leader has committed another client's.
    office.follow(2, 4, [asked(d, 1, put("x", "kept")), asked(d, 2, get("x"))]);
    expect(office.answers(call)).toEqual([notLeader("n2")]);
    expect(office.call(d, 2, get("x"))).toEqual(value(2, "kept"));
  });

  test("answers as done a write that the new leader took over, wherever it stands: identity counts, not the index", () => {
    const office = new Office().elect();
    const [c, d] = [office.open("c"), office.open("d")];
    const call = office.ask(c, 1, put("x", "a"));
    office.follow(2, 4, [noop, asked(d, 1, get("x")), asked(c, 1, put("x", "a"))]);
    expect(office.answers(call)).toEqual([done(1)]);
  });

  test("does not keep a retry from being proposed in the next office, where it may not be in the log", () => {
    const office = new Office().elect();
    const c = office.open("c");
    office.ask(c, 1, append("x", "a"));
    office.follow(2, 3, [noop]);
    office.elect();
    const call = office.ask(c, 1, append("x", "a"));
    expect(office.log).toEqual(["noop", "open c", "noop", "noop", "2.1"]);
    office.acknowledge();
    expect(office.answers(call)).toEqual([done(1)]);
  });

  test("runs a write once that is in the log of the last office and is retried in this one", () => {
    const office = new Office().elect();
    const c = office.open("c");
    office.ask(c, 1, append("x", "a"));
    // A term without a leader goes by; the entry stays in the log.
    office.elect();
    office.elect();
    const payload = { kind: "requestVoteReply", preVote: false, term: 9, voteGranted: false } as const;
    office.step({ kind: "reply", from: "n2", call: 1, payload });
    office.elect();
    const call = office.ask(c, 1, append("x", "a"));
    expect(office.log.filter((entry) => entry === "2.1")).toHaveLength(2);
    office.acknowledge();
    expect(office.answers(call)).toEqual([done(1)]);
    const read = office.ask(office.open("d"), 1, get("x"));
    office.acknowledge();
    expect(office.answers(read)).toEqual([value(1, "a")]);
  });
});
