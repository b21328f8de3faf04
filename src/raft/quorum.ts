/** Majorities: any two of them share a server, which is what all of Raft's safety rests on. */

import type { NodeId } from "../base/index.ts";

/** True if these are more than half of the members. */
export function isMajority(who: ReadonlySet<NodeId>, members: readonly NodeId[]): boolean {
  let count = 0;
  for (const member of members) if (who.has(member)) count++;
  return 2 * count > members.length;
}

/** The largest index that more than half of these have reached. */
export function majorityIndex(matchIndexes: readonly number[]): number {
  const descending = [...matchIndexes].sort((a, b) => b - a);
  return descending[Math.floor(descending.length / 2)]!;
}
