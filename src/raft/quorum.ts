/**
 * What a quorum is, in one place for elections, commits, reads and whatever else a leader must be sure of. Any two of
 * one configuration share a server, and so do two of configurations that follow on one another: all of Raft's safety
 * rests on it.
 */

import type { NodeId } from "../base/index.ts";
import type { Configuration } from "./configuration.ts";

/** True if these are a majority of the voters and, in a joint configuration, of the outgoing ones too. */
export function isQuorum(who: ReadonlySet<NodeId>, { voters, outgoing }: Configuration): boolean {
  return isMajority(who, voters) && (outgoing === null || isMajority(who, outgoing));
}

/** The largest index that a quorum has reached, where `of` tells how far a server is. */
export function quorumIndex({ voters, outgoing }: Configuration, of: (server: NodeId) => number): number {
  const index = majorityIndex(voters.map(of));
  return outgoing === null ? index : Math.min(index, majorityIndex(outgoing.map(of)));
}

/** True if these are more than half of the members. */
function isMajority(who: ReadonlySet<NodeId>, members: readonly NodeId[]): boolean {
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
