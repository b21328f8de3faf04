/** Exit codes, the same for every command. */

import type { SweepOutcome, Tally } from "../sweep/index.ts";

export const EXIT = {
  ok: 0,
  violation: 1,
  input: 2,
  undecided: 3,
  /** A bug of linlab's own, told with its stack (sysexits.h: EX_SOFTWARE). */
  bug: 70,
} as const;

/** Where several things are wrong: the first of 2, 1, 3. */
export function worstExit(codes: readonly number[]): number {
  for (const code of [EXIT.input, EXIT.violation, EXIT.undecided]) if (codes.includes(code)) return code;
  return EXIT.ok;
}

/** What a run's outcome, or a verdict on a history, means to whoever called. */
export function exitOf(outcome: SweepOutcome): number {
  return outcome === "ok" ? EXIT.ok : outcome === "unknown" ? EXIT.undecided : EXIT.violation;
}

/** What many seeds come to. */
export function exitOfTally(tally: Tally): number {
  if (tally.violations > 0) return EXIT.violation;
  return tally.count("unknown") > 0 || tally.vacuous.length > 0 ? EXIT.undecided : EXIT.ok;
}
