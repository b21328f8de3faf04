/**
 * The durability law for commits: what a leader commits is on the disks of a majority by then, and stays there. It is
 * judged by the disks and not by what servers say of them, so it also sees a leader that counts itself too early,
 * which does harm only if a crash comes within the milliseconds of its write.
 */

import type { NodeId } from "../../src/base/index.ts";
import type { Raft, RaftImage } from "../../src/raft/index.ts";

/** Where the latest entry that this leader has committed is durable. */
export function durableAt(
  { log, commitIndex }: Raft,
  serverIds: readonly NodeId[],
  image: (id: NodeId) => RaftImage,
): readonly NodeId[] {
  const term = log.termAt(commitIndex);
  return serverIds.filter((id) => {
    const disk = image(id).log;
    // What a snapshot replaced was committed, so it is the same entry.
    if (commitIndex <= disk.snapshotIndex) return true;
    return commitIndex <= disk.lastIndex && disk.termAt(commitIndex) === term;
  });
}
