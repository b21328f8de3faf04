/** The one command that runs this again. */

import { MILLISECOND } from "../../src/base/index.ts";
import { defaultOptions, type RunOptions } from "./options.ts";

const FLAGS = ["unreliable", "partitions", "crashes", "pauses", "reorder", "encode"] as const;
const NUMBERS = ["servers", "clients", "keys"] as const;

/** Names only what differs from the default run. */
export function replayCommand(seed: number, options: RunOptions, scheduleFile: string | null): string {
  const words = ["npx linlab run", `--seed ${seed}`];
  for (const name of NUMBERS)
    if (options[name] !== defaultOptions[name]) words.push(`--${name} ${options[name]}`);
  if (options.duration !== defaultOptions.duration)
    words.push(`--duration ${options.duration / MILLISECOND}ms`);
  for (const name of FLAGS) {
    if (options[name] !== defaultOptions[name]) words.push(options[name] ? `--${name}` : `--no-${name}`);
  }
  if (options.checkBudget !== defaultOptions.checkBudget) words.push(`--budget ${options.checkBudget}`);
  if (options.mutant !== null) words.push(`--mutant ${options.mutant}`);
  if (scheduleFile !== null) words.push(`--schedule ${scheduleFile}`);
  return words.join(" ");
}
