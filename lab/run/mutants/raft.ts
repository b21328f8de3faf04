/** Deliberate bugs in Raft's famous rules: what a vote needs, what a log may become, what is committed. */

import type { NodeId } from "../../../src/base/index.ts";
import { type AppendEntries, type Conflict, Raft } from "../../../src/raft/index.ts";
import type { Entry } from "./mutant.ts";

/** Grants votes without comparing logs (section 5.4.1 left out). */
export class NoUpToDateCheck extends Raft {
  protected override candidateIsUpToDate(): boolean {
    return true;
  }
}

/** Forgets its vote in a crash: answers before, or without, writing votedFor. */
class VoteNotPersisted extends Raft {
  protected override persistentVote(): NodeId | null {
    return null;
  }
}

/** Cuts its log at prevLogIndex on every AppendEntries, so that an old one removes what was acknowledged since. */
export class TruncateAlways extends Raft {
  protected override reconcile(request: AppendEntries): void {
    this.truncateFrom(request.prevLogIndex + 1);
    super.reconcile(request);
  }
}

/** Commits what any one server has: the maximum instead of the median. */
export class CommitWithoutMajority extends Raft {
  protected override replicatedIndex(): number {
    return this.log.lastIndex;
  }
}

/** Votes for every candidate of a term. */
export class VoteTwice extends Raft {
  protected override isFreeFor(): boolean {
    return true;
  }
}

/** Takes the term of the entry before the new ones on trust, as long as there is an entry. */
export class NoPrevTermCheck extends Raft {
  protected override conflictAt(prevLogIndex: number, prevLogTerm: number): Conflict | null {
    return prevLogIndex <= this.log.lastIndex ? null : super.conflictAt(prevLogIndex, prevLogTerm);
  }
}

/** Answers reads before an entry of its own term is committed (thesis, section 6.4, step 1 left out). */
export class ReadBeforeOwnEntry extends Raft {
  protected override knowsWhatIsCommitted(): boolean {
    return true;
  }
}

export const raftMutants: readonly Entry[] = [
  {
    name: "noUpToDateCheck",
    breaks: "section 5.4.1: votes are granted to any log",
    source: "paper, section 5.4.1",
    oracle: "leader completeness",
    also: ["match is durable", "committed is durable"],
    part: { Raft: NoUpToDateCheck },
  },
  {
    name: "voteNotPersisted",
    breaks: "Figure 2: votedFor does not survive a crash",
    source: "paper, Figure 2; Xraft #29, nebula #3415, sofa-jraft #1241",
    oracle: "one vote per term",
    masks: "a crash must come between two requests for a vote in one term",
    part: { Raft: VoteNotPersisted },
  },
  {
    name: "truncateAlways",
    breaks: "section 5.3: logs are cut without a conflict",
    source: "Students' Guide to Raft; RaftOS #26, akka-raft #66",
    oracle: "committed is durable",
    also: ["match is durable", "leader completeness", "durability law"],
    part: { Raft: TruncateAlways },
  },
  {
    name: "commitWithoutMajority",
    breaks: "section 5.3: what only the leader has is committed",
    source: "paper, section 5.3",
    oracle: "committed is durable",
    also: ["match is durable"],
    part: { Raft: CommitWithoutMajority },
  },
  {
    name: "voteTwice",
    breaks: "Figure 2: a server votes more than once in a term",
    source: "akka-raft #45, DaosRaft PR 70",
    oracle: "one vote per term",
    part: { Raft: VoteTwice },
  },
  {
    name: "noPrevTermCheck",
    breaks: "Figure 2: prevLogTerm is not compared",
    source: "paper, Figure 2, AppendEntries rule 2",
    oracle: "log matching",
    part: { Raft: NoPrevTermCheck },
  },
  {
    name: "readBeforeOwnEntry",
    breaks: "thesis 6.4: reads before an entry of the own term",
    source: "etcd #7331, #12680",
    oracle: "history",
    masks: "the no-op that a term begins with is committed within milliseconds",
    part: { Raft: ReadBeforeOwnEntry },
  },
];
