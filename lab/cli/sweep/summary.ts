/** What a sweep, or all shards of a campaign, come to: for people, and for scripts. */

import { counted } from "../../../src/base/index.ts";
import {
  type SeedResult,
  type Seeds,
  SWEEP_OUTCOMES,
  seedsOfShard,
  sweepCommand,
  type Tally,
} from "../../sweep/index.ts";
import { COLUMNS, field, wrapped } from "../layout.ts";
import { styled } from "../style.ts";
import type { SweepFlags } from "./flags.ts";

const MOST_FAILURES_TOLD = 20;
/** Where more never came up, the sweep was short or ended early. */
const MOST_MARKS_NAMED = 8;

/** What a sweep has come to. */
export interface Swept {
  readonly flags: SweepFlags;
  readonly file: string;
  /** Over all results, old and new. */
  readonly tally: Tally;
  /** Seeds of this shard. */
  readonly size: number;
  /** Seeds that had a result before. */
  readonly before: number;
  /** By seed: the files of the first failures. */
  readonly kept: ReadonlyMap<number, string>;
  readonly wallSeconds: number;
  /** Over all threads. */
  readonly cpuSeconds: number;
  readonly exitCode: number;
}

export function sweepText(swept: Swept): string {
  const { flags, file, tally, size, before, kept, exitCode } = swept;
  const { plan } = flags;
  const own = rangeText(seedsOfShard(plan.seeds, plan.shard));
  const { index, count } = plan.shard;
  const part = count === 1 ? "" : `, shard ${index}/${count} of ${rangeText(plan.seeds)}`;
  const lines = [`Sweep: seeds ${own}${part} ...`, outcomesLine(tally, exitCode)];
  if (tally.runs > before) lines.push(speedText(swept));
  if (before > 0) lines.push(`${before} of them had been run before`);
  lines.push("", ...foundLines(tally));
  lines.push(field("Results", file));
  if (tally.runs < size) {
    lines.push(
      field("Left", counted(size - tally.runs, "seed")),
      field("Go on", sweepCommand(plan, flags.out)),
    );
  }
  lines.push(...failureLines(tally, kept));
  return `${lines.join("\n")}\n`;
}

function speedText({ tally, before, flags, wallSeconds, cpuSeconds }: Swept): string {
  const runs = tally.runs - before;
  const speed = `${(runs / wallSeconds).toFixed(1)} seeds/s on ${counted(flags.workers, "worker")}`;
  const perCore = `${(runs / cpuSeconds).toFixed(1)} per CPU-second`;
  return `${counted(runs, "run")} in ${wallSeconds.toFixed(1)} s: ${speed}, ${perCore}`;
}

/** What it came to. */
export function outcomesLine(tally: Tally, exitCode: number): string {
  const kinds = SWEEP_OUTCOMES.map((outcome) => ({ outcome, count: tally.count(outcome) }))
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `${count} ${outcome}`);
  const word = exitCode === 0 ? styled("green", "Passed") : styled("red", "Not passed");
  return `  ... ${word} -- ${[counted(tally.runs, "run"), ...kinds].join(", ")}`;
}

/** What struck, what came up, and what makes green say nothing. */
export function foundLines(tally: Tally): readonly string[] {
  const faults = Object.entries(tally.faults).map(([kind, count]) => `${kind} ${count}`);
  const lines = [field("Faults", faults.join(", ") || "none"), field("Marks", marksText(tally))];
  // Where there are violations, they are what matters.
  const undecided = tally.violations === 0 ? tally.vacuous : [];
  if (undecided.length > 0) lines.push(field("Undecided", undecided.join(", ")));
  lines.push(field("Rechecked", recheckText(tally)));
  return [...lines, field("Digest", tally.digest)];
}

function recheckText(tally: Tally): string {
  if (tally.rechecked === 0) return "no seed ran twice";
  const differing = tally.count("diverged");
  const difference = differing === 0 ? "and came out the same" : `${differing} of them differently`;
  return `${counted(tally.rechecked, "seed")} ran twice, ${difference}`;
}

function marksText(tally: Tally): string {
  const marks = Object.entries(tally.marks);
  const never = marks.filter(([, count]) => count === 0).map(([mark]) => mark);
  const reached = `${marks.length - never.length} of ${marks.length} situations reached`;
  const isTold = never.length > 0 && never.length <= MOST_MARKS_NAMED;
  return isTold ? `${reached}; never, ${never.join(", ")}` : reached;
}

/** Each failure, and the commands that show it again and make it smaller. */
export function failureLines(
  { failures }: Tally,
  kept: ReadonlyMap<number, string> = new Map(),
): readonly string[] {
  const told = failures.slice(0, MOST_FAILURES_TOLD);
  const lines = told.flatMap((result) => failureText(result, kept.get(result.seed) ?? null));
  const more = failures.length - MOST_FAILURES_TOLD;
  if (more > 0) lines.push("", `and ${more} more; --json names them all`);
  return lines;
}

function failureText({ seed, outcome, failure, replay }: SeedResult, file: string | null): readonly string[] {
  const style = outcome === "unknown" ? "yellow" : "red";
  const told = wrapped(failure!.message.split(" "), " ", COLUMNS);
  return [
    "",
    styled(style, `Seed ${seed}: ${outcome} (${failure!.oracle})`),
    ...told,
    ...(file === null ? [] : [field("Shrink", `npx linlab shrink ${file}`)]),
    field("Replay", replay),
  ];
}

export function sweepJson(swept: Swept): object {
  const { flags, file, tally, size, before, kept, wallSeconds, cpuSeconds, exitCode } = swept;
  const { plan, workers, out } = flags;
  const runs = tally.runs - before;
  return {
    format: "linlab-sweep",
    version: 1,
    ...plan,
    /** Of this shard. */
    size,
    /** Seeds that have a result by now. */
    done: tally.runs,
    ...tallyJson(tally),
    failureFiles: Object.fromEntries(kept),
    results: file,
    goOn: tally.runs < size ? sweepCommand(plan, out) : null,
    /** Of this process alone, which may have gone on where another stopped. */
    process: {
      runs,
      workers,
      wallSeconds: rounded(wallSeconds),
      cpuSeconds: rounded(cpuSeconds),
      seedsPerSecond: rounded(runs / wallSeconds),
      seedsPerCpuSecond: rounded(runs / cpuSeconds),
    },
    exitCode,
  };
}

export function tallyJson(tally: Tally): object {
  const { virtualMicroseconds, events, operations, acknowledged } = tally.sums;
  return {
    outcomes: Object.fromEntries(SWEEP_OUTCOMES.map((outcome) => [outcome, tally.count(outcome)])),
    failures: tally.failures.map(({ seed, outcome, failure, replay }) => ({
      seed,
      outcome,
      ...failure,
      replay,
    })),
    vacuous: tally.vacuous,
    digest: tally.digest,
    virtualSeconds: rounded(virtualMicroseconds / 1e6),
    events,
    operations,
    acknowledged,
    faults: tally.faults,
    /** In how many runs each situation came up. */
    marks: tally.marks,
    rechecked: tally.rechecked,
  };
}

/** Such as 1..100, or 7. */
export function rangeText([from, to]: Seeds): string {
  return from === to ? String(from) : `${from}..${to}`;
}

function rounded(x: number): number {
  return Math.round(x * 1e6) / 1e6;
}
