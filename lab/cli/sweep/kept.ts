/** The failures of a sweep as files: what `linlab replay` and `linlab shrink` take, and what outlives a change of code. */

import { join } from "node:path";
import { failureOf, writeFailure } from "../../replay/index.ts";
import type { RunOptions } from "../../run/index.ts";
import { type SeedResult, type SweepOutcome, sweepOptions } from "../../sweep/index.ts";
import { writeAll } from "../files.ts";

/** Each is run once more, with its decisions written down; who has more of them has one bug, mostly. */
const MOST_KEPT = 20;

/** What is left to decide of a run that ended by itself. A crash of the lab and two unlike runs have no record. */
const RECORDED: readonly SweepOutcome[] = ["illegal", "invariant", "liveness"];

/** Writes the first failures into the directory; returns the files by seed. Throws InputError. */
export async function keepFailures(
  directory: string,
  given: Partial<RunOptions>,
  failures: readonly SeedResult[],
): Promise<ReadonlyMap<number, string>> {
  const kept = new Map<number, string>();
  const contents = new Map<string, string>();
  for (const { seed, outcome } of failures.slice(0, MOST_KEPT)) {
    const failure = RECORDED.includes(outcome) ? failureOf(seed, sweepOptions(seed, given)) : null;
    if (failure === null) continue;
    const name = `seed-${seed}.failure.json`;
    contents.set(name, writeFailure(failure));
    kept.set(seed, join(directory, name));
  }
  if (contents.size > 0) await writeAll(directory, contents);
  return kept;
}
