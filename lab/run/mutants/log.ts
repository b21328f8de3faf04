/** Deliberate bugs in how a leader brings a follower's log into line with its own (section 5.3). */

import type { NodeId } from "../../../src/base/index.ts";
import { type AppendEntries, type AppendEntriesReply, type Conflict, Raft } from "../../../src/raft/index.ts";
import type { Entry } from "./mutant.ts";

/** Takes a heartbeat without entries on trust, wherever it says that the logs match. */
class HeartbeatUnchecked extends Raft {
  private trusting = false;

  protected override handleAppendEntries(request: AppendEntries): AppendEntriesReply {
    this.trusting = request.entries.length === 0;
    return super.handleAppendEntries(request);
  }

  protected override conflictAt(prevLogIndex: number, prevLogTerm: number): Conflict | null {
    return this.trusting ? null : super.conflictAt(prevLogIndex, prevLogTerm);
  }

  protected override commitTo(index: number): void {
    super.commitTo(Math.min(index, this.log.lastIndex));
  }
}

/** Takes entries from a leader whose term is over. */
class DeposedLeaderObeyed extends Raft {
  protected override handleAppendEntries(request: AppendEntries): AppendEntriesReply {
    if (this.role === "leader") return super.handleAppendEntries(request);
    return super.handleAppendEntries({ ...request, term: this.currentTerm });
  }
}

/** Begins its term in the belief that everybody has its whole log. */
class MatchFromTheStart extends Raft {
  protected override becomeLeader(): void {
    super.becomeLeader();
    for (const progress of this.progress.values()) progress.matchIndex = this.log.lastIndex;
  }
}

/** Believes the latest answer, also when an earlier one has told of more. */
class MatchGoesBack extends Raft {
  protected override handleAppendEntriesReply(from: NodeId, call: number, reply: AppendEntriesReply): void {
    super.handleAppendEntriesReply(from, call, reply);
    if (this.role === "leader" && reply.success) this.progressOf(from).matchIndex = reply.matchIndex;
  }
}

/** Counts an answer that was given to it as the leader of an earlier term. */
class StaleReplyCounts extends Raft {
  protected override isOfThisRole(call: number): boolean {
    return this.role === "leader" || super.isOfThisRole(call);
  }

  protected override handleAppendEntriesReply(from: NodeId, call: number, reply: AppendEntriesReply): void {
    super.handleAppendEntriesReply(from, call, { ...reply, term: this.currentTerm });
  }
}

/** Goes back ten entries for each refusal, past the beginning of the log. */
class BackUpTooFar extends Raft {
  protected override handleAppendEntriesReply(from: NodeId, call: number, reply: AppendEntriesReply): void {
    super.handleAppendEntriesReply(from, call, reply);
    if (this.role !== "leader" || reply.success || reply.conflict === null) return;
    this.progressOf(from).nextIndex -= 10;
    this.appendEntries(from);
  }
}

/** Never goes back: sends what was refused again. */
class NoBackUp extends Raft {
  protected override handleAppendEntriesReply(from: NodeId, call: number, reply: AppendEntriesReply): void {
    super.handleAppendEntriesReply(from, call, { ...reply, conflict: null });
  }
}

/** Takes the entry after the last shared one for shared. */
class BackUpOffByOne extends Raft {
  protected override nextIndexAfter(conflict: Conflict): number {
    return super.nextIndexAfter(conflict) + 1;
  }
}

/** After one loss a follower gets heartbeats and nothing else, for as long as this leader leads. */
class FollowerStaysPaused extends Raft {
  private readonly pausedIn = new Map<NodeId, number>();

  protected override retryAppendEntries(from: NodeId, call: number): void {
    super.retryAppendEntries(from, call);
    this.pausedIn.set(from, this.currentTerm);
  }

  protected override appendEntries(peer: NodeId, most?: number): void {
    super.appendEntries(peer, this.pausedIn.get(peer) === this.currentTerm ? 0 : most);
  }

  protected override replicate(peer: NodeId): void {
    if (this.pausedIn.get(peer) !== this.currentTerm) super.replicate(peer);
  }
}

/** Cuts its log after the entries that came, although what follows may be newer than the message. */
class ShorterMessageCuts extends Raft {
  protected override reconcile(request: AppendEntries): void {
    super.reconcile(request);
    const end = request.prevLogIndex + request.entries.length;
    if (request.entries.length > 0 && end >= this.log.snapshotIndex) this.truncateFrom(end + 1);
  }
}

/** Finds the entry before the new ones compacted, and takes its own log for worthless. */
class CompactedPrevCuts extends Raft {
  protected override reconcile(request: AppendEntries): void {
    if (request.prevLogIndex < this.log.snapshotIndex) this.truncateFrom(this.log.snapshotIndex + 1);
    super.reconcile(request);
  }
}

/** Appends again what its snapshot holds, when an old message brings it. */
class CompactedAppendedAgain extends Raft {
  protected override reconcile(request: AppendEntries): void {
    if (request.prevLogIndex >= this.log.snapshotIndex) {
      super.reconcile(request);
      return;
    }
    this.truncateFrom(this.log.snapshotIndex + 1);
    for (const entry of request.entries) this.append(entry);
  }
}

/** Overwrites the entries that conflict and leaves those behind them. */
class ConflictKeepsTail extends Raft {
  protected override reconcile(request: AppendEntries): void {
    const { lastIndex } = this.log;
    const end = request.prevLogIndex + request.entries.length;
    const tail = end >= this.log.snapshotIndex ? this.log.slice(end + 1, lastIndex) : [];
    super.reconcile(request);
    if (this.log.lastIndex < lastIndex) for (const entry of tail) this.append(entry);
  }
}

export const logMutants: readonly Entry[] = [
  {
    name: "heartbeatUnchecked",
    breaks: "section 5.3: heartbeats skip the consistency check",
    source: "Students' Guide to Raft, its most frequent bug",
    oracle: "durability law",
    also: ["match is durable", "state machine safety", "committed is durable"],
    part: { Raft: HeartbeatUnchecked },
  },
  {
    name: "deposedLeaderObeyed",
    breaks: "Figure 2: entries of an earlier term's leader count",
    source: "paper, Figure 2, AppendEntries rule 1",
    oracle: "committed is durable",
    also: ["match is durable", "state machine safety", "leader completeness", "log matching"],
    part: { Raft: DeposedLeaderObeyed },
  },
  {
    name: "matchFromTheStart",
    breaks: "Figure 2: matchIndex begins at the last index",
    source: "Students' Guide to Raft",
    oracle: "match is durable",
    also: ["progress after healing", "availability", "committed is durable"],
    masks: "a leader never goes back behind matchIndex, so it cannot bring into line whom it believes to be",
    part: { Raft: MatchFromTheStart },
  },
  {
    name: "matchGoesBack",
    breaks: "Figure 2: matchIndex follows a late answer",
    source: "PySyncObj #167, RaftOS #25",
    oracle: "refinement",
    masks:
      "no client can tell: a lower matchIndex commits less, never more, and the answer to the next heartbeat puts it right",
    part: { Raft: MatchGoesBack },
  },
  {
    name: "staleReplyCounts",
    breaks: "Figure 2: answers to an earlier term's leader count",
    source: "Students' Guide to Raft, term confusion",
    oracle: "match is durable",
    also: ["committed is durable"],
    part: { Raft: StaleReplyCounts },
  },
  {
    name: "backUpTooFar",
    breaks: "section 5.3: nextIndex goes below the log's beginning",
    source: "Students' Guide to Raft",
    oracle: "assertion",
    part: { Raft: BackUpTooFar },
  },
  {
    name: "noBackUp",
    breaks: "section 5.3: a refused message is sent again",
    source: "paper, section 5.3",
    oracle: "progress after healing",
    also: ["availability"],
    part: { Raft: NoBackUp },
  },
  {
    name: "backUpOffByOne",
    breaks: "section 5.3: backs up to one entry too late",
    source: "Students' Guide to Raft, accelerated backtracking",
    oracle: "availability",
    equivalent:
      "Every refusal takes the leader back by at least one entry, whatever the search says, so the logs meet all the same: it costs round trips, of which nobody is promised a number.",
    part: { Raft: BackUpOffByOne },
  },
  {
    name: "followerStaysPaused",
    breaks: "thesis 10.2.1: a loss pauses a follower for good",
    source: "etcd #7037",
    oracle: "availability",
    also: ["progress after healing"],
    part: { Raft: FollowerStaysPaused },
  },
  {
    name: "shorterMessageCuts",
    breaks: "section 5.3: an old, shorter message cuts the log",
    source: "a student's Raft: acknowledged entries are cut",
    oracle: "committed is durable",
    also: ["match is durable", "durability law", "leader completeness"],
    part: { Raft: ShorterMessageCuts },
  },
  {
    name: "compactedPrevCuts",
    breaks: "section 7: entries behind a compacted one are cut",
    source: "openraft #511",
    oracle: "committed is durable",
    also: ["match is durable", "durability law", "leader completeness"],
    part: { Raft: CompactedPrevCuts },
  },
  {
    name: "compactedAppendedAgain",
    breaks: "section 7: compacted entries are appended again",
    source: "WRaft PR 118; etcd 76f1249",
    oracle: "log matching",
    part: { Raft: CompactedAppendedAgain },
  },
  {
    name: "conflictKeepsTail",
    breaks: "section 5.3: what follows a conflict stays",
    source: "paper, Figure 2, AppendEntries rule 3",
    oracle: "log matching",
    part: { Raft: ConflictKeepsTail },
  },
];
