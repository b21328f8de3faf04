/** How a suite's runs end up in a test: the Go labs' line for each that passed, and all that helps with one that failed. */

import { expect } from "vitest";
import { writeEvidence } from "../../lab/cli/evidence.ts";
import { passedLine, replayCommand, type Suite, type SuiteResult } from "../../lab/suites/index.ts";
import { seeds } from "../seeds.ts";

const MOST_SEEDS = 3;

/** Runs a suite under a few seeds. A KV suite that fails leaves its history and its page in this directory. */
export async function expectToPass({ name, run }: Suite, directory = "linlab-out"): Promise<void> {
  const lines = [`Test: ${name} ...`];
  for (const seed of seeds(MOST_SEEDS)) {
    const result = run(seed);
    expect(result.problems, await complaint(seed, result, directory)).toEqual([]);
    lines.push(passedLine(result));
  }
  console.log(lines.join("\n"));
}

async function complaint(
  seed: number,
  { name, variant, problems }: SuiteResult,
  directory: string,
): Promise<string> {
  if (problems.length === 0) return "";
  const files = await writeEvidence(directory, { name, seed, mutant: null });
  const where = files === null ? "" : `page: ${files.page}, history: ${files.history}, `;
  const drawn = variant === null ? "" : ` (${variant})`;
  return `${name}, seed ${seed}${drawn}: ${where}again: ${replayCommand(name, seed)}`;
}
