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
  let largest = 0;
  for (const index of matchIndexes) {
    if (index > largest && 2 * countFrom(index, matchIndexes) > matchIndexes.length) largest = index;
  }
  return largest;
}

/** How many have reached this index. */
function countFrom(index: number, matchIndexes: readonly number[]): number {
  let count = 0;
  for (const each of matchIndexes) if (each >= index) count++;
  return count;
}
