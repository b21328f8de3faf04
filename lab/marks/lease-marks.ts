/** Marks of reads under a lease: how often leaders had one, and how often it made others wait. */

import type { NodeId } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import type { Raft } from "../../src/raft/index.ts";
import type { Cluster } from "../cluster/index.ts";

export const LEASES = [
  "a leader answers while it holds a lease",
  "a leader is asked for a read when its lease has run out",
  "a vote is withheld for a lease's sake",
  "a vote is withheld after a restart",
  "a lease is given up for a handover",
] as const;

export class LeaseMarks {
  private readonly cluster: Cluster;
  private readonly reach: (mark: (typeof LEASES)[number]) => void;

  constructor(cluster: Cluster, reach: (mark: (typeof LEASES)[number]) => void) {
    this.cluster = cluster;
    this.reach = reach;
  }

  sent(from: NodeId, to: NodeId, payload: KvMessage): void {
    switch (payload.kind) {
      case "requestVoteReply":
        if (!payload.preVote && !payload.voteGranted) this.refused(from, to);
        break;
      case "timeoutNow":
        this.reach("a lease is given up for a handover");
        break;
      case "clerkRequest":
        if (payload.operation.kind === "get") this.asked(to);
        break;
      case "result":
        if (this.holdsLease(this.cluster.raft(from))) this.reach("a leader answers while it holds a lease");
        break;
      default:
    }
  }

  private refused(voter: NodeId, candidate: NodeId): void {
    const [own, other] = [this.cluster.raft(voter), this.cluster.raft(candidate)];
    // Else it would have taken up the candidate's term.
    if (own === null || other === null || own.currentTerm >= other.currentTerm) return;
    this.reach(
      own.leaderId === null ? "a vote is withheld after a restart" : "a vote is withheld for a lease's sake",
    );
  }

  private asked(id: NodeId): void {
    const raft = this.cluster.raft(id);
    if (raft?.role === "leader" && !this.holdsLease(raft))
      this.reach("a leader is asked for a read when its lease has run out");
  }

  private holdsLease(raft: Raft | null): boolean {
    return raft?.holdsLease(this.cluster.world.clock(raft.id)) ?? false;
  }
}
