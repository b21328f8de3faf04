/** Rules of answers: what a server may say and when (section 8; thesis, section 6.4), and what a client may make of it. */

import { areQuorum, clockWords, type DeedOf, exact, namesIn, type Rule } from "./rule.ts";

/** These concern one operation, so that of a violation's core they say more than anything that went before. */
export const answerRules: readonly Rule[] = [
  exact("silence-taken-for-success", "told", ({ by, isAnswered }) =>
    isAnswered ? null : `${by} was never answered, and took its operation for done`,
  ),
  exact("other-answer-taken", "told", ({ by, operation, meant }) =>
    meant === null || meant === operation
      ? null
      : `${by} took the answer to operation ${meant} for the answer to operation ${operation}`,
  ),
  exact("number-reused", "asked", ({ by, operation, session, request, other }) =>
    other === null
      ? null
      : `${by} gave operation ${operation} the number of operation ${other}: request ${request} of session ${session}`,
  ),
  exact("answered-by-index", "answered", ({ by, words, index, isLocalRead, instead }) =>
    index === null && !isLocalRead && instead !== null
      ? `${by} answered ${words} when it applied another request, operation ${instead}, at the index where it waited`
      : null,
  ),
  exact("answered-before-commit", "answered", ({ by, words, index, isLocalRead, instead }) =>
    index === null && !isLocalRead && instead === null
      ? `${by} answered ${words} before it was committed`
      : null,
  ),
  exact("read-by-follower", "answered", (deed) => {
    const { by, words, role, term, isLocalRead } = deed;
    if (!isLocalRead || role === "leader") return null;
    return `${by}, a ${role} in term ${term}, answered ${words} from ${sourceOf(deed)}${missedWords(deed)}`;
  }),
  exact("read-without-quorum", "answered", (deed) => {
    const { by, words, role, term, isLocalRead, confirmedBy, successor, configuration } = deed;
    if (!isLocalRead || role !== "leader" || deed.lease !== null) return null;
    if (areQuorum([by, ...confirmedBy], configuration)) return null;
    const deposed =
      successor === null ? "" : `; by then ${successor.id} led term ${successor.term}, so ${by} was deposed`;
    const asked = confirmedBy.length === 0 ? "nobody" : `only ${namesIn(confirmedBy)}`;
    return `${by}, leader of term ${term}, answered ${words} from ${sourceOf(deed)} without a quorum: ${asked} had confirmed that it still leads${deposed}${missedWords(deed)}`;
  }),
  exact("read-under-lost-lease", "answered", (deed) => {
    const { by, words, term, lease, successor } = deed;
    if (lease === null || successor === null) return null;
    return `${by}, leader of term ${term}, answered ${words} under a lease that the others no longer granted, for ${successor.id} led term ${successor.term}: ${clockWords(lease.wrongClock)}${missedWords(deed)}`;
  }),
  exact("read-before-own-entry", "answered", (deed) => {
    const { by, words, role, term, isLocalRead, hasOwnEntry } = deed;
    if (!isLocalRead || role !== "leader" || hasOwnEntry) return null;
    return `${by}, leader of term ${term}, answered ${words} from ${sourceOf(deed)} before an entry of its own term was committed${missedWords(deed)}`;
  }),
];

/** The state that was read; up to where it went, if that is not far enough. */
function sourceOf({ lastApplied, missed }: DeedOf<"answered">): string {
  if (missed === null) return "its own state";
  return lastApplied === 0 ? "an empty state" : `entry ${lastApplied}`;
}

function missedWords({ client, missed, lastApplied }: DeedOf<"answered">): string {
  if (missed === null) return "";
  const { index, words, ago } = missed;
  const before = `${(ago / 1000).toFixed(1)} ms before ${client} asked`;
  // Its own entry of that index may be another one.
  const which = index <= lastApplied ? `the entry ${index} that was committed` : `entry ${index}`;
  return `; ${which}, ${words}, acknowledged ${before}, was not in it`;
}
