/** Deliberate bugs in Raft: each overrides one rule, and copies nothing. */

import type { NodeId } from "../../../src/base/index.ts";
import { type AppendEntries, type Conflict, Raft } from "../../../src/raft/index.ts";

/** Grants votes without comparing logs (section 5.4.1 left out). */
export class NoUpToDateCheck extends Raft {
  protected override candidateIsUpToDate(): boolean {
    return true;
  }
}

/** Forgets its vote in a crash: answers before, or without, writing votedFor. */
export class VoteNotPersisted extends Raft {
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
