/** Named nemeses, and the language in which they are written: scripts that watch a cluster and strike at the right time. */

import { deafLeader } from "./deaf-leader.ts";
import { delayedSnapshot } from "./delayed-snapshot.ts";
import { endedSession } from "./ended-session.ts";
import { figure8 } from "./figure8.ts";
import { forgottenRequests } from "./forgotten-requests.ts";
import { fsyncWindow } from "./fsync-window.ts";
import { isolateThenHeal } from "./isolate-then-heal.ts";
import { killAfterAck } from "./kill-after-ack.ts";
import { lateAnswers } from "./late-answers.ts";
import { lostReplyStorm } from "./lost-reply-storm.ts";
import { minorityReaders } from "./minority-readers.ts";
import type { Nemesis } from "./nemesis.ts";
import { partialConnectivity } from "./partial-connectivity.ts";
import { reappearingIndex } from "./reappearing-index.ts";
import { reorderedAppendEntries } from "./reordered-append-entries.ts";
import { splitVote } from "./split-vote.ts";
import { staleLease } from "./stale-lease.ts";
import { staleRequest } from "./stale-request.ts";
import { unansweredLeader } from "./unanswered-leader.ts";

export { carriesEntries, meant } from "./meant.ts";
export { type Nemesis, playNemesis } from "./nemesis.ts";
export { Rules } from "./rules.ts";
export { Missed, type Script } from "./script.ts";
export { type Host, Stage, type Wound } from "./stage.ts";

export const nemeses: readonly Nemesis[] = [
  figure8,
  reorderedAppendEntries,
  isolateThenHeal,
  killAfterAck,
  staleRequest,
  delayedSnapshot,
  reappearingIndex,
  splitVote,
  partialConnectivity,
  lostReplyStorm,
  minorityReaders,
  fsyncWindow,
  forgottenRequests,
  endedSession,
  lateAnswers,
  deafLeader,
  staleLease,
  unansweredLeader,
];

/** The nemesis of this name; null if there is none. */
export function findNemesis(name: string): Nemesis | null {
  return nemeses.find((nemesis) => nemesis.name === name) ?? null;
}
