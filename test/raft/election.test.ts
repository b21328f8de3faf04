/** Figure 2, RequestVote, and the rules that lead to it: sections 5.1, 5.2 and 5.4.1. */

import { describe, expect, test } from "vitest";
import {
  appendEntries,
  Bench,
  conflicting,
  entries,
  granted,
  holding,
  installSnapshot,
  refused,
  requestVote,
  timing,
} from "./bench.ts";
import { Group } from "./group.ts";

describe("a server that starts (section 5.2)", () => {
  test("is a follower of nobody in the term that its disk kept", () => {
    const { raft } = new Bench({ term: 4, votedFor: "n3", log: [1, 4] });
    expect(raft).toMatchObject({ role: "follower", currentTerm: 4, votedFor: "n3", leaderId: null });
    expect(raft).toMatchObject({ commitIndex: 0, lastApplied: 0 });
  });

  test("stands for no election while it is no member: it waits for a leader to take it in", () => {
    const bench = new Bench({ members: ["n2", "n3"] });
    bench.expire();
    expect(bench.sent).toEqual([]);
    expect(bench.raft).toMatchObject({ role: "follower", currentTerm: 0 });
  });

  test("says nothing until its election timeout has passed", () => {
    const bench = new Bench();
    bench.wait(bench.raft.deadline! - 1);
    expect(bench.sent).toEqual([]);
    expect(bench.raft.role).toBe("follower");
  });
});

describe("a candidate (section 5.2)", () => {
  test("increments its term, votes for itself and asks all others, in this order of durability", () => {
    const bench = new Bench({ log: [1, 1, 2] });
    bench.expire();
    expect(bench.raft).toMatchObject({ role: "candidate", currentTerm: 3, votedFor: "n1" });
    expect(bench.image).toMatchObject({ currentTerm: 3, votedFor: "n1" });
    expect(bench.sent.map((m) => [m.kind, m.to, m.payload])).toEqual([
      ["request", "n2", requestVote(3, [3, 2], "n1")],
      ["request", "n3", requestVote(3, [3, 2], "n1")],
    ]);
  });

  test("resets its election timer", () => {
    const bench = new Bench();
    bench.expire();
    expect(bench.raft.deadline! - bench.now).toBeGreaterThanOrEqual(timing.electionTimeout);
  });

  test.each([
    ["1 vote of 1 server", ["n1"], [], "leader"],
    ["1 vote of 2 servers", ["n1", "n2"], [], "candidate"],
    ["2 votes of 2 servers", ["n1", "n2"], ["n2"], "leader"],
    ["1 vote of 3 servers", ["n1", "n2", "n3"], [], "candidate"],
    ["2 votes of 3 servers", ["n1", "n2", "n3"], ["n3"], "leader"],
    ["2 votes of 4 servers", ["n1", "n2", "n3", "n4"], ["n4"], "candidate"],
    ["3 votes of 4 servers", ["n1", "n2", "n3", "n4"], ["n4", "n2"], "leader"],
    ["2 votes of 5 servers", ["n1", "n2", "n3", "n4", "n5"], ["n5"], "candidate"],
    ["3 votes of 5 servers", ["n1", "n2", "n3", "n4", "n5"], ["n5", "n3"], "leader"],
  ])("with %s, its own included", (_, members, voters, role) => {
    const bench = new Bench({ members });
    bench.expire();
    for (const vote of bench.take()) if (voters.includes(vote.to)) bench.answer(vote, granted(1));
    expect(bench.raft.role).toBe(role);
  });

  test("counts a vote that arrives twice once", () => {
    const bench = new Bench({ members: ["n1", "n2", "n3", "n4", "n5"] });
    bench.expire();
    const vote = bench.take()[0]!;
    bench.answer(vote, granted(1));
    bench.answer(vote, granted(1));
    expect(bench.raft.role).toBe("candidate");
  });

  test("does not count a refusal", () => {
    const bench = new Bench();
    bench.expire();
    for (const vote of bench.take()) bench.answer(vote, refused(1));
    expect(bench.raft.role).toBe("candidate");
  });

  test("follows a leader of its own term", () => {
    const bench = new Bench();
    bench.expire();
    bench.ask("n2", appendEntries(1));
    expect(bench.raft).toMatchObject({ role: "follower", currentTerm: 1, votedFor: "n1", leaderId: "n2" });
  });

  test("does not follow a leader of an earlier term", () => {
    const bench = new Bench({ term: 1 });
    bench.expire();
    expect(bench.ask("n2", appendEntries(1))).toMatchObject({ term: 2, success: false });
    expect(bench.raft.role).toBe("candidate");
  });

  test("starts another election when the timeout passes again, with a new timeout", () => {
    const bench = new Bench();
    bench.expire();
    bench.expire();
    expect(bench.raft).toMatchObject({ role: "candidate", currentTerm: 2 });
    expect(bench.sent.filter((m) => m.payload.term === 2)).toHaveLength(2);
  });

  test("does not take votes of an earlier election into the next", () => {
    const bench = new Bench({ members: ["n1", "n2", "n3", "n4", "n5"] });
    bench.expire();
    bench.answer(bench.take()[0]!, granted(1));
    bench.expire();
    bench.answer(bench.take()[1]!, granted(2));
    expect(bench.raft.role).toBe("candidate");
  });
});

describe("a voter (Figure 2, RequestVote receiver)", () => {
  test("1: refuses a candidate of an earlier term, and tells it the term", () => {
    const bench = new Bench({ term: 3 });
    expect(bench.ask("n2", requestVote(2))).toEqual(refused(3));
    expect(bench.raft.votedFor).toBeNull();
  });

  test("2: votes for the first candidate of a term", () => {
    const bench = new Bench({ term: 3 });
    expect(bench.ask("n2", requestVote(3))).toEqual(granted(3));
    expect(bench.raft.votedFor).toBe("n2");
  });

  test("2: refuses the second candidate of a term, also after a crash", () => {
    const bench = new Bench();
    bench.ask("n2", requestVote(3));
    expect(bench.ask("n3", requestVote(3, [9, 2], "n3"))).toEqual(refused(3));
    bench.crash();
    expect(bench.ask("n3", requestVote(3, [9, 2], "n3"))).toEqual(refused(3));
  });

  test("2: grants its vote again to the candidate that has it, because the first answer may be lost", () => {
    const bench = new Bench();
    bench.ask("n2", requestVote(3));
    bench.take();
    expect(bench.ask("n2", requestVote(3))).toEqual(granted(3));
    bench.crash();
    expect(bench.ask("n2", requestVote(3))).toEqual(granted(3));
  });

  test("2: has voted for itself if it is a candidate or the leader", () => {
    const bench = new Bench();
    bench.expire();
    expect(bench.ask("n2", requestVote(1))).toEqual(refused(1));
    expect(bench.elect().ask("n2", requestVote(bench.raft.currentTerm))).toEqual(refused(2));
    expect(bench.raft.role).toBe("leader");
  });

  test("2: is free again in a later term", () => {
    const bench = new Bench();
    bench.ask("n2", requestVote(3));
    expect(bench.ask("n3", requestVote(4, [0, 0], "n3"))).toEqual(granted(4));
  });

  test("resets its election timer when it grants a vote", () => {
    const bench = new Bench();
    bench.now = bench.raft.deadline! - 1;
    bench.ask("n2", requestVote(1));
    expect(bench.raft.deadline! - bench.now).toBeGreaterThanOrEqual(timing.electionTimeout);
  });

  test("does not reset its election timer when it refuses, or a hopeless candidate would keep it quiet", () => {
    const bench = new Bench({ log: [1, 1] });
    const { deadline } = bench.raft;
    bench.now = deadline! - 1;
    expect(bench.ask("n2", requestVote(7))).toEqual(refused(7));
    expect(bench.raft.deadline).toBe(deadline);
  });
});

describe("a log is up to date if its last term is later, or equal and it is no shorter (section 5.4.1)", () => {
  test.each([
    // the candidate's last index and term, and what a voter with the log [1, 1, 2] says
    ["a longer log of the same term", [4, 2], true],
    ["the same log", [3, 2], true],
    ["a shorter log of the same term", [2, 2], false],
    ["a longer log of an earlier term", [9, 1], false],
    ["an equally long log of an earlier term", [3, 1], false],
    ["a shorter log of a later term", [1, 3], true],
    ["an equally long log of a later term", [3, 3], true],
    ["an empty log", [0, 0], false],
  ] as const)("%s", (_, last, voteGranted) => {
    const bench = new Bench({ log: [1, 1, 2] });
    expect(bench.ask("n2", requestVote(5, last))).toMatchObject({ voteGranted });
  });

  test("every log is up to date for an empty one", () => {
    expect(new Bench().ask("n2", requestVote(1))).toEqual(granted(1));
  });

  test("so a majority elects only who has every committed entry", () => {
    // n1 and n2 hold the committed entry 2; n3 lacks it and has the highest term.
    const group = new Group([entries(1, 1), entries(1, 1), entries(1)], 1);
    group.expire("n3");
    group.expire("n3");
    group.settle();
    expect(group.raft("n3").role).toBe("candidate");
    group.expire("n1");
    group.settle();
    expect(group.raft("n1").role).toBe("leader");
    expect(group.raft("n3").log.lastIndex).toBe(2);
  });
});

describe("all servers: a higher term is adopted first, whatever brings it (section 5.1)", () => {
  const bringers: readonly (readonly [string, (bench: Bench) => void])[] = [
    ["a RequestVote", (bench) => bench.ask("n2", requestVote(9))],
    ["a RequestVote that is refused", (bench) => bench.ask("n2", requestVote(9, [0, 0]))],
    ["an AppendEntries", (bench) => bench.ask("n2", appendEntries(9))],
    ["an AppendEntries that does not match", (bench) => bench.ask("n2", appendEntries(9, [50, 8]))],
    ["an InstallSnapshot", (bench) => bench.ask("n2", installSnapshot(9, [1, 1], 0, "part"))],
    ["an answer to a RequestVote", (bench) => bench.answer(bench.sent[0]!, refused(9))],
    ["an answer to an AppendEntries", (bench) => bench.answer(bench.sent[0]!, conflicting(9, null))],
    ["an answer to an InstallSnapshot", (bench) => bench.answer(bench.sent[0]!, holding(9, 1, 0))],
  ];
  const roles: readonly (readonly [string, (bench: Bench) => unknown])[] = [
    ["candidate", (bench) => bench.expire()],
    ["leader", (bench) => bench.elect()],
  ];
  for (const [role, become] of roles) {
    test.each(bringers)(`a ${role} steps down for %s`, (_, bring) => {
      const bench = new Bench({ log: [1] });
      become(bench);
      expect(bench.raft.role).toBe(role);
      bring(bench);
      expect(bench.raft).toMatchObject({ role: "follower", currentTerm: 9 });
      expect(bench.image.currentTerm).toBe(9);
      expect(bench.raft.deadline! - bench.now).toBeGreaterThanOrEqual(timing.electionTimeout);
    });
  }

  test("a leader that steps down knows no leader until one speaks", () => {
    const bench = new Bench({ log: [1] }).elect();
    expect(bench.raft.leaderId).toBe("n1");
    bench.ask("n2", requestVote(9));
    expect(bench.raft.leaderId).toBeNull();
    bench.ask("n3", { ...appendEntries(9), leaderId: "n3" });
    expect(bench.raft.leaderId).toBe("n3");
  });

  test("a reply of a higher term deposes a leader even if the question is long forgotten", () => {
    const bench = new Bench();
    bench.expire();
    const old = bench.take()[0]!;
    bench.elect();
    expect(bench.raft.role).toBe("leader");
    bench.answer(old, refused(8));
    expect(bench.raft).toMatchObject({ role: "follower", currentTerm: 8 });
  });

  test("the vote of the term before goes with it, so that the new candidate can have this one", () => {
    const bench = new Bench().elect();
    expect(bench.ask("n2", requestVote(2))).toEqual(granted(2));
  });
});

describe("a leader (Figure 2)", () => {
  test("sends everybody a heartbeat as soon as it is elected", () => {
    const bench = new Bench({ log: [1, 1] }).elect();
    const heartbeat = { ...appendEntries(2, [2, 1]), leaderId: "n1" };
    expect(bench.sent.map((m) => [m.to, m.payload])).toEqual([
      ["n2", heartbeat],
      ["n3", heartbeat],
    ]);
  });

  test("a single server elects itself and commits alone", () => {
    const bench = new Bench({ members: ["n1"], log: [1] });
    bench.expire();
    expect(bench.raft.role).toBe("leader");
    bench.propose("x");
    expect(bench.applied).toEqual(["1@1", "x"]);
    expect(bench.sent).toEqual([]);
  });

  test("cannot meet another leader of its own term: that is an error in the program", () => {
    const bench = new Bench().elect();
    expect(() => bench.ask("n2", appendEntries(1))).toThrow("two leaders in term 1: n1 and n2");
  });
});
