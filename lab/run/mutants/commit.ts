/** Deliberate bugs in what counts as committed (sections 5.3 and 5.4.2), and in what is applied of it. */

import { type AppendEntries, type AppendEntriesReply, Raft } from "../../../src/raft/index.ts";
import type { Entry } from "./mutant.ts";

/** Commits entries of earlier terms by counting: Figure 8. */
class CommitOldTerm extends Raft {
  protected override advanceCommitIndex(): void {
    const index = this.replicatedIndex();
    if (index > this.commitIndex) this.commitTo(index);
  }
}

/** Commits what most servers have reached exactly, be they a majority or not. */
class CommitByMode extends Raft {
  protected override replicatedIndex(): number {
    const indexes = [this.durableIndex, ...Array.from(this.progress.values(), (each) => each.matchIndex)];
    const count = (index: number) => indexes.filter((each) => each === index).length;
    return indexes.reduce((best, each) => (count(each) > count(best) ? each : best));
  }
}

/** Commits what half of the servers have, rounded down. */
class CommitByHalf extends Raft {
  protected override replicatedIndex(): number {
    const indexes = [this.durableIndex, ...Array.from(this.progress.values(), (each) => each.matchIndex)];
    indexes.sort((a, b) => b - a);
    return indexes[Math.max(0, Math.floor(indexes.length / 2) - 1)]!;
  }
}

/** Believes the leader's commitIndex as far as its own log goes, whatever is in it. */
class CommitNoMin extends Raft {
  protected override followCommit(leaderCommit: number): void {
    this.commitTo(Math.min(leaderCommit, this.log.lastIndex));
  }
}

/** Takes over the leader's commitIndex, also when it is lower. */
class CommitGoesBack extends Raft {
  protected override followCommit(leaderCommit: number, lastNewIndex: number): void {
    this.commitIndex = Math.min(leaderCommit, lastNewIndex);
  }
}

/** Sets lastApplied back to what the leader had committed when it sent. */
class AppliedGoesBack extends Raft {
  protected override followCommit(leaderCommit: number, lastNewIndex: number): void {
    super.followCommit(leaderCommit, lastNewIndex);
    if (leaderCommit >= this.log.snapshotIndex) this.lastApplied = Math.min(this.lastApplied, leaderCommit);
  }
}

/** Counts a refusal as an acknowledgement of what was sent. */
class RefusalCounts extends Raft {
  protected override handleAppendEntriesReply(from: string, call: number, reply: AppendEntriesReply): void {
    super.handleAppendEntriesReply(from, call, reply);
    if (this.role !== "leader" || reply.success || reply.term !== this.currentTerm) return;
    const progress = this.progressOf(from);
    progress.acknowledge(progress.nextIndex - 1);
    this.advanceCommitIndex();
  }
}

/** Applies what it has appended, committed or not. */
class AppliesAtAppend extends Raft {
  protected override handleAppendEntries(request: AppendEntries): AppendEntriesReply {
    const reply = super.handleAppendEntries(request);
    if (reply.success) this.commitTo(reply.matchIndex);
    return reply;
  }
}

export const commitMutants: readonly Entry[] = [
  {
    name: "commitOldTerm",
    breaks: "section 5.4.2: old terms commit by counting (Figure 8)",
    source: "paper, Figure 8; PySyncObj #169",
    oracle: "leader completeness",
    also: ["state machine safety"],
    masks: "the no-op that a term begins with goes along in the same message",
    part: { Raft: CommitOldTerm },
  },
  {
    name: "commitByMode",
    breaks: "section 5.3: the commonest matchIndex commits",
    source: "akka-raft #42",
    oracle: "committed is durable",
    also: ["match is durable"],
    part: { Raft: CommitByMode },
  },
  {
    name: "commitByHalf",
    breaks: "section 5.3: half of the servers commit",
    source: "a classic: n/2 for n/2+1",
    oracle: "committed is durable",
    also: ["match is durable"],
    part: { Raft: CommitByHalf },
  },
  {
    name: "commitNoMin",
    breaks: "Figure 2: leaderCommit holds for any tail",
    source: "Students' Guide to Raft; WRaft PR 118",
    oracle: "state machine safety",
    also: ["leader completeness"],
    part: { Raft: CommitNoMin },
  },
  {
    name: "commitGoesBack",
    breaks: "Figure 2: commitIndex follows a late leaderCommit",
    source: "PySyncObj #166",
    oracle: "monotonic commitIndex",
    part: { Raft: CommitGoesBack },
  },
  {
    name: "appliedGoesBack",
    breaks: "Figure 2: lastApplied follows a late leaderCommit",
    source: "a student's Raft: entries run twice",
    oracle: "state agreement",
    also: ["session agreement", "history"],
    masks: "the session table answers what is applied again, unless it opens a session",
    part: { Raft: AppliedGoesBack },
  },
  {
    name: "refusalCounts",
    breaks: "section 5.3: a refusal counts as replicated",
    source: "paper, section 5.3",
    oracle: "match is durable",
    also: ["committed is durable"],
    part: { Raft: RefusalCounts },
  },
  {
    name: "appliesAtAppend",
    breaks: "section 5.3: followers commit what they append",
    source: "paper, section 5.3",
    oracle: "state machine safety",
    also: ["leader completeness"],
    part: { Raft: AppliesAtAppend },
  },
];
