/** Deliberate bugs in who wins an election: terms, votes and what they are counted for. */

import type { NodeId } from "../../../src/base/index.ts";
import { Raft, type RequestVote, type RequestVoteReply } from "../../../src/raft/index.ts";
import type { Entry } from "./mutant.ts";

/** Keeps its vote when the term changes: it votes for one server in its life, and for itself. */
class VoteNotReset extends Raft {
  protected override adoptTerm(term: number): void {
    const { votedFor } = this;
    super.adoptTerm(term);
    this.votedFor = votedFor;
  }
}

/** Compares the lengths of the logs and not their last terms. */
class UpToDateByLength extends Raft {
  protected override candidateIsUpToDate({ lastLogIndex }: RequestVote): boolean {
    return lastLogIndex >= this.log.lastIndex;
  }
}

/** Compares the last terms of the logs and not their lengths. */
class UpToDateByTerm extends Raft {
  protected override candidateIsUpToDate({ lastLogTerm }: RequestVote): boolean {
    return lastLogTerm >= this.log.lastTerm;
  }
}

/** Takes half for a majority, rounded down. */
class QuorumHalf extends Raft {
  protected override isQuorum(who: ReadonlySet<NodeId>): boolean {
    return who.size >= Math.max(1, Math.floor(this.options.members.length / 2));
  }
}

/** A vote that comes late counts for the candidate of a later term. */
class LateVoteCounts extends Raft {
  protected override isOfThisRole(call: number): boolean {
    return this.role === "candidate" || super.isOfThisRole(call);
  }

  protected override handleRequestVoteReply(from: NodeId, reply: RequestVoteReply): void {
    super.handleRequestVoteReply(from, { ...reply, term: this.currentTerm });
  }
}

/** A pre-vote that comes late counts for a later round, in which the voter has perhaps another leader. */
class LatePreVoteCounts extends Raft {
  protected override isOfThisRole(call: number): boolean {
    return this.role === "follower" || super.isOfThisRole(call);
  }
}

/** A candidate leads as soon as anybody votes for it, itself included. */
class FirstVoteElects extends Raft {
  protected override handleRequestVoteReply(from: NodeId, reply: RequestVoteReply): void {
    super.handleRequestVoteReply(from, reply);
    if (this.role === "candidate" && reply.voteGranted && !reply.preVote) this.becomeLeader();
  }
}

/** Counts its own vote before that is on its disk. */
class OwnVoteAtOnce extends Raft {
  protected override startNewElection(): void {
    super.startNewElection();
    this.countOwnVote(Number.POSITIVE_INFINITY);
  }
}

/** A leader that hears of a later term takes it for its own and stays in office. */
class LeaderKeepsOffice extends Raft {
  protected override stepDown(term: number): void {
    if (this.role === "leader" && term > this.currentTerm) this.adoptTerm(term);
    else super.stepDown(term);
  }
}

export const voteMutants: readonly Entry[] = [
  {
    name: "voteNotReset",
    breaks: "Figure 2: a new term keeps the old term's vote",
    source: "Students' Guide to Raft",
    oracle: "availability",
    also: ["progress after healing"],
    part: { Raft: VoteNotReset },
  },
  {
    name: "upToDateByLength",
    breaks: "section 5.4.1: logs are compared by length",
    source: "Students' Guide to Raft",
    oracle: "leader completeness",
    part: { Raft: UpToDateByLength },
  },
  {
    name: "upToDateByTerm",
    breaks: "section 5.4.1: logs are compared by last term",
    source: "paper, section 5.4.1",
    oracle: "leader completeness",
    also: ["match is durable", "committed is durable"],
    part: { Raft: UpToDateByTerm },
  },
  {
    name: "quorumHalf",
    breaks: "section 5.2: half of the servers are a quorum",
    source: "a classic: n/2 for n/2+1",
    oracle: "elected by a majority",
    also: ["election safety", "leader completeness"],
    part: { Raft: QuorumHalf },
  },
  {
    name: "lateVoteCounts",
    breaks: "section 5.2: a vote counts in a later term",
    source: "a student's Raft: a late majority elects the candidate of a later term",
    oracle: "elected by a majority",
    also: ["election safety"],
    masks: "a candidate that waits asks again, so a late vote is seldom the one that decides",
    part: { Raft: LateVoteCounts },
  },
  {
    name: "latePreVoteCounts",
    breaks: "thesis 9.6: a pre-vote counts in a later round",
    source: "thesis, section 9.6",
    oracle: "election safety",
    equivalent:
      "A pre-vote binds nobody: whoever collects stale ones begins an election that it may lose, as it might by a timeout without PreVote. Safety rests on votes, and a disturbed leader's successor is elected within the bounds that hold without PreVote.",
    part: { Raft: LatePreVoteCounts },
  },
  {
    name: "firstVoteElects",
    breaks: "section 5.2: one other vote is enough to lead",
    source: "paper, section 5.2",
    oracle: "elected by a majority",
    also: ["election safety", "leader completeness"],
    part: { Raft: FirstVoteElects },
  },
  {
    name: "ownVoteAtOnce",
    breaks: "Figure 2: the own vote counts before it is stored",
    source: "Xraft #29, nebula #3415",
    oracle: "refinement",
    masks:
      "no client can tell: a request for a vote leaves only when the candidate's own vote is on its disk, and a second vote answers such a request; a single server has nobody who could have heard of its office",
    part: { Raft: OwnVoteAtOnce },
  },
  {
    name: "leaderKeepsOffice",
    breaks: "section 5.1: a leader goes on in the later term",
    source: "paper, section 5.1",
    oracle: "elected by a majority",
    also: ["election safety"],
    part: { Raft: LeaderKeepsOffice },
  },
];
