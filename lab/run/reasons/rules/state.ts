/** Rules of state machines: every server applies the same entries in the same order, each request once (section 8). */

import type { Applied } from "../deed.ts";
import { exact, type Rule } from "./rule.ts";

export const stateRules: readonly Rule[] = [
  exact("old-snapshot-installed", "wentBack", ({ by, field, before, after, input }) =>
    input === "installSnapshot"
      ? `${by} installed a snapshot older than its state: its ${field} went back from ${before} to ${after}`
      : null,
  ),
  exact("went-back", "wentBack", ({ by, field, before, after, input }) =>
    input === "installSnapshot" ? null : `${by}'s ${field} went back from ${before} to ${after}`,
  ),
  exact("applied-again", "applied", ({ by, index, isRepeated }) =>
    isRepeated ? `${by} applied entry ${index} to a state that had seen it already` : null,
  ),
  exact("state-lost-at-restart", "resumed", ({ by, how, index, lacks, key }) =>
    how === "restart" && lacks === "values"
      ? `${by} came back with a log that begins after entry ${index}, and with a state that is not the one after it: ${key} differs`
      : null,
  ),
  exact("snapshot-not-restored", "resumed", ({ by, how, index, lacks, key, sessions }) => {
    // A table that is there and not the right one is the one from before.
    if (how !== "install" || (lacks !== "values" && !(lacks === "sessions" && sessions > 0))) return null;
    const what = key === null ? "its sessions differ" : `${key} differs`;
    return `${by} installed snapshot ${index} and its state is not the one in it: ${what}`;
  }),
  exact("sessions-not-in-snapshot", "resumed", ({ by, how, index, lacks, sessions }) =>
    lacks === "sessions" && (how === "restart" || sessions === 0)
      ? `${by} began from snapshot ${index} without the sessions that there were after entry ${index}`
      : null,
  ),
  exact("session-order-lost", "resumed", ({ by, index, lacks }) =>
    lacks === "order of sessions"
      ? `${by} began from snapshot ${index}, and does not know which of its sessions was used least recently`
      : null,
  ),
  exact("different-entries", "applied", ({ by, index, difference }) =>
    difference?.in === "entry"
      ? `${difference.from} and ${by} applied different entries at index ${index}`
      : null,
  ),
  exact("sessions-differ", "applied", ({ by, index, difference }) =>
    difference?.in === "sessions"
      ? `${by}'s sessions were not those of ${difference.from} when entry ${index} came`
      : null,
  ),
  exact("states-differ", "applied", ({ by, index, key, difference }) =>
    difference?.in === "state" || difference?.in === "effect"
      ? `${difference.from} and ${by} disagree about ${key} after the same entry ${index}`
      : null,
  ),
  exact("applied-twice", "applied", (deed) =>
    deed.earlier?.sameNumber
      ? `${requestWords(deed)} took effect at entry ${deed.earlier.index} and again at entry ${deed.index}`
      : null,
  ),
  exact("two-numbers", "applied", (deed) =>
    deed.earlier !== null && !deed.earlier.sameNumber
      ? `${deed.words} was sent under two numbers and took effect at entry ${deed.earlier.index} and again at entry ${deed.index}`
      : null,
  ),
  exact("ended-session-applied", "applied", ({ by, index, words, session, remembered, before, after }) =>
    session !== null && remembered === null && before !== after
      ? `${by} applied ${words} at entry ${index}, although session ${session} had ended`
      : null,
  ),
];

function requestWords({ words, session, request }: Applied): string {
  return `${words}, request ${request} of session ${session},`;
}
