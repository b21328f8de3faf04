/** Rules of logs: Figure 2, AppendEntries; Figure 13, InstallSnapshot. */

import type { Followed, Installed } from "../deed.ts";
import { exact, type Rule } from "./rule.ts";

export const logRules: readonly Rule[] = [
  exact("deposed-leader-obeyed", "followed", ({ by, leader, leaderTerm, ownTerm, success }) =>
    success && leaderTerm < ownTerm
      ? `${by} was in term ${ownTerm} and took entries from ${leader}, which leads term ${leaderTerm}`
      : null,
  ),
  exact("accepted-without-match", "followed", (deed) => {
    const { by, leader, success, prevLogIndex, prevLogTerm, ownPrevTerm } = deed;
    if (!success || ownPrevTerm === -1 || ownPrevTerm === prevLogTerm) return null;
    const own =
      ownPrevTerm === null
        ? "it has no such entry"
        : `its own entry ${prevLogIndex} is of term ${ownPrevTerm}`;
    return `${by} accepted ${sentWords(deed)} from ${leader} to follow entry ${prevLogIndex} of term ${prevLogTerm}, although ${own}`;
  }),
  exact("cut-without-conflict", "followed", ({ by, leader, cut, conflict, lastBefore }) => {
    if (cut === null || (conflict !== null && cut >= conflict)) return null;
    const [what, it] =
      cut === lastBefore ? [`entry ${cut}`, "it"] : [`entries ${cut} to ${lastBefore}`, "them"];
    return `${by} cut ${what} off its log, although nothing that ${leader} had sent conflicts with ${it}`;
  }),
  exact("conflicting-tail-kept", "followed", ({ by, leader, success, conflict, lastIndex, ...deed }) =>
    success && conflict !== null && lastIndex > endOf(deed)
      ? `${by} overwrote entry ${conflict}, which conflicts with ${leader}'s, and kept its old entries after that, up to ${lastIndex}`
      : null,
  ),
  exact(
    "entries-misplaced",
    "followed",
    ({ by, leader, missing, success, lastBefore, lastIndex, ...deed }) => {
      if (missing !== null)
        return `${by} acknowledged entry ${missing} from ${leader} and has another one in its place`;
      if (!success || lastIndex <= Math.max(lastBefore, endOf(deed))) return null;
      return `${by} took entries up to ${endOf(deed)} from ${leader}, yet its log grew from entry ${lastBefore} to entry ${lastIndex}`;
    },
  ),
  exact("acknowledged-more-than-sent", "followed", ({ by, leader, success, matchIndex, ...deed }) =>
    success && matchIndex > endOf(deed)
      ? `${by} acknowledged entries up to ${matchIndex}, although ${leader} had sent them up to ${endOf(deed)}`
      : null,
  ),
  exact("committed-beyond-message", "followed", (deed) => {
    const { by, leader, commitBefore, commitIndex, leaderCommit } = deed;
    const allowed = Math.max(commitBefore, Math.min(leaderCommit, endOf(deed)));
    if (commitIndex <= allowed) return null;
    return `${by} took entries up to ${commitIndex} for committed, although ${leader} had vouched for ${allowed} only`;
  }),
  exact("snapshot-cut-tail", "installed", (deed) => {
    const { by, heldUpTo, snapshotIndex, lastIndex } = deed;
    if (heldUpTo === null || heldUpTo <= snapshotIndex || lastIndex >= heldUpTo) return null;
    return `${by} dropped entries ${lastIndex + 1} to ${heldUpTo} when it ${snapshotWords(deed)}, although they follow it`;
  }),
  exact("snapshot-of-wrong-term", "installed", (deed) => {
    const { by, leader, index, term, snapshotIndex, snapshotTerm } = deed;
    if (snapshotIndex !== index || snapshotTerm === term) return null;
    const whose = leader === null ? "that it cut" : `that ${leader} sent`;
    return `${by} says that the snapshot ${whose} ends with an entry of term ${snapshotTerm}; it ends with one of term ${term}`;
  }),
  exact("snapshot-mislabelled", "installed", ({ by, leader, snapshotIndex, lastApplied }) =>
    leader === null && snapshotIndex !== lastApplied
      ? `${by} cut a snapshot of its state after entry ${lastApplied} and says that it is the one after entry ${snapshotIndex}`
      : null,
  ),
  exact("snapshot-not-installed", "installed", ({ by, leader, index, commitIndex, acknowledged }) =>
    acknowledged && commitIndex < index
      ? `${by} told ${leader} that it has snapshot ${index}, although it has only come to entry ${commitIndex}`
      : null,
  ),
];

function endOf({ prevLogIndex, entries }: Pick<Followed, "prevLogIndex" | "entries">): number {
  return prevLogIndex + entries;
}

function sentWords({ entries }: Followed): string {
  return entries === 0 ? "a heartbeat" : entries === 1 ? "an entry" : `${entries} entries`;
}

function snapshotWords({ leader, snapshotIndex }: Installed): string {
  return leader === null ? `cut snapshot ${snapshotIndex}` : `installed snapshot ${snapshotIndex}`;
}
