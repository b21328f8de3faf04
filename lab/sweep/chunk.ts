/** What a worker of a sweep gets as one task: some seeds, because a message costs more than it carries. */

import { type RunOptions, replayCommand, run } from "../run/index.ts";
import { type Plan, sweepCommand } from "./header.ts";
import { divergence, type Runner } from "./recheck.ts";
import { crashed, isViolation, resultOf, type SeedResult } from "./result.ts";
import { WHOLE } from "./shard.ts";
import { sweepOptions } from "./swarm.ts";

export interface Chunk {
  readonly seeds: readonly number[];
  readonly given: Partial<RunOptions>;
  readonly recheck: number;
  /** Leave out what comes after the first violation. */
  readonly untilFailure: boolean;
}

/** In the order of the seeds. */
export function sweepChunk(chunk: Chunk, runner: Runner = run): readonly SeedResult[] {
  const results: SeedResult[] = [];
  for (const seed of chunk.seeds) {
    const result = sweepSeed(seed, chunk, runner);
    results.push(result);
    if (chunk.untilFailure && isViolation(result)) break;
  }
  return results;
}

function sweepSeed(
  seed: number,
  { given, recheck }: Pick<Plan, "given" | "recheck">,
  runner: Runner,
): SeedResult {
  const options = sweepOptions(seed, given);
  try {
    const { report } = runner(seed, options);
    const rechecked = recheck > 0 && seed % recheck === 0;
    const result = resultOf(report, rechecked);
    const difference = rechecked ? divergence(report, seed, options, runner) : null;
    return difference === null ? result : diverged(result, difference, given);
  } catch (error) {
    return crashed(seed, error, replayCommand(seed, options, null));
  }
}

/** Whatever else was wrong: a verdict on one of two runs says little about the seed. */
function diverged(result: SeedResult, message: string, given: Partial<RunOptions>): SeedResult {
  const { seed } = result;
  const plan: Plan = { seeds: [seed, seed], shard: WHOLE, given, recheck: 1 };
  const replay = sweepCommand(plan, `linlab-out/seed-${seed}-twice`);
  return { ...result, outcome: "diverged", failure: { oracle: "determinism", message }, replay };
}
