/**
 * The trials of a shrinker: each runs a smaller script, and one that shows the same violation becomes the script to
 * make smaller still. Their budget counts events, not seconds, so that the same failure always shrinks to the same
 * script.
 */

import type { Instant } from "../../src/base/index.ts";
import {
  type Finding,
  isSame,
  type Observed,
  observe,
  type Script,
  type Signature,
} from "../replay/index.ts";
import type { Run } from "../run/index.ts";

/** A script with less in it may make more happen, such as another election, but not much more than any before. */
const GROWTH = 1.1;
const MORE = 5;

/** What a run costs beyond its events, in events. */
export const OVERHEAD = 150;

export class Trials {
  best: Script;
  finding: Finding;
  /** When its violation showed: nothing after that is needed. */
  end: Instant;
  /** Into how many pieces a list is cut at most: few at first, for what is left out makes all later runs cheaper. */
  grain = 12;
  /** The fewest events of any script so far. */
  private leanest: number;
  runs = 0;
  spent = 0;
  private readonly target: Signature;
  private readonly budget: number;

  constructor(best: Script, { run, finding }: Observed, budget: number) {
    this.best = best;
    this.finding = finding!;
    this.end = endOf(run);
    this.target = finding!;
    this.leanest = finding!.events;
    this.budget = budget;
  }

  get exhausted(): boolean {
    return this.spent >= this.budget;
  }

  /** True if this script shows the same violation, in not many more events; it is the best one then. */
  attempt(script: Script): boolean {
    return !this.exhausted && this.try(script, Math.floor(this.leanest * GROWTH) + MORE);
  }

  /** The same, for what leaves nothing out: in no more events, or in fewer. */
  attemptAsShort(script: Script): boolean {
    return !this.exhausted && this.try(script, this.finding.events);
  }

  attemptShorter(script: Script): boolean {
    return !this.exhausted && this.try(script, this.finding.events - 1);
  }

  /** The last one, budget or not. */
  finish(script: Script): void {
    this.try(script, this.finding.events);
  }

  private try(script: Script, mostEvents: number): boolean {
    this.runs++;
    const observed = observe(script, mostEvents);
    this.spent += OVERHEAD + (observed === null ? mostEvents : eventsOf(observed));
    if (observed === null) return false;
    const { run, finding, signature } = observed;
    if (finding === null || finding.events > mostEvents || !isSame(signature, this.target)) return false;
    this.best = script;
    this.finding = finding;
    this.end = endOf(run);
    this.leanest = Math.min(this.leanest, finding.events);
    return true;
  }
}

function eventsOf({ run, finding }: Observed): number {
  return finding?.events ?? run!.report.counts.events;
}

/** When the answer came that cannot be, or the invariant broke. */
function endOf(run: Run | null): Instant {
  if (run === null) return Number.MAX_SAFE_INTEGER;
  const { violation, objects, operations, outcome } = run.report;
  if (outcome !== "illegal") return violation!.at;
  const explanation = objects.find(({ verdict }) => verdict === "illegal")!.explanation;
  if (explanation?.kind !== "violation") return run.report.counts.virtualMicroseconds;
  return operations[explanation.impossible.operation]!.return!;
}
