/** `linlab suite`: the Go labs' tests on virtual time, each under many seeds, over worker threads. */

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { InputError } from "../../src/base/index.ts";
import { closest } from "./closeness.ts";
import { EXIT } from "./exit.ts";
import { mutantFrom, seedsFrom } from "./flags.ts";
import { spread } from "./pool.ts";
import { progress } from "./progress.ts";
import { styled } from "./style.ts";
import { attempt, namesFor, type Outcome, remoteTry, type Trial } from "./trial.ts";

export const SUITE_HELP = `linlab suite [NAME...]: the Go labs' tests on virtual time; all, or these
  NAME                     a test's name, or a part of some: 3C, Snapshot,
                           "wild network"
  --seed N, --seeds N, --seeds A..B
                           under seed N, 1 to N, A to B (default: seed 1)
  --workers W              threads (default: one a core)
  --mutant NAME            break one rule on purpose, as for linlab run
  --json                   one JSON object on stdout; seconds are means
`;

const MOST_WORKERS = 64;
const MOST_SEEDS_NAMED = 10;
const MOST_FAILURES_TOLD = 20;
const CLOSE_NAMES = 3;

interface Flags {
  readonly names: readonly string[];
  readonly seeds: readonly [from: number, to: number];
  readonly workers: number;
  readonly mutant: string | null;
  readonly json: boolean;
}

interface Failure {
  readonly name: string;
  readonly seed: number;
  readonly problems: readonly string[];
  readonly replay: string;
}

/** One line of the table. The seconds are means over the runs. */
interface Row {
  readonly name: string;
  readonly runs: number;
  readonly failures: readonly number[];
  readonly virtualSeconds: number;
  readonly wallSeconds: number;
}

/** Returns the exit code. Throws InputError. */
export async function suiteCommand(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args);
  const trials = trialsOf(flags);
  const outcomes = await tryAll(trials, flags.workers);
  const tests = flags.names.map((name) => rowOf(name, trials, outcomes));
  const failures = trials.flatMap((trial, i) => failureOf(trial, outcomes[i]!));
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ format: "linlab-suite", version: 1, tests, failures })}\n`);
  } else {
    process.stdout.write(tableOf(tests) + failures.slice(0, MOST_FAILURES_TOLD).map(failureText).join(""));
    process.stdout.write(totalOf(trials, failures));
  }
  return failures.length === 0 ? EXIT.ok : EXIT.violation;
}

// --- What to run ---

function parseFlags(args: readonly string[]): Flags {
  const string = { type: "string" } as const;
  const options = { seed: string, seeds: string, workers: string, mutant: string } as const;
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      options: { ...options, json: { type: "boolean" } },
      allowPositionals: true,
    }),
  );
  if (values.seed !== undefined && values.seeds !== undefined) {
    throw new InputError("--seed and --seeds exclude each other: give one");
  }
  const many = /^[1-9]\d*$/.test(values.seeds ?? "") ? `1..${values.seeds}` : values.seeds;
  const mutant = mutantFrom(values.mutant);
  return {
    names: namesOf(positionals, namesFor(mutant)),
    seeds: seedsFrom(values.seed, many),
    workers: workersOf(values.workers),
    mutant,
    json: values.json ?? false,
  };
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new InputError(`${(error as Error).message.split(/\.\s/)[0]}; see linlab suite --help`);
  }
}

/** The tests that any of these words names, in the order of all. A whole name means that test and no longer one. */
function namesOf(words: readonly string[], names: readonly string[]): readonly string[] {
  if (words.length === 0) return names;
  const chosen = new Set<string>();
  for (const word of words) {
    const wanted = word.toLowerCase();
    const whole = names.filter((name) => name.toLowerCase() === wanted);
    const found = whole.length > 0 ? whole : names.filter((name) => name.toLowerCase().includes(wanted));
    if (found.length === 0 || wanted === "") {
      const close = closest(word, names, CLOSE_NAMES).join(", ");
      throw new InputError(`no test is called ${JSON.stringify(word)}: these come close: ${close}`);
    }
    for (const name of found) chosen.add(name);
  }
  return names.filter((name) => chosen.has(name));
}

function workersOf(value: string | undefined): number {
  if (value === undefined) return Math.min(MOST_WORKERS, availableParallelism());
  const n = Number(value);
  if (/^\d+$/.test(value) && n >= 1 && n <= MOST_WORKERS) return n;
  throw new InputError(`--workers ${value}: expected a whole number from 1 to ${MOST_WORKERS}`);
}

function trialsOf({ names, seeds: [from, to], mutant }: Flags): readonly Trial[] {
  const seeds = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return names.flatMap((name) => seeds.map((seed) => ({ name, seed, mutant })));
}

// --- Running ---

async function tryAll(trials: readonly Trial[], workers: number): Promise<readonly Outcome[]> {
  const outcomes = new Array<Outcome>(trials.length);
  const line = progress(trials.length);
  let done = 0;
  let failed = 0;
  const tell = (index: number, outcome: Outcome) => {
    outcomes[index] = outcome;
    if (outcome.problems.length > 0) failed++;
    line.update(++done, failed);
  };
  // A thread costs more than a short test: one worker is this one.
  if (Math.min(workers, trials.length) > 1) await spread(remoteTry, trials, workers, tell);
  else for (const [index, trial] of trials.entries()) tell(index, attempt(trial));
  line.end();
  return outcomes;
}

function rowOf(name: string, trials: readonly Trial[], outcomes: readonly Outcome[]): Row {
  const mine = trials.flatMap((trial, i) =>
    trial.name === name ? [{ seed: trial.seed, ...outcomes[i]! }] : [],
  );
  const mean = (field: "virtualSeconds" | "wallSeconds") =>
    Math.round((mine.reduce((sum, each) => sum + each[field], 0) / mine.length) * 1e6) / 1e6;
  return {
    name,
    runs: mine.length,
    failures: mine.filter(({ problems }) => problems.length > 0).map(({ seed }) => seed),
    virtualSeconds: mean("virtualSeconds"),
    wallSeconds: mean("wallSeconds"),
  };
}

function failureOf({ name, seed, mutant }: Trial, { problems }: Outcome): readonly Failure[] {
  if (problems.length === 0) return [];
  const quoted = /^\w+$/.test(name) ? name : `"${name}"`;
  const broken = mutant === null ? "" : ` --mutant ${mutant}`;
  return [{ name, seed, problems, replay: `npx linlab suite ${quoted} --seed ${seed}${broken}` }];
}

// --- What to say ---

/** Names that leave no room for their figures in 80 columns stand on a line of their own. */
const WIDEST_NAME = 46;

function tableOf(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length).filter((length) => length <= WIDEST_NAME), 4);
  const head = `${"test".padEnd(width)}  runs  failed  virtual s  wall ms`;
  const lines = rows.map(({ name, runs, failures, virtualSeconds, wallSeconds }) => {
    const figures = [
      String(runs).padStart(4),
      String(failures.length).padStart(6),
      virtualSeconds.toFixed(1).padStart(9),
      (wallSeconds * 1000).toFixed(0).padStart(7),
    ];
    const first = name.length <= width ? name.padEnd(width) : `${name}\n${" ".repeat(width)}`;
    const line = `${first}  ${figures.join("  ")}`;
    return failures.length === 0 ? line : styled("red", `${line}  ${seedsText(failures)}`);
  });
  return `${styled("bold", head)}\n${lines.join("\n")}\n`;
}

function seedsText(seeds: readonly number[]): string {
  const named = seeds.slice(0, MOST_SEEDS_NAMED).join(" ");
  const more = seeds.length - MOST_SEEDS_NAMED;
  return `seed ${named}${more > 0 ? ` and ${more} more` : ""}`;
}

function failureText({ name, seed, problems, replay }: Failure): string {
  return `\n${name}, seed ${seed}: ${problems.join("; ")}\n  again: ${replay}\n`;
}

function totalOf(trials: readonly Trial[], failures: readonly Failure[]): string {
  const untold = failures.length - MOST_FAILURES_TOLD;
  const more = untold > 0 ? `\nand ${untold} more failures; --json tells all\n` : "";
  return `${more}\n${trials.length} run${trials.length === 1 ? "" : "s"}, ${failures.length} failed\n`;
}
