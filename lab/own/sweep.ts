/**
 * Many seeds of one's own system, until one fails. A sweep is only as good as what it has seen: one in which a fault
 * class never struck or nothing was acknowledged is not green, and neither is one whose runs are not a function of
 * their seeds.
 */

import { eventText, firstDifference } from "../sweep/index.ts";
import type { Watching } from "./experiment.ts";
import type { Trial } from "./trial.ts";

export interface SweepOptions {
  /** How many; 100. */
  readonly seeds?: number;
  /** The first one; 1. */
  readonly from?: number;
}

export interface Sweep<Operation, Result> {
  readonly ok: boolean;
  /** Why it is not green, as a failing test should say it; or what it has seen. */
  readonly text: string;
  /** How many seeds were run. */
  readonly seeds: number;
  /** The run that failed; null if none did. */
  readonly failure: Trial<Operation, Result> | null;
  /** How often each fault class struck, over all runs. */
  readonly faults: Readonly<Record<string, number>>;
  readonly acknowledged: number;
}

/** One seed in so many runs twice, the first one among them. */
const RECHECK = 50;

interface Planned {
  readonly seed: number;
  readonly watching: Watching;
}

/** Says which seed comes next, and adds up; whoever runs them may have to wait for each. */
export class Sweeping<Operation, Result> {
  private readonly options: Required<SweepOptions>;
  private failure: Trial<Operation, Result> | null = null;
  private divergence: string | null = null;
  private seeds = 0;
  private acknowledged = 0;
  private readonly faults: Record<string, number> = {};

  constructor({ seeds = 100, from = 1 }: SweepOptions) {
    this.options = { seeds, from };
  }

  /** Each run must have been added before the next one is asked for. */
  *runs(): Generator<Planned> {
    const { seeds, from } = this.options;
    for (let seed = from; seed < from + seeds; seed++) {
      if ((seed - from) % RECHECK > 0) yield { seed, watching: {} };
      else yield* this.twice(seed);
      if (this.failure !== null || this.divergence !== null) return;
    }
  }

  add(trial: Trial<Operation, Result>): void {
    this.seeds++;
    this.acknowledged += trial.counts.acknowledged;
    for (const [kind, count] of Object.entries(trial.faults))
      this.faults[kind] = (this.faults[kind] ?? 0) + count;
    if (!trial.ok) this.failure ??= trial;
  }

  result(): Sweep<Operation, Result> {
    const { seeds, failure, faults, acknowledged } = this;
    const wrong = this.wrong();
    const text = wrong ?? `${seeds} seeds, ${acknowledged} answers: every history can be explained.`;
    return { ok: wrong === null, text, seeds, failure, faults, acknowledged };
  }

  private *twice(seed: number): Generator<Planned> {
    const [first, second]: [string[], string[]] = [[], []];
    yield { seed, watching: { listener: (event) => first.push(eventText(event)) } };
    yield { seed, watching: { listener: (event) => second.push(eventText(event)) } };
    // It was one run.
    this.seeds--;
    const difference = firstDifference(first, second);
    if (difference !== null)
      this.divergence = `Two runs of seed ${seed} differ, so something is not a function of the seed: ${difference}.`;
  }

  private wrong(): string | null {
    if (this.divergence !== null) return this.divergence;
    if (this.failure !== null) return `Seed ${this.failure.scenario.seed}: ${this.failure.text}`;
    const seeds = this.seeds === 1 ? "1 seed" : `${this.seeds} seeds`;
    if (this.acknowledged === 0) return `Nothing was acknowledged in ${seeds}, so there is nothing to judge.`;
    const idle = Object.keys(this.faults).filter((kind) => this.faults[kind] === 0);
    if (idle.length === 0) return null;
    return `In ${seeds} these never struck: ${idle.join(", ")}. Run more seeds, or take them from the system's faults.`;
  }
}
