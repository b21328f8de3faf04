/**
 * Rules of who votes (section 6; thesis, chapter 4): how leaders change the membership, by which configuration servers
 * count, and whom they count that has no vote or no longer the only one.
 */

import { type Configuration, isQuorum, isVoter } from "../../../../src/raft/index.ts";
import { areQuorum, type DeedOf, exact, namesIn, type Rule, shareWords } from "./rule.ts";

export const membershipRules: readonly Rule[] = [
  exact("changed-before-own-entry", "changed", ({ by, term, index, from, to, hasOwnEntry }) =>
    // Whoever ends a change that is committed begins none.
    hasOwnEntry || from.outgoing !== null
      ? null
      : `${by}, leader of term ${term}, changed the members to ${membersIn(to)} with entry ${index} before an entry of its own term was committed: it could not know whether its predecessor had changed them`,
  ),
  exact("changed-at-one-stroke", "changed", ({ by, index, from, to }) => {
    if (from.outgoing !== null || to.outgoing !== null || differenceOf(from, to) <= 1) return null;
    return `${by} went from ${membersIn(from)} to ${membersIn(to)} with entry ${index} at one stroke, neither one server at a time nor by way of both`;
  }),
  exact("configuration-not-undone", "configured", ({ by, uses, tells, isCut }) =>
    isCut
      ? `${by} goes on counting by ${membersIn(uses)}, although that entry was cut off its log, and what is left of it says ${membersIn(tells)}`
      : null,
  ),
  exact("configuration-not-used", "configured", ({ by, uses, tells, index, isInLog, isCut }) =>
    isInLog && !isCut
      ? `${by} counts by ${membersIn(uses)}, although entry ${index} of its log says ${membersIn(tells)}`
      : null,
  ),
  exact("configuration-not-in-snapshot", "configured", ({ by, uses, tells, isInLog, isCut }) =>
    isInLog || isCut
      ? null
      : `${by} counts by ${membersIn(uses)} since a snapshot took the place of the entry that says ${membersIn(tells)}`,
  ),
  exact("joint-not-left", "lingered", ({ by, term, configuration, index }) =>
    configuration.outgoing === null
      ? null
      : `${by}, leader of term ${term}, stays in the joint configuration ${membersIn(configuration)}, although its entry ${index} is committed: both majorities are needed for ever`,
  ),
  exact("removed-leader-stays", "lingered", ({ by, term, configuration, index }) =>
    configuration.outgoing !== null
      ? null
      : `${by} goes on leading term ${term}, although entry ${index}, which is committed, leaves ${membersIn(configuration)} without it`,
  ),
  exact("elected-by-new-members", "elected", ({ by, term, voters, configuration }) =>
    areQuorum(voters, configuration) || !isOfNewMembers(voters, configuration)
      ? null
      : `${by} leads term ${term} with the votes of ${namesIn(voters)}: ${shareWords(voters, configuration)}, although each half of a joint configuration must elect it`,
  ),
  exact("committed-by-new-members", "committed", (deed) =>
    wrongCount(deed) === "new members" ? `${committedWords(deed)}, although each half must have it` : null,
  ),
  exact("committed-by-removed-leader", "committed", (deed) =>
    wrongCount(deed) === "itself"
      ? `${committedWords(deed)}; ${deed.by} has removed itself and is none of them`
      : null,
  ),
  exact("committed-by-learners", "committed", (deed) =>
    wrongCount(deed) === "learners"
      ? `${committedWords(deed)}; ${namesIn(deed.learners.filter((id) => deed.onDisks.includes(id)))} had no vote yet`
      : null,
  ),
];

/** True in a joint configuration of whose new members these are a majority: as if the old ones had no say any more. */
export function isOfNewMembers(who: readonly string[], { voters, outgoing }: Configuration): boolean {
  return outgoing !== null && isQuorum(new Set(who), { kind: "configuration", voters, outgoing: null });
}

/** Who made this leader take for a quorum what is none; null if it is one, or nobody special was counted. */
export function wrongCount({
  by,
  onDisks,
  configuration,
  learners,
}: DeedOf<"committed">): "new members" | "itself" | "learners" | null {
  if (areQuorum(onDisks, configuration)) return null;
  if (isOfNewMembers(onDisks, configuration)) return "new members";
  const needed = Math.floor(configuration.voters.length / 2) + 1;
  const counted = (others: readonly string[]) =>
    onDisks.filter((id) => configuration.voters.includes(id) || others.includes(id)).length;
  if (!isVoter(configuration, by) && counted([by]) >= needed) return "itself";
  return counted(learners) >= needed ? "learners" : null;
}

function committedWords({ by, index, onDisks, configuration }: DeedOf<"committed">): string {
  return `${by} committed entry ${index} while it was on the disks of ${namesIn(onDisks)}: ${shareWords(onDisks, configuration)}`;
}

/** "n1, n2 and n3"; of a joint configuration both halves. */
function membersIn({ voters, outgoing }: Configuration): string {
  return outgoing === null ? namesIn(voters) : `of ${namesIn(outgoing)} with ${namesIn(voters)}`;
}

/** How many servers are in one of them and not in the other. */
function differenceOf({ voters: some }: Configuration, { voters: others }: Configuration): number {
  return some.filter((id) => !others.includes(id)).length + others.filter((id) => !some.includes(id)).length;
}
