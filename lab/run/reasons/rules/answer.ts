/** Rules of answers: what a server may say and when (section 8; thesis, section 6.4), and what a client may make of it. */

import { clockWords, exact, isMajority, namesIn, type Rule } from "./rule.ts";

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
  exact("read-by-follower", "answered", ({ by, words, role, term, isLocalRead }) =>
    isLocalRead && role !== "leader"
      ? `${by}, a ${role} in term ${term}, answered ${words} from its own state`
      : null,
  ),
  exact("read-without-quorum", "answered", (deed) => {
    const { by, words, role, term, isLocalRead, confirmedBy, successor, servers } = deed;
    if (!isLocalRead || role !== "leader" || deed.lease !== null) return null;
    if (isMajority(confirmedBy.length + 1, servers)) return null;
    const deposed =
      successor === null ? "" : `; by then ${successor.id} led term ${successor.term}, so ${by} was deposed`;
    const asked = confirmedBy.length === 0 ? "nobody" : `only ${namesIn(confirmedBy)}`;
    return `${by}, leader of term ${term}, answered ${words} from its own state without a quorum: ${asked} had confirmed that it still leads${deposed}`;
  }),
  exact("read-under-lost-lease", "answered", ({ by, words, term, lease, successor }) => {
    if (lease === null || successor === null) return null;
    return `${by}, leader of term ${term}, answered ${words} under a lease that the others no longer granted, for ${successor.id} led term ${successor.term}: ${clockWords(lease.wrongClock)}`;
  }),
  exact("read-before-own-entry", "answered", ({ by, words, role, term, isLocalRead, hasOwnEntry }) =>
    isLocalRead && role === "leader" && !hasOwnEntry
      ? `${by}, leader of term ${term}, answered ${words} before an entry of its own term was committed`
      : null,
  ),
];
