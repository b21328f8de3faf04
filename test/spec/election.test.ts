/** The specification's actions of elections: who breaks a guard is told which one. */

import { describe, expect, test } from "vitest";
import { Raft, type RequestVote, type RequestVoteReply } from "../../src/raft/index.ts";
import { appendEntries, conflicting, granted, matching, requestVote } from "../raft/bench.ts";
import { saying } from "./altered.ts";
import { type Case, sentenceOf } from "./case.ts";

class LeaderHoldsElection extends Raft {
  protected override checkQuorum(): void {
    this.startNewElection();
  }
}

class IgnoresLaterTerms extends Raft {
  protected override stepDown(term: number): void {
    if (term <= this.currentTerm) super.stepDown(term);
  }
}

class VotesTwice extends Raft {
  protected override isFreeFor(): boolean {
    return true;
  }
}

class ComparesLengthsOnly extends Raft {
  protected override candidateIsUpToDate({ lastLogIndex }: RequestVote): boolean {
    return lastLogIndex >= this.log.lastIndex;
  }
}

class VotesInOldTerms extends Raft {
  protected override handleRequestVote(request: RequestVote): RequestVoteReply {
    return { ...super.handleRequestVote(request), voteGranted: true };
  }
}

class CountsOldVotes extends Raft {
  protected override isOfThisRole(): boolean {
    return true;
  }

  protected override handleRequestVoteReply(from: string, reply: RequestVoteReply): void {
    super.handleRequestVoteReply(from, { ...reply, term: this.currentTerm });
  }
}

class LeadsAtOnce extends Raft {
  protected override startNewElection(): void {
    super.startNewElection();
    this.becomeLeader();
  }
}

class LeadsWhenTold extends Raft {
  protected override handleTimeoutNow() {
    this.becomeLeader();
    return { kind: "timeoutNowReply", term: this.currentTerm } as const;
  }
}

class TrustsEverybody extends Raft {
  protected override becomeLeader(): void {
    super.becomeLeader();
    for (const progress of this.progress.values()) progress.matchIndex = this.log.lastIndex;
  }
}

const cases: readonly Case[] = [
  {
    rule: "Timeout: not of a leader",
    RaftClass: LeaderHoldsElection,
    script: (s) => s.elect().expire(),
    because: "Timeout, because a leader holds no election (thesis 3.4)",
  },
  {
    rule: "RequestVote: with the candidate's own last entry",
    RaftClass: saying("requestVote", () => ({ lastLogIndex: 9 })),
    setup: { log: [1, 1] },
    script: (s) => s.expire(),
    because:
      "RequestVote, because it says that its log ends with entry 9 of term 1, not with entry 2 of term 1 (thesis 3.6.1)",
  },
  {
    rule: "RequestVote: in the candidate's own term",
    RaftClass: saying("requestVote", ({ term }) => ({ term: term + 1 })),
    script: (s) => s.expire(),
    because: "RequestVote, because it asks for votes in term 2, not in its own, 1",
  },
  {
    rule: "RequestVote: for itself",
    RaftClass: saying("requestVote", () => ({ candidateId: "n3" })),
    script: (s) => s.expire(),
    because: "RequestVote, because it asks for votes for n3",
  },
  {
    rule: "UpdateTerm: before everything else",
    RaftClass: IgnoresLaterTerms,
    script: (s) => s.elect().answer(s.latestTo("n2"), conflicting(2, null)),
    because: "UpdateTerm, because its currentTerm is 1, and not 2",
  },
  {
    rule: "HandleRequestVoteRequest: one vote in a term",
    RaftClass: VotesTwice,
    script: (s) => {
      s.ask("n2", requestVote(1));
      s.ask("n3", requestVote(1, [0, 0], "n3"));
    },
    because: "HandleRequestVoteRequest with a vote, because its vote of term 1 is n2's (thesis 3.4)",
  },
  {
    rule: "HandleRequestVoteRequest: only for a log that is up to date",
    RaftClass: ComparesLengthsOnly,
    setup: { log: [1, 2] },
    script: (s) => s.ask("n2", requestVote(3, [3, 1])),
    because:
      "HandleRequestVoteRequest with a vote, because the candidate's log ends with entry 3 of term 1, its own with entry 2 of term 2 (thesis 3.6.1)",
  },
  {
    rule: "HandleRequestVoteRequest: not in a term that is over",
    RaftClass: VotesInOldTerms,
    setup: { term: 3 },
    script: (s) => s.ask("n2", requestVote(2)),
    because: "HandleRequestVoteRequest with a vote, because term 2 is over, it is in term 3 (thesis 3.3)",
  },
  {
    rule: "HandleRequestVoteRequest: with a vote if nothing speaks against it",
    RaftClass: saying("requestVoteReply", () => ({ voteGranted: false })),
    script: (s) => s.ask("n2", requestVote(1)),
    because:
      "HandleRequestVoteRequest without a vote, because nothing speaks against the candidate (thesis 3.4)",
  },
  {
    rule: "HandleRequestVoteRequest: answered in its own term",
    RaftClass: saying("requestVoteReply", ({ term }) => ({ term: term + 1 })),
    script: (s) => s.ask("n2", requestVote(1)),
    because: "HandleRequestVoteRequest, because it answers in term 2, not in its own, 1",
  },
  {
    rule: "BecomeLeader: with votes of its own term",
    RaftClass: CountsOldVotes,
    script: (s) => {
      s.expire();
      const [asked] = s.take();
      s.expire();
      s.answer(asked!, granted(1));
    },
    because: "BecomeLeader, because in term 2 it has the votes of n1, no quorum of 3 (thesis 3.4)",
  },
  {
    rule: "BecomeLeader: with a vote for itself that is on its disk",
    RaftClass: LeadsAtOnce,
    setup: { members: ["n1"] },
    script: (s) => s.expire(),
    because: "BecomeLeader, because in term 1 it has the votes of nobody, no quorum of 1 (thesis 3.4)",
  },
  {
    rule: "BecomeLeader: as a candidate",
    RaftClass: LeadsWhenTold,
    script: (s) => {
      s.ask("n2", appendEntries(1));
      s.ask("n2", { kind: "timeoutNow", term: 1 });
    },
    because: "BecomeLeader, because it is no candidate of term 1 (thesis 3.4)",
  },
  {
    rule: "BecomeLeader: knowing nothing of its followers",
    RaftClass: TrustsEverybody,
    setup: { log: [1, 1] },
    script: (s) => void s.elect(),
    because: "BecomeLeader, because its matchIndex of n2 is 2, and not 0",
  },
];

describe("a step that breaks a guard of an election is no action", () => {
  test.each(cases.map((each) => [each.rule, each] as const))("%s", (_, { because, ...broken }) => {
    expect(sentenceOf({ ...broken, RaftClass: Raft })).toBe(null);
    expect(sentenceOf(broken)).toBe(`n1's step is no action of the specification: ${because}`);
  });
});

describe("what the specification leaves open is a stuttering step or an action", () => {
  const features = { preVote: true, checkQuorum: true };

  test("pre-votes, and the election that they begin", () => {
    expect(sentenceOf({ setup: { features }, script: (s) => void s.elect() })).toBe(null);
  });

  test("a candidate that asks for pre-votes anew, and hears of a vote for its last election", () => {
    const script: Case["script"] = (s) => {
      s.expire();
      for (const message of s.take()) s.answer(message, { ...granted(0), preVote: true });
      const [asked] = s.sentOf("requestVote").filter(({ payload }) => !payload.preVote);
      s.expire();
      s.answer(asked!, granted(1));
      expect(s.raft).toMatchObject({ role: "follower", currentTerm: 1 });
    };
    expect(sentenceOf({ setup: { features }, script })).toBe(null);
  });

  test("a leader that hears from nobody and steps down in its term", () => {
    const script: Case["script"] = (s) => {
      s.elect();
      while (s.raft.role === "leader") s.expire();
      expect(s.raft.currentTerm).toBe(1);
    };
    expect(sentenceOf({ setup: { features }, script })).toBe(null);
  });

  test("a candidate that yields to the winner of its term", () => {
    const script: Case["script"] = (s) => {
      s.expire();
      expect(s.ask("n2", appendEntries(1))).toEqual(matching(1, 0));
    };
    expect(sentenceOf({ script })).toBe(null);
  });

  test("two elections in a row, and an election at the leader's request", () => {
    const script: Case["script"] = (s) => {
      s.expire();
      s.expire();
      s.ask("n2", { kind: "timeoutNow", term: 2 });
      expect(s.raft.currentTerm).toBe(3);
    };
    expect(sentenceOf({ script })).toBe(null);
  });
});
