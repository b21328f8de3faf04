/** `linlab suite`: the Go labs' tests on virtual time, each under many seeds, over worker threads. */

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { InputError } from "../../src/base/index.ts";
import { replayCommand } from "../suites/index.ts";
import { closest } from "./closeness.ts";
import { writeEvidence } from "./evidence.ts";
import { worstExit } from "./exit.ts";
import { mutantFrom, seedsFrom } from "./flags.ts";
import { spread } from "./pool.ts";
import { progress } from "./progress.ts";
import { type Failure, FIGURES, type Row, suiteText } from "./suite-prose.ts";
import { attempt, exitOfTrial, namesFor, type Outcome, remoteTry, type Trial } from "./trial.ts";

export const SUITE_HELP = `linlab suite [NAME...]: the Go labs' tests on virtual time; all, or these
  NAME                     a test's name, or a part of some: 3C, Snapshot,
                           "wild network"
  --seed N, --seeds N, --seeds A..B
                           under seed N, 1 to N, A to B (default: seed 1)
  --workers W              threads (default: one a core)
  --mutant NAME            break one rule on purpose, as for linlab run
  --out DIR                where the history and the page of a KV test that
                           fails go (default: linlab-out)
  --json                   one JSON object on stdout; figures are means
In 3A to 3D odd seeds run Raft with PreVote and CheckQuorum, even ones without.
`;

const MOST_WORKERS = 64;
/** The others' replay command writes them. */
const MOST_FAILURES_WRITTEN = 10;
const CLOSE_NAMES = 3;

interface Flags {
  readonly names: readonly string[];
  readonly seeds: readonly [from: number, to: number];
  readonly workers: number;
  readonly mutant: string | null;
  readonly out: string;
  readonly json: boolean;
}

/** Returns the exit code. Throws InputError. */
export async function suiteCommand(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args);
  const trials = trialsOf(flags);
  const outcomes = await tryAll(trials, flags.workers);
  const tests = flags.names.map((name) => rowOf(name, trials, outcomes));
  const failures = await failuresOf(trials, outcomes, flags.out);
  const json = () => `${JSON.stringify({ format: "linlab-suite", version: 1, tests, failures })}\n`;
  process.stdout.write(flags.json ? json() : suiteText(tests, failures));
  return worstExit(outcomes.map(exitOfTrial));
}

// --- What to run ---

function parseFlags(args: readonly string[]): Flags {
  const string = { type: "string" } as const;
  const options = { seed: string, seeds: string, workers: string, mutant: string, out: string } as const;
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
    out: outOf(values.out),
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

function outOf(value = "linlab-out"): string {
  if (value === "") throw new InputError("--out: expected a directory, found an empty value");
  return value;
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
  const mean = (field: (typeof FIGURES)[number]) =>
    Math.round((mine.reduce((sum, each) => sum + each[field], 0) / mine.length) * 1e6) / 1e6;
  const means = Object.fromEntries(FIGURES.map((field) => [field, mean(field)])) as Pick<
    Row,
    (typeof FIGURES)[number]
  >;
  const failures = mine.filter(({ problems }) => problems.length > 0).map(({ seed }) => seed);
  return { name, runs: mine.length, failures, ...means };
}

async function failuresOf(
  trials: readonly Trial[],
  outcomes: readonly Outcome[],
  out: string,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  for (const [i, trial] of trials.entries()) {
    const { variant, problems } = outcomes[i]!;
    if (problems.length === 0) continue;
    const written = failures.length < MOST_FAILURES_WRITTEN ? await evidenceOf(out, trial) : NOT_WRITTEN;
    const { name, seed, mutant } = trial;
    failures.push({ name, seed, variant, problems, replay: replayCommand(name, seed, mutant), ...written });
  }
  return failures;
}

const NOT_WRITTEN: Pick<Failure, "files" | "unwritten"> = { files: null, unwritten: null };

/** A directory that cannot be written to must not take the failure itself away. */
async function evidenceOf(out: string, trial: Trial): Promise<Pick<Failure, "files" | "unwritten">> {
  try {
    return { files: await writeEvidence(out, trial), unwritten: null };
  } catch (error) {
    if (error instanceof InputError) return { files: null, unwritten: error.message };
    throw error;
  }
}
