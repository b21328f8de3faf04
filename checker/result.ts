/** What a check is asked and what it answers. */
import type { Decision } from "./decision/decisions.ts";
import type { Explanation } from "./explain/explanation.ts";
import type { Optimisations } from "./optimisations.ts";
import type { Verdict } from "./verdict.ts";

export interface CheckOptions {
  /**
   * Configurations explored over all objects, 5,000,000 by default. Counted in steps, never in time, so that the
   * same history and budget give the same verdict on every machine.
   */
  readonly budget?: number;
  /**
   * Memory for explored configurations, in megabytes, 1,024 by default: counted from the words that they and their
   * table take while a search is open, so that it too is the same on every machine. The history itself, its layout
   * (some 100 bytes an operation of the largest object) and the model's states come on top.
   */
  readonly memory?: number;
  /** Called now and then, after at most 50,000 more configurations. What it throws ends the check. */
  readonly onProgress?: (progress: Progress) => void;
  /** Tells the time in any unit, for statistics only; without one they carry no times. */
  readonly clock?: () => number;
  /** What to switch off; everything is on by default. */
  readonly optimisations?: Partial<Optimisations>;
}

export interface Progress {
  /** Configurations explored so far, of at most so many. */
  readonly steps: number;
  readonly budget: number;
  /** Objects with a verdict that is not unknown, of so many. */
  readonly decided: number;
  readonly objects: number;
}

/**
 * Where the verdict is illegal, what comes behind the first illegal object is judged when `objects` or `steps` are first
 * asked for, unless there is an `onProgress`: the history must not have changed by then.
 */
export interface CheckResult {
  /** Illegal if any object is; else unknown if any object is; else ok. */
  readonly verdict: Verdict;
  /** In the order of first appearance in the history. */
  readonly objects: readonly ObjectResult[];
  /** Configurations explored over all objects. */
  readonly steps: number;
}

/**
 * `linearization`, `partials` and `explanation` are worked out when they are first asked for, which takes about as
 * long as the check did: inputs and outputs must not have changed by then.
 */
export interface ObjectResult {
  readonly object: string;
  readonly verdict: Verdict;
  /** Configurations explored. */
  readonly steps: number;
  /**
   * When ok: operation ids in an order that explains every answer. All completed operations are in it, and those
   * never-returning ones whose effect was needed.
   */
  readonly linearization: readonly number[] | null;
  /** When illegal or unknown: the longest attempts, longest first, at most 16. None can be completed if illegal. */
  readonly partials: readonly (readonly number[])[];
  /**
   * Why it is illegal, or what was not decided; null if it is ok. Working it out searches too, for up to a million
   * steps more than twice its own, which are not in `steps`.
   */
  readonly explanation: Explanation | null;
  readonly statistics: Statistics;
  /** When unknown: what ended the search. */
  readonly ended: Ended | null;
}

export interface Statistics {
  /**
   * What gave the verdict: the only sequence (nothing was concurrent), the order of epochs (reads and writes, each
   * answer with one possible writer, or a guess that turned out right), the chain of versions, or the search.
   */
  readonly algorithm: Decision | "search";
  /** Operations of this object. */
  readonly operations: number;
  /** Configurations remembered, and the 32-bit words that they took. */
  readonly cached: number;
  readonly words: number;
  /** In the unit of the clock that was given; null without one. */
  readonly time: number | null;
}

export interface Ended {
  readonly budget: "steps" | "memory";
  /** The operation whose return no attempt got past: everything that returned before it has been explained. */
  readonly operation: number;
}
