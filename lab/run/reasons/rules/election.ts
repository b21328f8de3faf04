/** Rules of elections: Figure 2, RequestVote and Rules for Servers; section 5.4.1. */

import type { LogEnd } from "../deed.ts";
import { isOfNewMembers } from "./membership.ts";
import { areQuorum, clockWords, exact, namesIn, type Rule, shareWords } from "./rule.ts";

export const electionRules: readonly Rule[] = [
  exact("voted-twice", "voted", ({ by, candidate, term, earlier, crashedSince }) =>
    earlier === null || earlier === candidate || crashedSince
      ? null
      : `${by} voted for ${nameFor(by, earlier)} and for ${nameFor(by, candidate)} in term ${term}`,
  ),
  exact("vote-lost-at-crash", "voted", ({ by, candidate, term, earlier, crashedSince }) =>
    earlier === null || earlier === candidate || !crashedSince
      ? null
      : `${by} voted for ${nameFor(by, earlier)} in term ${term}, crashed, and voted for ${nameFor(by, candidate)} in the same term`,
  ),
  exact("vote-before-disk", "voted", ({ by, candidate, term, isOnDisk, isSaidToBe, isWritten }) => {
    if (isOnDisk || isSaidToBe || !isWritten) return null;
    const told = by === candidate ? "asked for votes" : `told ${candidate} of its vote`;
    return `${by} ${told} in term ${term} before its own vote was on its disk`;
  }),
  exact("disk-lied", "voted", ({ by, candidate, term, isOnDisk, isSaidToBe }) =>
    isOnDisk || !isSaidToBe
      ? null
      : `${by}'s disk said that its vote for ${candidate} in term ${term} was stored, and it is not`,
  ),
  exact("vote-not-written", "voted", ({ by, candidate, term, isOnDisk, isSaidToBe, isWritten }) =>
    isOnDisk || isSaidToBe || isWritten
      ? null
      : `${by} voted for ${candidate} in term ${term} and never wrote that to its disk`,
  ),
  exact("voted-for-stale-log", "voted", ({ by, candidate, term, ownEnd, candidateEnd }) => {
    if (by === candidate || isUpToDate(candidateEnd, ownEnd)) return null;
    return `${by} voted for ${candidate} in term ${term}, whose log ends with ${endWords(candidateEnd)}, although its own ends with ${endWords(ownEnd)}`;
  }),
  exact("elected-without-majority", "elected", ({ by, term, voters, configuration }) =>
    areQuorum(voters, configuration) || isOfNewMembers(voters, configuration)
      ? null
      : `${by} leads term ${term} with the votes of ${namesIn(voters)}: ${shareWords(voters, configuration)}`,
  ),
  exact("elected-under-lease", "elected", ({ by, term, lease }) =>
    lease === null
      ? null
      : `${by} was elected in term ${term} while ${lease.holder} held a lease, ${clockWords(lease.wrongClock)}`,
  ),
  exact("two-leaders-in-one-term", "elected", ({ by, term, rival }) =>
    rival === null ? null : `${rival} and ${by} both lead term ${term}`,
  ),
];

/** As somebody would call a candidate who speaks of this voter. */
function nameFor(voter: string, candidate: string): string {
  return candidate === voter ? "itself" : candidate;
}

function isUpToDate(candidate: LogEnd, own: LogEnd): boolean {
  return candidate.term === own.term ? candidate.index >= own.index : candidate.term > own.term;
}

function endWords({ index, term }: LogEnd): string {
  return `entry ${index} of term ${term}`;
}
