/** `linlab sweep`: runs the seeds of a plan that have no result yet, over worker threads, and tells what all come to. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { type Chunk, headerOf, type SeedResult, seedsOfShard, sweepChunk, Tally } from "../../sweep/index.ts";
import { exitOfTally } from "../exit.ts";
import { prepareDirectory } from "../files.ts";
import { spread } from "../pool.ts";
import { progress } from "../progress.ts";
import { codeFingerprint } from "./code.ts";
import { parseSweepFlags, type SweepFlags } from "./flags.ts";
import { keepFailures } from "./kept.ts";
import { Ledger } from "./ledger.ts";
import { resultsName } from "./results.ts";
import { type Swept, sweepJson, sweepText } from "./summary.ts";

/** Seeds in a task: enough that its message costs nothing beside them, and few enough that little is lost. */
const CHUNK = 25;

const remoteSweep = { module: new URL("../../sweep/index.ts", import.meta.url).href, name: "sweepChunk" };

/** Returns the exit code. Throws InputError. */
export async function sweepCommand(args: readonly string[]): Promise<number> {
  const flags = parseSweepFlags(args, process.env);
  await prepareDirectory(flags.out);
  const swept = await sweep(flags);
  process.stdout.write(flags.json ? `${JSON.stringify(sweepJson(swept))}\n` : sweepText(swept));
  return swept.exitCode;
}

async function sweep(flags: SweepFlags): Promise<Swept> {
  const { plan } = flags;
  const tally = new Tally(plan);
  const file = join(flags.out, resultsName(plan.shard));
  if (flags.fresh) await rm(file, { force: true });
  const ledger = new Ledger(file, headerOf(plan, codeFingerprint()), (result) => tally.add(result));
  const before = tally.runs;
  const [from, to] = seedsOfShard(plan.seeds, plan.shard);
  const size = to - from + 1;
  const [began, cpuBefore] = [performance.now(), process.cpuUsage()];
  const seconds = () => (performance.now() - began) / 1000;
  const line = progress(size - before);
  const keep = (results: readonly SeedResult[]) => {
    ledger.append(results);
    for (const result of results) tally.add(result);
    line.update(tally.runs - before, tally.runs - tally.count("ok"));
  };
  const isEnough = () =>
    (flags.untilFailure && tally.violations > 0) || (flags.time !== null && seconds() >= flags.time / 1e6);
  const chunks = until(isEnough, chunksOf(flags, ledger, size - before));
  await runAll(chunks, flags.workers, keep);
  line.end();
  ledger.close();
  const { user, system } = process.cpuUsage(cpuBefore);
  const spent = { wallSeconds: seconds(), cpuSeconds: (user + system) / 1e6 };
  const kept = await keepFailures(flags.out, plan.given, tally.failures);
  return { flags, file, tally, size, before, kept, ...spent, exitCode: exitOfTally(tally) };
}

async function runAll(
  chunks: Iterable<Chunk>,
  workers: number,
  keep: (results: readonly SeedResult[]) => void,
): Promise<void> {
  // A thread costs more than a short sweep: one worker is this one.
  if (workers === 1) for (const chunk of chunks) keep(sweepChunk(chunk));
  else await spread(remoteSweep, chunks, workers, (_, results: readonly SeedResult[]) => keep(results));
}

/** The seeds without a result, in order. Where there are few, every worker gets some. */
function* chunksOf(
  { plan, workers, untilFailure }: SweepFlags,
  { before }: Ledger,
  left: number,
): Generator<Chunk> {
  const [from, to] = seedsOfShard(plan.seeds, plan.shard);
  const size = Math.min(CHUNK, Math.ceil(left / workers));
  const { given, recheck } = plan;
  let seeds: number[] = [];
  for (let seed = from; seed <= to; seed++) {
    if (before.has(seed)) continue;
    seeds.push(seed);
    if (seeds.length < size) continue;
    yield { seeds, given, recheck, untilFailure };
    seeds = [];
  }
  if (seeds.length > 0) yield { seeds, given, recheck, untilFailure };
}

/** Whoever asks for the next one too late gets none. */
function* until<T>(isEnough: () => boolean, items: Iterable<T>): Generator<T> {
  for (const item of items) {
    if (isEnough()) return;
    yield item;
  }
}
