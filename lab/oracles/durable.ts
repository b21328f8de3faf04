/**
 * The durability law for commits: what a leader commits is on the disks of a majority by then, and stays there. It is
 * judged by the disks and not by what servers say of them, so it also sees a leader that counts itself too early,
 * which does harm only if a crash comes within the milliseconds of its write.
 */

import type { NodeId } from "../../src/base/index.ts";
import type { Raft, RaftImage } from "../../src/raft/index.ts";

type Images = (id: NodeId) => RaftImage;

/** Where the latest entry that this leader has committed is durable. */
export function durableAt({ log, commitIndex }: Raft, serverIds: readonly NodeId[], image: Images): NodeId[] {
  return serverIds.filter((id) => has(image(id), commitIndex, log.termAt(commitIndex)));
}

/**
 * Figure 2: matchIndex is the highest entry *known to be replicated*. Of whom the leader believes more than their disks
 * hold, whether or not anything was committed on the strength of it yet.
 */
export function overestimated(leader: Raft, serverIds: readonly NodeId[], image: Images): NodeId | null {
  const { log, currentTerm } = leader;
  const wrong = serverIds.find((id) => {
    const index = leader.matchIndexOf(id);
    // Nothing is claimed of the first index, nor of who is in a later term and may have overwritten what it had.
    if (index === 0 || index < log.snapshotIndex || image(id).currentTerm > currentTerm) return false;
    return index > log.lastIndex || !has(image(id), index, log.termAt(index));
  });
  return wrong ?? null;
}

function has({ log }: RaftImage, index: number, term: number): boolean {
  // What a snapshot replaced was committed, so it is the same entry.
  if (index <= log.snapshotIndex) return true;
  return index <= log.lastIndex && log.termAt(index) === term;
}
