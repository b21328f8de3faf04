/** What all that watch a run share: whom they watch, and where they write down what they saw. */

import type { Instant, NodeId } from "../../../src/base/index.ts";
import type { Cluster } from "../../cluster/index.ts";
import type { Deed } from "./deed.ts";

export interface Scene {
  readonly cluster: Cluster;
  readonly deeds: Deed[];
}

/** Now, by the world's clock. */
export function nowIn({ cluster }: Scene): Instant {
  return cluster.world.now;
}

/** The server that leads a later term than this; null if none does. */
export function successorOf(
  { cluster }: Scene,
  term: number,
): { readonly id: NodeId; readonly term: number } | null {
  let found: { id: NodeId; term: number } | null = null;
  for (const id of cluster.serverIds) {
    const raft = cluster.raft(id);
    if (raft === null || raft.role !== "leader" || raft.currentTerm <= (found?.term ?? term)) continue;
    found = { id, term: raft.currentTerm };
  }
  return found;
}
