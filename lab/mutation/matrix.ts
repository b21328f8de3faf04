/**
 * The kill matrix: which class of faults, alone, finds which mutant. A class whose column is empty does not earn its
 * place, and a mutant that dies only under all of them needs a combination.
 */

import { defaultOptions, FAULT_SWITCHES, type RunOptions } from "../run/index.ts";
import type { Mutant } from "../run/mutants/index.ts";
import { type Assay, assay, type Clock } from "./assay.ts";
import { isKill, noticedBy } from "./kill.ts";

/** Nothing, one class each, and everything. */
export const CLASSES = ["none", ...FAULT_SWITCHES, "all"] as const;

export type ClassName = (typeof CLASSES)[number];

/** Two kills, or as many seeds as a cell is worth: there are hundreds of them. */
const EFFORT = { starts: 2, seeds: 10, enough: 6, seconds: null };

/**
 * Settings and workload are drawn as in the default run; only the faults differ. Every oracle watches, so that a cell
 * says which faults bring a bug about and not which make it visible.
 */
export function optionsUnder(name: ClassName): RunOptions {
  const switches = FAULT_SWITCHES.map((each) => [each, name === "all" || name === each] as const);
  return { ...defaultOptions, refinement: true, ...Object.fromEntries(switches) };
}

export function measureUnder(mutant: Mutant, name: ClassName, clock: Clock): Assay {
  const options = optionsUnder(name);
  return assay(
    EFFORT,
    (seed) => noticedBy(mutant, seed, options),
    (oracle) => isKill(mutant, oracle),
    clock,
  );
}

export interface MatrixRow {
  readonly mutant: Mutant;
  /** By class; the mean number of seeds to a kill, null where none of the seeds killed it. */
  readonly cells: Readonly<Record<ClassName, number | null>>;
}

/** The classes that alone find a mutant. Empty: a combination does, or something rarer than the matrix looks for. */
export function aloneFinds({ cells }: MatrixRow): readonly ClassName[] {
  return CLASSES.filter((name) => name !== "all" && cells[name] !== null);
}
