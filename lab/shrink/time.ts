/** Making a script shorter, and its times rounder. */

import { type Duration, type Instant, MILLISECOND } from "../../src/base/index.ts";
import { observeStage } from "../replay/index.ts";
import { prolonged, retimed, timesOf, withDecisions, withOptions } from "./edit.ts";
import type { Trials } from "./trials.ts";

/** Pauses shorter than this are left as they are. */
const WORTH: Duration = 10 * MILLISECOND;
/** So many of the longest pauses are looked at in one go. */
const MOST_PAUSES = 24;

/** By how much a command is put off: an election or two. */
const LATER: readonly Duration[] = [600, 400, 250, 100].map((milliseconds) => milliseconds * MILLISECOND);

/** Takes time out of the pauses in which nothing is told to happen, the longest first. */
export function shortenPauses(trials: Trials): void {
  for (const pause of pausesOf(trials)) {
    for (const part of [1, 2, 4]) {
      const by = Math.floor((pause.length - MILLISECOND) / part);
      if (by < WORTH) break;
      // Everything after it comes earlier, and with it the pauses that were there: those before it stay.
      if (trials.attempt(retimed(trials.best, (time) => (time >= pause.end ? time - by : time)))) break;
    }
  }
}

/** From the last to the first, so that shortening one leaves the others where they are. */
function pausesOf({ best }: Trials): readonly { readonly end: Instant; readonly length: Duration }[] {
  const times = timesOf(best);
  const pauses = times.map((end, i) => ({ end, length: end - (times[i - 1] ?? 0) }));
  const longest = pauses.filter(({ length }) => length > WORTH).sort((a, b) => b.length - a.length);
  return longest.slice(0, MOST_PAUSES).sort((a, b) => b.end - a.end);
}

/** Who asks before there is a leader asks in vain, again and again: later is shorter. */
export function askLater(trials: Trials): void {
  for (const command of trials.best.decisions.flatMap((each) => (each.kind === "command" ? [each] : []))) {
    for (const later of LATER) {
      const decisions = trials.best.decisions.map((each) =>
        each === command ? { ...command, at: command.at + later } : each,
      );
      if (trials.attemptShorter(prolonged(withDecisions(trials.best, decisions), trials.end, later))) break;
    }
  }
}

/** The world heals as early as may be. */
export function shortenDuration(trials: Trials): void {
  let [least, most] = [0, trials.best.options.duration];
  while (most - least > WORTH) {
    const duration = Math.floor((least + most) / 2);
    if (duration > 0 && trials.attempt(withOptions(trials.best, { duration }))) most = duration;
    else least = duration;
  }
}

/**
 * What is told is meant for when it really came: whoever was meant for any earlier time had to wait for others like it
 * to be taken first, so that none of those could be left out.
 */
export function aimAgain(trials: Trials): void {
  const taken = observeStage(trials.best).taken;
  const decisions = taken.map(({ decision, at }) => ("at" in decision ? { ...decision, at } : decision));
  trials.attempt(withDecisions(trials.best, decisions));
}

/**
 * Messages and election timeouts are meant a little earlier than they came, so that they are still met when something
 * else that is left out lets them come sooner.
 */
export function loosenTimes(trials: Trials): void {
  const { best } = trials;
  for (const slack of [20, 5, 1]) {
    const decisions = best.decisions.map((each) =>
      each.kind === "message" || each.kind === "draw" || each.kind === "unanswered"
        ? { ...each, at: Math.max(0, each.at - slack * MILLISECOND) }
        : each,
    );
    if (trials.attempt(withDecisions(best, decisions))) return;
  }
}

/** Whole tens of milliseconds if it may be, or whole ones. */
export function roundTimes(trials: Trials): void {
  for (const unit of [100 * MILLISECOND, 10 * MILLISECOND, MILLISECOND]) {
    if (trials.attempt(retimed(trials.best, (time) => Math.floor(time / unit) * unit))) return;
  }
}
