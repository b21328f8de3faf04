/** The specification's actions of replication, commitment and reads: who breaks a guard is told which one. */

import { describe, expect, test } from "vitest";
import { type AppendEntries, type AppendEntriesReply, type Conflict, Raft } from "../../src/raft/index.ts";
import { appendEntries, conflicting, matching } from "../raft/bench.ts";
import { saying } from "./altered.ts";
import { type Case, sentenceOf } from "./case.ts";
import type { Stand } from "./stand.ts";

class AppendsInOldTerm extends Raft {
  protected override appendAsLeader(command: unknown): void {
    this.append(Object.freeze({ term: this.currentTerm - 1, command }));
  }
}

class AppendsAsFollower extends Raft {
  override get acceptsProposals(): boolean {
    return true;
  }

  protected override appendAsLeader(command: unknown): void {
    this.append(Object.freeze({ term: this.currentTerm, command }));
  }
}

class FollowsOldLeaders extends Raft {
  protected override handleAppendEntries(request: AppendEntries): AppendEntriesReply {
    return super.handleAppendEntries({ ...request, term: this.currentTerm });
  }
}

class ComparesNoTerms extends Raft {
  protected override conflictAt(prevLogIndex: number, prevLogTerm: number): Conflict | null {
    return prevLogIndex <= this.log.lastIndex ? null : super.conflictAt(prevLogIndex, prevLogTerm);
  }
}

class HeartbeatsUnchecked extends Raft {
  protected override handleAppendEntries(request: AppendEntries): AppendEntriesReply {
    const reply = super.handleAppendEntries(request);
    return request.entries.length > 0 || reply.success ? reply : { ...reply, success: true, conflict: null };
  }
}

class TruncatesAlways extends Raft {
  protected override reconcile(request: AppendEntries): void {
    this.truncateFrom(request.prevLogIndex + 1);
    super.reconcile(request);
  }
}

class KeepsConflicts extends Raft {
  protected override reconcile(request: AppendEntries): void {
    const entries = request.entries.slice(this.log.lastIndex - request.prevLogIndex);
    super.reconcile({ ...request, prevLogIndex: this.log.lastIndex, entries });
  }
}

class CommitsWholeLog extends Raft {
  protected override handleAppendEntries(request: AppendEntries): AppendEntriesReply {
    const reply = super.handleAppendEntries(request);
    if (reply.success) this.commitTo(Math.min(request.leaderCommit, this.log.lastIndex));
    return reply;
  }
}

class CommitGoesBack extends Raft {
  protected override commitTo(index: number): void {
    this.commitIndex = index;
  }
}

class MatchGoesBack extends Raft {
  protected override handleAppendEntriesReply(from: string, call: number, reply: AppendEntriesReply): void {
    super.handleAppendEntriesReply(from, call, reply);
    if (reply.success) this.progressOf(from).matchIndex = reply.matchIndex;
  }
}

class CountsOldReplies extends Raft {
  protected override isOfThisRole(): boolean {
    return true;
  }

  protected override handleAppendEntriesReply(from: string, call: number, reply: AppendEntriesReply): void {
    super.handleAppendEntriesReply(from, call, { ...reply, term: this.currentTerm });
  }
}

class CommitsOldTerms extends Raft {
  protected override advanceCommitIndex(): void {
    const index = this.replicatedIndex();
    if (index > this.commitIndex) this.commitTo(index);
  }
}

class CommitsAlone extends Raft {
  protected override replicatedIndex(): number {
    return this.log.lastIndex;
  }
}

class CountsUndurable extends Raft {
  protected override replicatedIndex(): number {
    this.durableIndex = this.log.lastIndex;
    return super.replicatedIndex();
  }
}

class AppliesTwice extends Raft {
  protected override applyCommitted(): void {
    if (this.lastApplied > 0 && this.lastApplied < this.commitIndex) this.lastApplied--;
    super.applyCommitted();
  }
}

class ReadsWithoutQuorum extends Raft {
  protected override isConfirmed(): boolean {
    return true;
  }
}

class ReadsBeforeOwnEntry extends Raft {
  protected override knowsWhatIsCommitted(): boolean {
    return true;
  }
}

/** Leads term 1 with these commands, of which nobody has heard yet. */
const leading =
  (...commands: readonly string[]) =>
  (s: Stand): Stand => {
    s.elect().propose(...commands);
    return s;
  };

/** n2 has the whole log. */
function follow(s: Stand, follower = "n2"): void {
  s.answer(s.latestTo(follower), matching(s.raft.currentTerm, s.raft.log.lastIndex));
}

const cases: readonly Case[] = [
  {
    rule: "ClientRequest: in the leader's term",
    RaftClass: AppendsInOldTerm,
    script: leading("a"),
    because: "ClientRequest, because the new entry has term 0, not the current term 1 (thesis 3.5)",
  },
  {
    rule: "ClientRequest: of a leader",
    RaftClass: AppendsAsFollower,
    script: (s) => s.propose("a"),
    because: "ClientRequest, because it is a follower, and only a leader takes commands (thesis 3.5)",
  },
  {
    rule: "AppendEntries: in the leader's term",
    RaftClass: saying("appendEntries", ({ term }) => ({ term: term + 1 })),
    script: leading(),
    because: "AppendEntries, because it sends in term 2, not in its own, 1",
  },
  {
    rule: "AppendEntries: with the term of the entry before",
    RaftClass: saying("appendEntries", () => ({ prevLogTerm: 7 })),
    setup: { log: [1] },
    script: leading(),
    because: "AppendEntries, because it says that entry 1 has term 7, and its log has 1",
  },
  {
    rule: "AppendEntries: with the leader's entries",
    RaftClass: saying("appendEntries", ({ entries }) => ({ entries: entries.map((each) => ({ ...each })) })),
    script: (s) => {
      follow(s.elect());
      s.propose("a");
    },
    because: "AppendEntries, because it sends another entry 1 than it has",
  },
  {
    rule: "AppendEntries: with entries that there are",
    RaftClass: saying("appendEntries", ({ prevLogIndex }) => ({ prevLogIndex: prevLogIndex + 1 })),
    script: leading("a"),
    because: "AppendEntries, because it sends up to entry 1 of a log that ends at 0",
  },
  {
    rule: "AppendEntries: with no more than is committed",
    RaftClass: saying("appendEntries", () => ({ leaderCommit: 3 })),
    script: leading("a"),
    because: "AppendEntries, because it says that 3 is committed, and its commitIndex is 0",
  },
  {
    rule: "HandleAppendEntriesRequest: not in a term that is over",
    RaftClass: FollowsOldLeaders,
    setup: { term: 3 },
    script: (s) => s.ask("n2", appendEntries(2, [0, 0], [2])),
    because: "HandleAppendEntriesRequest with success, because term 2 is over, it is in term 3 (thesis 3.3)",
  },
  {
    rule: "HandleAppendEntriesRequest: after an entry of the same term",
    RaftClass: ComparesNoTerms,
    setup: { log: [1, 1] },
    script: (s) => s.ask("n2", appendEntries(3, [2, 2], [3])),
    because:
      "HandleAppendEntriesRequest with success, because its entry 2 has term 1, the leader's has 2 (thesis 3.5)",
  },
  {
    rule: "HandleAppendEntriesRequest: also of a heartbeat",
    RaftClass: HeartbeatsUnchecked,
    script: (s) => s.ask("n2", appendEntries(3, [2, 2])),
    because:
      "HandleAppendEntriesRequest with success, because its log ends at 0, before entry 2 (thesis 3.5)",
  },
  {
    rule: "HandleAppendEntriesRequest: with success if the logs match",
    RaftClass: saying("appendEntriesReply", () => ({ success: false })),
    script: (s) => s.ask("n2", appendEntries(1, [0, 0], [1])),
    because:
      "HandleAppendEntriesRequest without success, because the logs match where the entries begin (thesis 3.5)",
  },
  {
    rule: "HandleAppendEntriesRequest: up to the last entry of the request",
    RaftClass: saying("appendEntriesReply", () => ({ matchIndex: 2 })),
    setup: { log: [1, 1] },
    script: (s) => s.ask("n2", appendEntries(1, [0, 0], [1])),
    because:
      "HandleAppendEntriesRequest with success, because it acknowledges entry 2, and the request ends at 1",
  },
  {
    rule: "HandleAppendEntriesRequest: nothing goes without a conflict",
    RaftClass: TruncatesAlways,
    setup: { log: [1, 1] },
    script: (s) => s.ask("n2", appendEntries(1, [0, 0], [1])),
    because: "HandleAppendEntriesRequest, because its last index is 1, and not 2",
  },
  {
    rule: "HandleAppendEntriesRequest: what conflicts goes",
    RaftClass: KeepsConflicts,
    setup: { log: [1, 1] },
    script: (s) => s.ask("n2", appendEntries(2, [1, 1], [2, 2])),
    because: "HandleAppendEntriesRequest, because its entry 2 is another one",
  },
  {
    rule: "HandleAppendEntriesRequest: commits no more than is known to match",
    RaftClass: CommitsWholeLog,
    setup: { log: [1, 1, 1] },
    script: (s) => s.ask("n2", appendEntries(2, [1, 1], [], 3)),
    because: "HandleAppendEntriesRequest, because its commitIndex is 3, and not 1",
  },
  {
    rule: "HandleAppendEntriesRequest: commitIndex never goes back",
    RaftClass: CommitGoesBack,
    setup: { log: [1, 1] },
    script: (s) => {
      s.ask("n2", appendEntries(1, [2, 1], [], 2));
      s.ask("n2", appendEntries(1, [2, 1], [], 1));
    },
    because: "HandleAppendEntriesRequest with success, because its commitIndex is 1, and not 2",
  },
  {
    rule: "HandleAppendEntriesResponse: matchIndex never goes back",
    RaftClass: MatchGoesBack,
    script: (s) => {
      leading("a", "b")(s);
      const call = s.latestTo("n2");
      s.answer(call, matching(1, 2));
      s.answer(call, matching(1, 1));
    },
    because: "HandleAppendEntriesResponse, because its matchIndex of n2 is 1, and not 2",
  },
  {
    rule: "DropStaleResponse: of an earlier term",
    RaftClass: CountsOldReplies,
    script: (s) => {
      leading("a")(s);
      const old = s.latestTo("n2");
      s.answer(s.latestTo("n3"), conflicting(2, null));
      s.elect();
      s.answer(old, matching(1, 1));
    },
    because: "DropStaleResponse, because its matchIndex of n2 is 1, and not 0",
  },
  {
    rule: "AdvanceCommitIndex: an entry of the current term",
    RaftClass: CommitsOldTerms,
    setup: { log: [1, 2, 2] },
    script: (s) => follow(s.elect()),
    because:
      "AdvanceCommitIndex, because the entry at index 3 has term 2, not the current term 3 (thesis 3.6.2)",
  },
  {
    rule: "AdvanceCommitIndex: an entry that a quorum has",
    RaftClass: CommitsAlone,
    script: leading("a"),
    because:
      "AdvanceCommitIndex, because entry 1 is known to be on the disks of n1, no quorum of 3 (thesis 3.5)",
  },
  {
    rule: "AdvanceCommitIndex: an entry that the leader has on its disk",
    RaftClass: CountsUndurable,
    script: (s) => {
      s.elect();
      s.diskHeld = true;
      s.propose("a");
      follow(s);
    },
    because:
      "AdvanceCommitIndex, because entry 1 is known to be on the disks of n2, no quorum of 3 (thesis 3.5)",
  },
  {
    rule: "Apply: every entry once",
    RaftClass: AppliesTwice,
    setup: { log: [1, 1] },
    script: (s) => {
      s.ask("n2", appendEntries(1, [2, 1], [], 1));
      s.ask("n2", appendEntries(1, [2, 1], [], 2));
    },
    because: "Apply, because it applies entry 1 after 1 (thesis 3.5)",
  },
  {
    rule: "AnswerRead: with proof that a quorum still follows",
    RaftClass: ReadsWithoutQuorum,
    script: (s) => {
      follow(leading("a")(s));
      s.read(1);
    },
    because:
      "AnswerRead, because since the read was asked for only n1 followed it, no quorum of 3 (thesis 6.4)",
  },
  {
    rule: "AnswerRead: not before an entry of its own term is committed",
    RaftClass: ReadsBeforeOwnEntry,
    setup: { log: [1] },
    script: (s) => {
      s.elect().read(1);
      s.answer(s.latestTo("n2"), matching(2, 1));
    },
    because:
      "AnswerRead, because no entry of its own term 2 is committed, the latest has term 0 (thesis 6.4)",
  },
];

describe("a step that breaks a guard of replication is no action", () => {
  test.each(cases.map((each) => [each.rule, each] as const))("%s", (_, { because, ...broken }) => {
    expect(sentenceOf({ ...broken, RaftClass: Raft })).toBe(null);
    expect(sentenceOf(broken)).toBe(`n1's step is no action of the specification: ${because}`);
  });
});
