/** Rules of leases (thesis, section 6.4.1): a leader counts promises from when it asked for them, a follower keeps them. */

import { exact, milliseconds, type Rule } from "./rule.ts";

export const leaseRules: readonly Rule[] = [
  exact("lease-kept-through-handover", "overheld", ({ by, term, successor }) =>
    successor === null
      ? null
      : `${by}, leader of term ${term}, told ${successor} to take over and kept its lease, which the others need not heed from then on`,
  ),
  exact("lease-counted-too-long", "overheld", ({ by, term, successor, sentFor, length }) => {
    if (successor !== null) return null;
    const held = `${by}, leader of term ${term}, held its lease for longer than the promises last that it rests on:`;
    return sentFor === null
      ? `${held} no majority has answered it`
      : `${held} the latest that a majority has answered was sent ${milliseconds(sentFor)} before, and a promise is good for ${milliseconds(length)} from then on`;
  }),
  exact("promise-broken", "granted", ({ by, candidate, term, passed, since, electionTimeout }) =>
    since === "leader"
      ? `${by} voted for ${candidate} in term ${term} ${milliseconds(passed)} after it had heard from a leader, which it had promised to elect nobody for ${milliseconds(electionTimeout)}`
      : `${by} voted for ${candidate} in term ${term} ${milliseconds(passed)} after its start: it may have promised a leader before that to elect nobody for ${milliseconds(electionTimeout)}, and did not wait as long`,
  ),
];
