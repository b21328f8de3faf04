/** Deliberate bugs in pipelined and batched replication: what a leader may count, and what a follower may acknowledge. */

import type { NodeId } from "../../../src/base/index.ts";
import { type AppendEntries, type AppendEntriesReply, Raft } from "../../../src/raft/index.ts";
import type { Entry } from "./mutant.ts";

/** A leader counts its own entries before they are on its disk. */
class LeaderCountsUndurable extends Raft {
  protected override replicatedIndex(): number {
    const durableIndex = this.durableIndex;
    this.durableIndex = this.log.lastIndex;
    const index = super.replicatedIndex();
    this.durableIndex = durableIndex;
    return index;
  }
}

/** A leader counts what it has sent ahead of the answers. */
class CountsWhatItSent extends Raft {
  protected override appendEntries(peer: NodeId, most?: number): void {
    super.appendEntries(peer, most);
    const progress = this.progressOf(peer);
    if (progress.mode === "replicate") progress.matchIndex = progress.nextIndex - 1;
  }
}

/** A follower acknowledges its whole log, also what it had from another leader. */
class AcksWholeLog extends Raft {
  protected override handleAppendEntries(request: AppendEntries): AppendEntriesReply {
    const reply = super.handleAppendEntries(request);
    return reply.success ? { ...reply, matchIndex: this.log.lastIndex } : reply;
  }
}

/** Sends again for every answer, whatever is under way. */
class ReplyStorm extends Raft {
  protected override handleAppendEntriesReply(from: NodeId, call: number, reply: AppendEntriesReply): void {
    super.handleAppendEntriesReply(from, call, reply);
    if (this.role === "leader") this.appendEntries(from);
  }
}

export const pipelineMutants: readonly Entry[] = [
  {
    name: "leaderCountsUndurable",
    breaks: "thesis 10.2.1: a leader counts unsynced entries",
    source: "thesis, section 10.2.1",
    oracle: "committed is durable",
    also: ["match is durable"],
    part: { Raft: LeaderCountsUndurable },
  },
  {
    name: "countsWhatItSent",
    breaks: "thesis 10.2.1: sent counts as replicated",
    source: "thesis, section 10.2.1",
    oracle: "match is durable",
    also: ["committed is durable"],
    part: { Raft: CountsWhatItSent },
  },
  {
    name: "acksWholeLog",
    breaks: "Figure 2: a conflicting tail is acknowledged",
    source: "Students' Guide to Raft (matchIndex is what the request shows)",
    oracle: "match is durable",
    also: ["committed is durable", "durability law"],
    part: { Raft: AcksWholeLog },
  },
  {
    name: "replyStorm",
    breaks: "thesis 10.2.1: every answer causes a request",
    source: "a bug of this project's own",
    oracle: "event budget",
    part: { Raft: ReplyStorm },
  },
];
