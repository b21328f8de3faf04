/**
 * How many seeds it takes to kill a mutant. Starts follow one another: each begins behind the seed at which the one
 * before it ended, so their lengths are independent, and their mean estimates one over the chance of a seed.
 */

import { CRASH, type Oracle } from "./kill.ts";

/** Host time in seconds, from wherever. */
export type Clock = () => number;

/** When enough is known. */
export interface Effort {
  /** Starts at most. */
  readonly starts: number;
  /** Seeds at most for one start. */
  readonly seeds: number;
  /** No other start begins after so many seeds in all: what is rare is not measured often. */
  readonly enough: number;
  /** Host seconds at most, or as long as it takes. */
  readonly seconds: number | null;
}

/** What came of it. */
export interface Assay {
  readonly killed: boolean;
  /** Starts that ended with a kill. */
  readonly kills: number;
  /** All seeds that were run. */
  readonly seeds: number;
  /** Seeds from a start to its kill; null without one. */
  readonly mean: number | null;
  readonly worst: number | null;
  /** The first seed that killed it. */
  readonly first: number | null;
  /** Host seconds altogether. */
  readonly seconds: number;
  /** How often each oracle noticed it first, expected or not. */
  readonly by: Readonly<Record<Oracle, number>>;
  readonly crashes: number;
}

/** `notice` says who noticed the mutant under a seed, and `isKill` whether that kills it. */
export function assay(
  effort: Effort,
  notice: (seed: number) => Oracle | null,
  isKill: (oracle: Oracle) => boolean,
  clock: Clock,
): Assay {
  const began = clock();
  const by: Record<Oracle, number> = {};
  const lengths: number[] = [];
  let first: number | null = null;
  let seed = 0;
  let start = 0;
  const isEnough = () =>
    lengths.length >= effort.starts ||
    (lengths.length > 0 && start >= effort.enough) ||
    (effort.seconds !== null && clock() - began >= effort.seconds);
  while (seed - start < effort.seeds && !isEnough()) {
    const oracle = notice(++seed);
    if (oracle === null) continue;
    by[oracle] = (by[oracle] ?? 0) + 1;
    if (!isKill(oracle)) continue;
    first ??= seed;
    lengths.push(seed - start);
    start = seed;
  }
  const kills = lengths.length;
  return {
    killed: kills > 0,
    kills,
    seeds: seed,
    mean: kills > 0 ? seed / kills : null,
    // A last start that came to no kill counts: it would have been at least as long.
    worst: kills > 0 ? Math.max(...lengths, seed - start) : null,
    first,
    seconds: clock() - began,
    by,
    crashes: by[CRASH] ?? 0,
  };
}
