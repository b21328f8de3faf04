/** The one command that runs this again. */

import { MILLISECOND } from "../../src/base/index.ts";
import { defaultOptions, FAULT_SWITCHES, type RunOptions } from "./options.ts";

const NUMBERS = ["servers", "clients", "keys"] as const;

/** Names only what differs from the default run. */
export function replayCommand(seed: number, options: RunOptions, scheduleFile: string | null): string {
  return `npx linlab run --seed ${seed}${replayFlags(options, scheduleFile)}`;
}

/** The same for seeds from ... to. */
export function replayCommandOfSet(
  [from, to]: readonly [number, number],
  options: RunOptions,
  scheduleFile: string | null,
): string {
  return `npx linlab run --seeds ${from}..${to}${replayFlags(options, scheduleFile)}`;
}

function replayFlags(options: RunOptions, scheduleFile: string | null): string {
  const words: string[] = [];
  for (const name of NUMBERS)
    if (options[name] !== defaultOptions[name]) words.push(`--${name} ${options[name]}`);
  if (options.workload !== defaultOptions.workload) words.push(`--workload ${options.workload}`);
  if (options.duration !== defaultOptions.duration)
    words.push(`--duration ${options.duration / MILLISECOND}ms`);
  if (options.reads !== null) words.push(`--reads ${options.reads}`);
  if (options.preVote !== null) words.push(options.preVote ? "--pre-vote" : "--no-pre-vote");
  if (options.checkQuorum !== null) words.push(options.checkQuorum ? "--check-quorum" : "--no-check-quorum");
  for (const name of [...FAULT_SWITCHES, "encode"] as const) {
    if (options[name] !== defaultOptions[name]) words.push(options[name] ? `--${name}` : `--no-${name}`);
  }
  if (options.checkBudget !== defaultOptions.checkBudget) words.push(`--budget ${options.checkBudget}`);
  if (options.mutant !== null) words.push(`--mutant ${options.mutant}`);
  if (scheduleFile !== null) words.push(`--schedule=${quoted(scheduleFile)}`);
  return words.map((word) => ` ${word}`).join("");
}

/** For a POSIX shell: people paste the command, and a file may have any name. */
function quoted(word: string): string {
  return /^[\w./@%+:,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
