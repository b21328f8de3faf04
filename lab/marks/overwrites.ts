/** Marks of entries that are overwritten: the situations in which what somebody believes of an index is not true any more. */

import type { NodeId } from "../../src/base/index.ts";
import type { Raft, RaftLog } from "../../src/raft/index.ts";
import type { Cluster, Sight, Watcher } from "../cluster/index.ts";

export const OVERWRITES = [
  "what a deposed leader took is overwritten",
  "an overwritten entry comes back",
  "an entry that was on a majority is overwritten",
] as const;

/** An entry, by what makes it this one. */
interface Place {
  readonly index: number;
  readonly term: number;
}

export class Overwrites implements Watcher {
  private readonly cluster: Cluster;
  private readonly reach: (mark: (typeof OVERWRITES)[number]) => void;
  /** By server that has led: the last entry that it took. */
  private readonly taken = new Map<NodeId, Place>();
  /** By server: last entries that it has cut off, and nothing is committed in their place yet. */
  private readonly cut = new Map<NodeId, readonly Place[]>();
  /** By index: the terms of entries that were on a majority, uncommitted, when the term was over. */
  private readonly exposed = new Map<number, readonly number[]>();

  constructor(cluster: Cluster, reach: (mark: (typeof OVERWRITES)[number]) => void) {
    this.cluster = cluster;
    this.reach = reach;
  }

  changed(id: NodeId, before: Sight, now: Sight): void {
    const { raft } = now;
    if (raft === null) return;
    if (before.raft === raft && before.lastIndex > before.commitIndex) this.compareLast(id, before, now);
    // All that follows is rare, and this is asked after every change.
    const taken = this.taken.get(id);
    if (taken !== undefined) this.followTaken(id, taken, raft);
    const cut = this.cut.get(id);
    if (cut !== undefined) this.followCut(id, cut, raft);
  }

  /** What has become of what was a server's last entry, one step later. */
  private compareLast(id: NodeId, before: Sight, now: Sight): void {
    const { lastIndex: index, lastTerm: term } = before;
    if (before.role === "leader" && now.role !== "leader" && term === before.term)
      this.taken.set(id, { index, term });
    // A log that has grown within a term has grown behind its last entry.
    if (now.lastTerm === term && now.lastIndex >= index) return;
    if (!stands(now.raft!.log, { index, term }))
      this.cut.set(id, [...(this.cut.get(id) ?? []), { index, term }]);
  }

  private followTaken(id: NodeId, taken: Place, { log, commitIndex }: Raft): void {
    const isThere = stands(log, taken);
    if (!isThere) this.reach("what a deposed leader took is overwritten");
    if (!isThere || commitIndex >= taken.index) this.taken.delete(id);
  }

  private followCut(id: NodeId, cut: readonly Place[], { log, commitIndex }: Raft): void {
    if (cut.some((place) => stands(log, place))) this.reach("an overwritten entry comes back");
    const open = cut.filter((place) => place.index > commitIndex && !stands(log, place));
    if (open.length > 0) this.cut.set(id, open);
    else this.cut.delete(id);
  }

  /** A follower tells its leader that it has all entries up to this one. */
  acknowledged({ log, commitIndex, currentTerm }: Raft, index: number): void {
    if (index <= commitIndex || !log.has(index)) return;
    const term = log.termAt(index);
    if (term === currentTerm) return;
    const { serverIds, world } = this.cluster;
    const holders = serverIds.filter((id) => stands(world.image(id).log, { index, term }));
    const exposed = this.exposed.get(index) ?? [];
    if (2 * holders.length > serverIds.length && !exposed.includes(term))
      this.exposed.set(index, [...exposed, term]);
  }

  committed(index: number, term: number): void {
    const exposed = this.exposed.get(index);
    if (exposed === undefined) return;
    this.exposed.delete(index);
    if (exposed.some((each) => each !== term)) this.reach("an entry that was on a majority is overwritten");
  }
}

/** What is compacted was committed, so it is what it was. */
function stands(log: RaftLog, { index, term }: Place): boolean {
  return index <= log.snapshotIndex || (log.has(index) && log.termAt(index) === term);
}
