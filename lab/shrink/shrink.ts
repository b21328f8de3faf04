/**
 * From a failure to a small script that shows the same violation: a race for a shorter run, and then passes that take
 * out of it what they can, until none of them finds anything more.
 */

import { type Failure, isSame, makeFailure, observe, observeStage, scripted } from "../replay/index.ts";
import {
  cutEnd,
  dropCircumstances,
  dropCommands,
  dropDraws,
  dropFaults,
  dropMessages,
  dropStretches,
} from "./drop.ts";
import { loosenCuts, nameVictims, shortenFaults } from "./plain.ts";
import { race } from "./race.ts";
import { remainingOf } from "./remaining.ts";
import {
  allowAll,
  dropClients,
  dropKeys,
  dropServers,
  plainSettings,
  quieten,
  tightenLimits,
} from "./smaller.ts";
import { aimAgain, askLater, loosenTimes, roundTimes, shortenDuration, shortenPauses } from "./time.ts";
import { Trials } from "./trials.ts";

export interface Shrunk {
  /** A script; or, if no script shows the violation, the shortest recorded run that was found. */
  readonly failure: Failure;
  /** Runs that it took, the race included. */
  readonly runs: number;
}

/** In events: some three seconds. */
const DEFAULT_BUDGET = 1_500_000;
/** How much of it the race may take. */
const RACE_SHARE = 0.3;

/** Of this weight, a script is small enough to look no further. */
const SMALL = 150;

/** How many of the race's winners are minimised: where one gets stuck, another may not. */
const STARTS = 3;
const MOST_ROUNDS = 8;

/** The order in which they help one another: what makes runs shorter comes first. */
const PASSES: readonly ((trials: Trials) => void)[] = [
  cutEnd,
  noJitter,
  quieten,
  dropClients,
  dropServers,
  dropStretches,
  cutEnd,
  shortenPauses,
  nameVictims,
  allowAll,
  dropFaults,
  aimAgain,
  dropMessages,
  loosenTimes,
  dropCommands,
  dropClients,
  dropDraws,
  dropCircumstances,
  plainSettings,
  tightenLimits,
  dropKeys,
  quieten,
  loosenCuts,
  shortenFaults,
  shortenPauses,
  askLater,
  shortenDuration,
  roundTimes,
];

/** `budget` in events: the same failure always shrinks to the same script. */
export function shrink(original: Failure, budget: number = DEFAULT_BUDGET): Shrunk {
  const raceBudget = Math.floor(budget * RACE_SHARE);
  const { found, runs } = race(original, raceBudget);
  const shrunk: Failure[] = [];
  let [tried, left] = [runs, budget - raceBudget];
  for (const start of [...found.slice(0, STARTS), original]) {
    const isEnough = left <= 0 || start === original || shrunk.some((each) => weightOf(each) <= SMALL);
    if (shrunk.length > 0 && isEnough) break;
    const script = scripted(start);
    const observed = observe(script);
    if (observed === null || !isSame(observed.signature, original)) continue;
    const trials = new Trials(script, observed, left);
    minimise(trials);
    putInOrder(trials);
    tried += trials.runs;
    left -= trials.spent;
    shrunk.push(makeFailure(trials.best, trials.finding));
  }
  const best = shrunk.sort((a, b) => weightOf(a) - weightOf(b))[0];
  return { failure: best ?? found[0] ?? original, runs: tried };
}

/** A coarse round first, and then fine ones for as long as they change anything. */
function minimise(trials: Trials): void {
  for (const pass of PASSES) pass(trials);
  trials.grain = Number.POSITIVE_INFINITY;
  for (let round = 0, before = ""; round < MOST_ROUNDS && !trials.exhausted; round++) {
    before = JSON.stringify(trials.best);
    for (const pass of PASSES) pass(trials);
    if (JSON.stringify(trials.best) === before) return;
  }
}

/** What a reader has to go through: each fault and each message is worth some events. */
function weightOf(failure: Failure): number {
  const { faults, messages, commands } = remainingOf(failure);
  return failure.events + 5 * (faults + messages + commands);
}

/** In the order in which they are taken, and without those that never are. */
function putInOrder(trials: Trials): void {
  const { best } = trials;
  const decisions = observeStage(best).taken.map(({ decision }) => decision);
  trials.finish({ ...best, decisions });
}

/** Nothing is drawn any more, not even how long a message takes. */
function noJitter(trials: Trials): void {
  if (trials.best.rest === "jitter") trials.attempt({ ...trials.best, rest: "nothing" });
}
