/** What one run says of a mutant: which oracle noticed it, if any did. */

import { type RunExtras, type RunOptions, run } from "../run/index.ts";
import { isExpected, type Mutant } from "../run/mutants/index.ts";

/** An oracle by name: of the run's invariants and liveness bounds, or "history"; or "crash". */
export type Oracle = string;

/** The mutated code found itself in a state that it, or the host, holds to be impossible. */
export const CRASH: Oracle = "crash";

/** Who noticed the mutant under this seed; null if nobody did. Where several did, the one that must. */
export function noticedBy(
  mutant: Mutant,
  seed: number,
  options: RunOptions,
  extras: RunExtras = {},
): Oracle | null {
  try {
    const { verdict, violation } = run(
      seed,
      { ...options, ...mutant.needs, mutant: mutant.name },
      extras,
    ).report;
    if (verdict === "illegal" && isExpected(mutant, "history")) return "history";
    if (violation?.name === "assertion") return CRASH;
    return violation?.name ?? (verdict === "illegal" ? "history" : null);
  } catch {
    // No run of the system as it is meant to be throws.
    return CRASH;
  }
}

/** True if it is killed: by the oracle that must notice it. A crash is a kill of those only that must crash. */
export function isKill(mutant: Mutant, oracle: Oracle): boolean {
  return isExpected(mutant, oracle === CRASH ? "assertion" : oracle);
}
