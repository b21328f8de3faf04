/** Rules of what must be on disk before anybody hears of it, and of what counts as committed (sections 5.3, 5.4.2). */

import { wrongCount } from "./membership.ts";
import { areQuorum, exact, namesIn, type Rule, shareWords } from "./rule.ts";

const KEPT = {
  term: "the term that it is in",
  vote: "its vote",
  log: "the end of its log",
  snapshot: "its snapshot",
} as const;

export const durabilityRules: readonly Rule[] = [
  exact("not-written", "kept", ({ by, lacks, written }) =>
    written ? null : `${by} has not written ${KEPT[lacks]} to its disk`,
  ),
  exact("disk-lied", "kept", ({ by, lacks, written }) =>
    written ? `${by} wrote ${KEPT[lacks]}, its disk said that it was stored, and it is not` : null,
  ),
  exact("disk-lied", "acknowledged", ({ by, index, onDisk, isOnDisk, isSaidToBe }) =>
    isOnDisk || !isSaidToBe
      ? null
      : `${by}'s disk said that entry ${index} was stored, but it ends at entry ${onDisk}`,
  ),
  exact("disk-out-of-order", "restarted", ({ by, inOrder }) =>
    inOrder
      ? null
      : `the crash left ${by} a disk that no order of its writes explains: a later write is there and an earlier one is not`,
  ),
  exact(
    "acknowledged-before-disk",
    "acknowledged",
    ({ by, to, index, what, onDisk, isOnDisk, isSaidToBe }) =>
      isOnDisk || isSaidToBe
        ? null
        : `${by} told ${to} that it has ${what} ${index} while its disk ended at entry ${onDisk}`,
  ),
  exact("rotted-cut", "restarted", ({ by, unseen }) =>
    unseen?.isCut
      ? `${by} found entry ${unseen.index} rotted and cut it off its log, as if a crash had left it half written: others may count on it`
      : null,
  ),
  exact("lost-at-crash", "restarted", ({ by, lost }) =>
    lost === null
      ? null
      : `${by} came back from a crash without entry ${lost.index} of term ${lost.term}, which it had acknowledged`,
  ),
  exact("voted-before-repair", "voted", ({ by, candidate, term, rotted }) =>
    rotted === null
      ? null
      : `${by} voted for ${candidate} in term ${term} while it had lost entry ${rotted}, which had rotted on its disk`,
  ),
  exact("rotted-unnoticed", "restarted", ({ by, unseen }) =>
    unseen === null || unseen.isCut
      ? null
      : `${by} took entry ${unseen.index} from its disk as it was, although it had rotted there`,
  ),
  exact("counted-unacknowledged", "counted", ({ by, term, server, index, known }) => {
    if (known >= index) return null;
    const most = known === 0 ? "nothing" : `no more than entry ${known}`;
    return server === by
      ? `${by}, leader of term ${term}, takes entry ${index} to be on its own disk, which has confirmed ${most}`
      : `${by}, leader of term ${term}, takes entry ${index} to be on ${server}, which has confirmed ${most}`;
  }),
  exact("committed-without-majority", "committed", (deed) => {
    const { by, index, onDisks, configuration } = deed;
    if (areQuorum(onDisks, configuration) || wrongCount(deed) !== null) return null;
    return `${by} committed entry ${index} while it was on the disks of ${namesIn(onDisks)}: ${shareWords(onDisks, configuration)}`;
  }),
  exact("committed-old-term", "committed", ({ by, index, term, ownTerm }) =>
    term === ownTerm
      ? null
      : `${by}, which leads term ${ownTerm}, committed entry ${index} of term ${term} by counting who has it`,
  ),
];
