/** Deliberate bugs in Raft that the Go labs' Raft suites are there to notice. Each overrides one rule. */

import { MILLISECOND, type NodeId } from "../../src/base/index.ts";
import { Raft, type RequestVote } from "../../src/raft/index.ts";

/** Leads on its own vote, once that is durable: half of three. */
export class ElectedByHalf extends Raft {
  protected override countOwnVote(mark: number): void {
    super.countOwnVote(mark);
    if (this.role === "candidate" && this.votes.has(this.id)) this.becomeLeader();
  }
}

/** Commits what half of the servers have: two of five. */
export class CommitByHalf extends Raft {
  protected override replicatedIndex(): number {
    const matchIndexes = [this.durableIndex, ...Array.from(this.progress.values(), (p) => p.matchIndex)];
    const descending = matchIndexes.sort((a, b) => b - a);
    return descending[Math.floor(descending.length / 2) - 1]!;
  }
}

/** Keeps its vote when the term changes, and so votes for one server in its life. */
export class VoteForLife extends Raft {
  protected override adoptTerm(term: number): void {
    const { votedFor } = this;
    super.adoptTerm(term);
    this.votedFor = votedFor;
  }
}

/** Votes for whoever asks, however often: votedFor is not looked at. */
export class VoteForAll extends Raft {
  protected override handleRequestVote(request: RequestVote) {
    if (!request.preVote) this.votedFor = null;
    return super.handleRequestVote(request);
  }
}

/** Goes back one entry for each refusal, as in Figure 2 without section 5.3's last paragraphs. */
export class BackUpByOne extends Raft {
  protected override nextIndexAfter(): number {
    return Number.POSITIVE_INFINITY;
  }
}

/** Goes back one entry with each heartbeat: the slow way that the Go labs' Backup is there for. */
export class BackUpByHeartbeat extends Raft {
  private broadcasting = false;

  protected override nextIndexAfter(): number {
    return Number.POSITIVE_INFINITY;
  }

  protected override broadcast(): void {
    this.broadcasting = true;
    super.broadcast();
    this.broadcasting = false;
  }

  protected override appendEntries(peer: NodeId): void {
    const probing = this.progressOf(peer).mode === "probe";
    if (this.broadcasting || !probing) super.appendEntries(peer);
  }

  protected override replicate(peer: NodeId): void {
    if (this.progressOf(peer).mode !== "probe") super.replicate(peer);
  }
}

/** Commits entries of earlier terms by counting their copies (section 5.4.2 left out). */
export class CommitOldTerms extends Raft {
  protected override advanceCommitIndex(): void {
    this.commitTo(Math.max(this.commitIndex, this.replicatedIndex()));
  }
}

/** A new leader takes it that everybody has its whole log. */
export class MatchFromTheStart extends Raft {
  protected override becomeLeader(): void {
    super.becomeLeader();
    for (const progress of this.progress.values()) progress.matchIndex = this.log.lastIndex;
  }
}

/** A heartbeat every 5 ms. */
export class HeartbeatStorm extends Raft {
  protected override broadcast(): void {
    super.broadcast();
    this.deadline = this.now + 5 * MILLISECOND;
  }
}

/** Sends every AppendEntries twice. */
export class SendTwice extends Raft {
  protected override call(peer: NodeId, payload: Parameters<Raft["call"]>[1]): void {
    super.call(peer, payload);
    super.call(peer, payload);
  }
}

/** Writes nothing to its disk, and tells everybody that it has. */
export class NothingPersisted extends Raft {
  protected override save() {
    super.save();
    return null;
  }
}

/** Lets its log grow. */
export class NeverCompacts extends Raft {
  protected override compact(): void {}
}

/** Says that it has installed every snapshot, and installs none. */
export class SnapshotIgnored extends Raft {
  protected override isStale(): boolean {
    return true;
  }
}

/** Installs every snapshot, also one that it is ahead of. */
export class StaleSnapshotInstalled extends Raft {
  protected override isStale(): boolean {
    return false;
  }
}
