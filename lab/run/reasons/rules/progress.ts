/** Rules of getting on: elections that can be won, leaders that serve or leave, clients that are told. */

import { exact, likely, milliseconds, type Rule } from "./rule.ts";

export const progressRules: readonly Rule[] = [
  exact("no-election-timer", "standing", ({ by, role, term, hasTimer }) =>
    hasTimer || role === "leader"
      ? null
      : `${by}, a ${role} in term ${term}, has no election timeout: it would wait for ever`,
  ),
  // Who leads notices it at a heartbeat, after two timeouts; a margin, for it may have been paused.
  exact("leads-without-quorum", "standing", (deed) => {
    const { by, term, quorumSilentFor, electionTimeout, checksQuorum } = deed;
    return checksQuorum && quorumSilentFor > 4 * electionTimeout
      ? `${by} still leads term ${term}, although no quorum has answered it for ${milliseconds(quorumSilentFor)}`
      : null;
  }),
  exact("handover-without-end", "standing", ({ by, term, refusingFor, electionTimeout }) =>
    refusingFor > 3 * electionTimeout
      ? `${by} leads term ${term} and has taken no proposals for ${milliseconds(refusingFor)}: its handover does not end`
      : null,
  ),
  exact("vote-withheld", "refused", (deed) => {
    const { by, candidate, term, ownTerm, role, preVote, isUpToDate, hasVoted, isDamaged, isBound } = deed;
    if (preVote || role !== "follower" || term !== ownTerm || !isUpToDate || hasVoted) return null;
    if (isDamaged || isBound) return null;
    return `${by} refused ${candidate} its vote in term ${term}, although it had voted for nobody in that term and ${candidate}'s log is no older than its own`;
  }),
  exact("promise-not-given", "refused", (deed) => {
    const { by, candidate, term, ownTerm, role, preVote, isBound, isStranger, leaderSilentFor } = deed;
    if (preVote || role === "leader" || term <= ownTerm || isBound || isStranger) return null;
    const silence =
      leaderSilentFor === null
        ? "it had heard none"
        : `the last was heard ${milliseconds(leaderSilentFor)} ago`;
    return `${by} was in term ${ownTerm} and refused ${candidate} its vote in term ${term} as if it had promised that to a leader: ${silence}`;
  }),
  exact("pre-vote-withheld", "refused", (deed) => {
    const { by, candidate, term, ownTerm, role, preVote, isUpToDate, isDamaged } = deed;
    const { leaderSilentFor, electionTimeout } = deed;
    if (!preVote || role === "leader" || term <= ownTerm || !isUpToDate || isDamaged) return null;
    if (leaderSilentFor === null || leaderSilentFor < electionTimeout) return null;
    return `${by} refused ${candidate} a pre-vote for term ${term}, although it had heard no leader for ${milliseconds(leaderSilentFor)} and ${candidate}'s log is no older than its own`;
  }),
  exact(
    "waited-for-deposed-leader",
    "waited",
    ({ by, leader, leaderTerm, ownTerm }) =>
      `${by}, in term ${ownTerm}, began its election timeout anew for ${leader}, which leads term ${leaderTerm} only`,
  ),
  exact("clients-left-waiting", "left", ({ by, term, waiting }) =>
    waiting === 0
      ? null
      : `${by} stopped leading term ${term} and did not tell the ${waiting === 1 ? "client that was" : `${waiting} clients that were`} waiting for it`,
  ),
  likely("refused-message-repeated", "served", ({ by, follower, how, times, prevLogIndex }) =>
    how === "repeats"
      ? `${times} times ${by} sent ${follower} what follows entry ${prevLogIndex}, although ${follower} refuses it and needs earlier entries`
      : null,
  ),
  likely("follower-starved", "served", ({ by, follower, how, times }) =>
    how === "starves"
      ? `${by} sent ${times} heartbeats to ${follower} without the entries that it lacks`
      : null,
  ),
  likely("message-storm", "served", ({ by, follower, how, times }) =>
    how === "storm" ? `${by} sent ${times} AppendEntries to ${follower} within 100 ms` : null,
  ),
  likely(
    "split-votes",
    "split",
    ({ terms, last }) =>
      `the votes were split ${terms} times in a row, up to term ${last}: servers stand for election at the same time again and again`,
  ),
];
