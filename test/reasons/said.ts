/** What the rules say of one failing seed of a mutant. */

import { defaultOptions, investigated, type Reason, type RunOptions, run } from "../../lab/run/index.ts";
import { findMutant } from "../../lab/run/mutants/index.ts";
import { CAUSES } from "./causes.ts";

/** Right and wrong as the table of causes has it; silent where no rule spoke. */
export type Said = "right" | "wrong" | "silent";

export interface Investigated {
  readonly outcome: string;
  readonly reason: Reason | null;
  readonly said: Said;
}

/** Null if this seed does not fail with what the mutant needs, or the mutant gives up with an error of its own. */
export function investigate(
  mutant: string,
  seed: number,
  options: RunOptions = defaultOptions,
): Investigated | null {
  const first = attempt(() => run(seed, { ...options, ...findMutant(mutant)!.needs, mutant }));
  if (first === null || first.report.outcome === "ok") return null;
  const { outcome, why } = investigated(first).report;
  if (why === undefined) throw new Error(`${mutant}, seed ${seed}: the second run is not the first`);
  const { reason } = why;
  const isRight = reason !== null && (CAUSES[mutant] ?? []).includes(reason.rule);
  return { outcome, reason, said: reason === null ? "silent" : isRight ? "right" : "wrong" };
}

function attempt<Result>(action: () => Result): Result | null {
  try {
    return action();
  } catch {
    return null;
  }
}
