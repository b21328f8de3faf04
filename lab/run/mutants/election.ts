/** Deliberate bugs in what keeps elections orderly: the election timer, PreVote and CheckQuorum. */

import type { NodeId } from "../../../src/base/index.ts";
import {
  type AppendEntries,
  type AppendEntriesReply,
  Raft,
  type RequestVote,
  type RequestVoteReply,
} from "../../../src/raft/index.ts";
import type { Entry } from "./mutant.ts";

/** Once it follows a leader it waits for it for ever. */
class NoElectionTimer extends Raft {
  protected override followLeader(leader: NodeId): void {
    super.followLeader(leader);
    this.deadline = null;
  }
}

/** Leads as soon as a majority says that it would vote for it. */
class PreVotesElect extends Raft {
  protected override startNewElection(): void {
    super.startNewElection();
    if (this.options.features.preVote) this.becomeLeader();
  }
}

/** Refuses pre-votes for good after the first leader, as if it still heard it. */
class LeaderNeverForgotten extends Raft {
  private hasFollowed = false;

  protected override followLeader(leader: NodeId): void {
    super.followLeader(leader);
    this.hasFollowed = true;
  }

  protected override hearsLeader(): boolean {
    return this.hasFollowed || super.hearsLeader();
  }
}

/** A leader stays in office, whoever hears of it. */
class NoCheckQuorum extends Raft {
  protected override checkQuorum(): void {}
}

/** Takes it that a follower to whom it has sent something is there. */
class ContactBySending extends Raft {
  protected override call(peer: NodeId, payload: Parameters<Raft["call"]>[1]): void {
    super.call(peer, payload);
    this.progressOf(peer).lastContact = this.now;
  }
}

/** Once a candidate, it asks no second time. */
class CandidateGivesUp extends Raft {
  protected override handleElectionTimeout(): void {
    if (this.role === "candidate") this.deadline = null;
    else super.handleElectionTimeout();
  }
}

/** Waits for the same time as everybody else. */
class FixedTimeouts extends Raft {
  protected override resetElectionTimeout(): void {
    super.resetElectionTimeout();
    this.deadline = this.now + this.options.timing.electionTimeout;
  }
}

/** Waits anew whenever anybody asks for its vote, whatever it answers. */
class RefusalResetsTimer extends Raft {
  protected override handleRequestVote(request: RequestVote): RequestVoteReply {
    const reply = super.handleRequestVote(request);
    if (this.role !== "leader") this.resetElectionTimeout();
    return reply;
  }
}

/** Waits anew when a leader sends whose term is over. */
class DeposedLeaderResetsTimer extends Raft {
  protected override handleAppendEntries(request: AppendEntries): AppendEntriesReply {
    if (request.term < this.currentTerm && this.role !== "leader") this.resetElectionTimeout();
    return super.handleAppendEntries(request);
  }
}

/**
 * Takes a question for a pre-vote for a sign of life of its leader. Whoever asks has forgotten its own, so it costs an
 * election two timeouts at most; but where there are leases, every question renews the promise that it meets.
 */
class PreVoteIsContact extends Raft {
  protected override handleRequestVote(request: RequestVote): RequestVoteReply {
    const reply = super.handleRequestVote(request);
    if (request.preVote) this.lastLeaderContact = this.now;
    return reply;
  }
}

export const electionMutants: readonly Entry[] = [
  {
    name: "noElectionTimer",
    breaks: "section 5.2: a follower waits for ever",
    source: "paper, section 5.2",
    oracle: "availability",
    also: ["progress after healing"],
    part: { Raft: NoElectionTimer },
  },
  {
    name: "preVotesElect",
    breaks: "thesis 9.6: pre-votes make a leader",
    source: "thesis, section 9.6",
    oracle: "elected by a majority",
    also: ["election safety"],
    part: { Raft: PreVotesElect },
  },
  {
    name: "leaderNeverForgotten",
    breaks: "thesis 9.6: pre-votes refused for an old leader",
    source: "etcd #9586, #8334",
    oracle: "progress after healing",
    also: ["availability"],
    part: { Raft: LeaderNeverForgotten },
  },
  {
    name: "noCheckQuorum",
    breaks: "thesis 6.2: a leader without quorum stays",
    source: "thesis, section 6.2; braft #365, #366",
    oracle: "availability",
    part: { Raft: NoCheckQuorum },
  },
  {
    name: "contactBySending",
    breaks: "thesis 6.2: whom one writes to counts as heard",
    source: "thesis, section 6.2",
    oracle: "availability",
    part: { Raft: ContactBySending },
  },
  {
    name: "candidateGivesUp",
    breaks: "section 5.2: a candidate asks once",
    source: "Students' Guide to Raft",
    oracle: "availability",
    also: ["progress after healing"],
    part: { Raft: CandidateGivesUp },
  },
  {
    name: "fixedTimeouts",
    breaks: "section 5.2: election timeouts are all the same",
    source: "paper, section 9.3",
    oracle: "availability",
    also: ["progress after healing"],
    part: { Raft: FixedTimeouts },
  },
  {
    name: "refusalResetsTimer",
    breaks: "section 5.2: every candidate resets the timer",
    source: "Students' Guide to Raft",
    oracle: "availability",
    equivalent:
      "Whoever asks in vain draws a new timeout at the same instant as those who refuse it, so one of those who can win is as likely as it to ask next: an election takes more rounds, geometrically distributed, and no number of them is promised.",
    part: { Raft: RefusalResetsTimer },
  },
  {
    name: "deposedLeaderResets",
    breaks: "section 5.2: a deposed leader resets the timer",
    source: "Students' Guide to Raft",
    oracle: "availability",
    also: ["progress after healing"],
    part: { Raft: DeposedLeaderResetsTimer },
  },
  {
    name: "preVoteIsContact",
    breaks: "thesis 9.6: a pre-vote counts as the leader's message",
    source: "hashicorp/raft 42d3446; canonical/raft #279",
    oracle: "availability",
    part: { Raft: PreVoteIsContact },
  },
];
