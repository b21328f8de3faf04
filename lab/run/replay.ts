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
  const differing = Object.entries(options).filter(
    ([name, value]) => value !== defaultOptions[name as keyof RunOptions],
  );
  const schedule = scheduleFile === null ? "" : ` --schedule=${quoted(scheduleFile)}`;
  return `${flagsOf(Object.fromEntries(differing))}${schedule}`;
}

/** The flags that say these options and no others, each after a space. */
export function flagsOf(options: Partial<RunOptions>): string {
  const words: string[] = [];
  for (const name of NUMBERS) if (options[name] !== undefined) words.push(`--${name} ${options[name]}`);
  if (options.workload !== undefined) words.push(`--workload ${options.workload}`);
  if (options.duration !== undefined) words.push(`--duration ${options.duration / MILLISECOND}ms`);
  if (typeof options.reads === "string") words.push(`--reads ${options.reads}`);
  if (options.clocks !== undefined) words.push(`--clocks ${options.clocks}`);
  if (options.disks !== undefined) words.push(`--disks ${options.disks}`);
  if (options.driftBound !== undefined) words.push(`--drift-bound ${options.driftBound}`);
  words.push(...switched("pre-vote", options.preVote), ...switched("check-quorum", options.checkQuorum));
  for (const name of [...FAULT_SWITCHES, "membership", "encode", "refinement"] as const)
    words.push(...switched(name, options[name]));
  if (typeof options.nemesis === "string") words.push(`--nemesis ${options.nemesis}`);
  if (options.checkBudget !== undefined) words.push(`--budget ${options.checkBudget}`);
  if (typeof options.mutant === "string") words.push(`--mutant ${options.mutant}`);
  return words.map((word) => ` ${word}`).join("");
}

/** Null, that the seed draws it, is what no flag says. */
function switched(flag: string, on: boolean | null | undefined): readonly string[] {
  return typeof on !== "boolean" ? [] : [on ? `--${flag}` : `--no-${flag}`];
}

/** For a POSIX shell: people paste the command, and a file may have any name. */
export function quoted(word: string): string {
  return /^[\w./@%+:,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
