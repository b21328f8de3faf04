/** Leaving things out: stretches of time first, then faults, messages, commands and draws one by one. */

import { type Duration, MILLISECOND, type NodeId, SECOND } from "../../src/base/index.ts";
import type { TimedFault } from "../faults/index.ts";
import { type Decision, type Script, timeOf } from "../replay/index.ts";
import { HOP, HOP_JITTER } from "../sim/index.ts";
import { prolonged, withDecisions, withFaults, withOptions, without } from "./edit.ts";
import { thin } from "./thin.ts";
import type { Trials } from "./trials.ts";

/** Into how many stretches a script is cut, for a first look at what matters. */
const STRETCHES = 32;

const SOME_ELECTIONS: Duration = 2 * SECOND;

/** What had not begun when the violation showed cannot matter. */
export function cutEnd(trials: Trials): void {
  const { best, end } = trials;
  const faults = best.schedule.faults.filter(({ at }) => at <= end);
  const decisions = best.decisions.filter((decision) => timeOf(decision) <= end);
  const cut = withDecisions(withFaults(best, faults), decisions);
  const duration = Math.min(best.options.duration, end + 1);
  if (duration < best.options.duration && trials.attempt(withOptions(cut, { duration }))) return;
  trials.attempt(cut);
}

/** Whole stretches of what was told and done, whatever it was. */
export function dropStretches(trials: Trials): void {
  const { best } = trials;
  const happened: (TimedFault | Decision)[] = best.decisions.filter(
    ({ kind }) => kind === "message" || kind === "unanswered" || kind === "command" || kind === "disk",
  );
  happened.push(...best.schedule.faults);
  happened.sort((a, b) => ("at" in a ? a.at : 0) - ("at" in b ? b.at : 0));
  const size = Math.ceil(happened.length / STRETCHES);
  if (size < 4) return;
  const stretches = Array.from({ length: Math.ceil(happened.length / size) }, (_, i) =>
    happened.slice(i * size, (i + 1) * size),
  );
  thin(stretches, (kept) => {
    const there = new Set(kept.flat());
    const gone = new Set(happened.filter((each) => !there.has(each)));
    const faults = best.schedule.faults.filter((fault) => !gone.has(fault));
    return trials.attempt(without(withFaults(best, faults), gone as ReadonlySet<Decision>));
  });
}

export function dropFaults(trials: Trials): void {
  const { best } = trials;
  thin(best.schedule.faults, (faults) => trials.attempt(withFaults(best, faults)), trials.grain);
}

/** Messages to which something happened; first of all those to which nothing did. */
export function dropMessages(trials: Trials): void {
  dropAll(trials, (each) => each.kind === "message" && isPlain(each));
  dropEach(trials, ({ kind }) => kind === "unanswered");
  dropEach(trials, ({ kind }) => kind === "message");
}

/**
 * Servers err without being asked, too; but a world in which nobody waits for an answer ends with its duration, so that
 * the time must be there that elections take.
 */
export function dropCommands(trials: Trials): void {
  const { best } = trials;
  const silent = without(best, new Set(best.decisions.filter(({ kind }) => kind === "command")));
  const isSilent = silent.decisions.length === best.decisions.length;
  if (!isSilent && trials.attempt(prolonged(silent, trials.end, SOME_ELECTIONS))) return;
  dropEach(trials, ({ kind }) => kind === "command");
}

/** Election timeouts: mostly, those matter that ran out, and not those that a heartbeat ended. */
export function dropDraws(trials: Trials): void {
  if (dropAll(trials, ({ kind }) => kind === "draw")) return;
  const ended = endedDraws(trials.best);
  dropAll(trials, (each) => ended.has(each));
  dropEach(trials, ({ kind }) => kind === "draw");
}

/** What else can be left to itself. */
export function dropCircumstances(trials: Trials): void {
  for (const kind of ["manners", "disk", "leader", "rest", "conditions"] as const) {
    dropEach(trials, (each) => each.kind === kind);
  }
}

function isPlain({ lost, delay, copyDelay }: Decision & { kind: "message" }): boolean {
  return !lost && copyDelay === null && delay <= HOP + HOP_JITTER;
}

/** Draws that the next one of the same node replaced so soon that they cannot have run out. */
function endedDraws({ decisions }: Script): ReadonlySet<Decision> {
  const ended = new Set<Decision>();
  const latest = new Map<NodeId, Decision & { kind: "draw" }>();
  for (const decision of decisions) {
    if (decision.kind !== "draw") continue;
    const before = latest.get(decision.node);
    if (before !== undefined && decision.at - before.at < before.value + 50 * MILLISECOND) ended.add(before);
    latest.set(decision.node, decision);
  }
  return ended;
}

function dropAll(trials: Trials, isOfSort: (decision: Decision) => boolean): boolean {
  const sort = trials.best.decisions.filter(isOfSort);
  return sort.length === 0 || trials.attempt(without(trials.best, new Set(sort)));
}

function dropEach(trials: Trials, isOfSort: (decision: Decision) => boolean): void {
  const { best } = trials;
  const sort = best.decisions.filter(isOfSort);
  thin(
    sort,
    (kept) => {
      const there = new Set(kept);
      return trials.attempt(without(best, new Set(sort.filter((decision) => !there.has(decision)))));
    },
    trials.grain,
  );
}
