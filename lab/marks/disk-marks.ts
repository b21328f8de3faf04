/** Marks of disks on which things go wrong, and of how servers get over it. */

import type { NodeId } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import type { Cluster, Sight, Watcher } from "../cluster/index.ts";

export const MISHAPS = [
  "a crash cuts a write in the middle",
  "a failed fsync ends a server's life",
  "a server comes back with a rotted entry",
  "a vote is withheld because an entry has rotted",
  "a rotted entry is repaired",
] as const;

export class DiskMarks implements Watcher {
  private readonly cluster: Cluster;
  private readonly reach: (mark: (typeof MISHAPS)[number]) => void;
  private readonly torn = new Map<NodeId, number>();
  private readonly failed = new Map<NodeId, number>();
  /** Who waits for its log to be repaired. */
  private readonly damaged = new Set<NodeId>();

  constructor(cluster: Cluster, reach: (mark: (typeof MISHAPS)[number]) => void) {
    this.cluster = cluster;
    this.reach = reach;
  }

  changed(id: NodeId, before: Sight, now: Sight): void {
    if (now.raft === null) this.crashed(id);
    else if (before.raft !== now.raft && now.raft.isDamaged) {
      this.damaged.add(id);
      this.reach("a server comes back with a rotted entry");
    }
  }

  sent(from: NodeId, payload: KvMessage): void {
    if (!this.damaged.has(from)) return;
    if (payload.kind === "requestVoteReply" && !payload.voteGranted && this.cluster.raft(from)?.isDamaged)
      this.reach("a vote is withheld because an entry has rotted");
    const tells =
      payload.kind === "appendEntriesReply" ? payload.success : payload.kind === "installSnapshotReply";
    if (!tells || this.cluster.raft(from)?.isDamaged !== false) return;
    this.damaged.delete(from);
    this.reach("a rotted entry is repaired");
  }

  private crashed(id: NodeId): void {
    this.damaged.delete(id);
    const { torn, failed } = this.cluster.world.mishaps(id);
    if (torn > (this.torn.get(id) ?? 0)) this.reach("a crash cuts a write in the middle");
    if (failed > (this.failed.get(id) ?? 0)) this.reach("a failed fsync ends a server's life");
    this.torn.set(id, torn);
    this.failed.set(id, failed);
  }
}
