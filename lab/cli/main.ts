/** The command line: which command, and what its end means. */

import { HistoryError } from "porcupine-ts";
import { InputError } from "../../src/base/index.ts";
import { LINLAB_VERSION } from "../run/index.ts";
import { CHECK_HELP, checkCommand } from "./check.ts";
import { EXIT } from "./exit.ts";
import { EXPLORE_HELP, exploreCommand } from "./explore.ts";
import { RUN_HELP } from "./flags.ts";
import { MUTANTS_HELP } from "./mutants/flags.ts";
import { mutantsCommand } from "./mutants/mutants.ts";
import { NODE_HELP, nodeCommand } from "./node.ts";
import { PAGE_HELP, pageCommand } from "./page.ts";
import { REPLAY_HELP, replayCommand } from "./replay.ts";
import { runCommand } from "./run.ts";
import { SHRINK_HELP, shrinkCommand } from "./shrink.ts";
import { SUITE_HELP, suiteCommand } from "./suite.ts";
import { SWEEP_HELP } from "./sweep/flags.ts";
import { MERGE_HELP, mergeCommand } from "./sweep/merge.ts";
import { sweepCommand } from "./sweep/sweep.ts";

interface Command {
  readonly help: string;
  /** Returns the exit code. */
  run(args: readonly string[]): Promise<number>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  run: { help: RUN_HELP, run: runCommand },
  check: { help: CHECK_HELP, run: checkCommand },
  page: { help: PAGE_HELP, run: pageCommand },
  suite: { help: SUITE_HELP, run: suiteCommand },
  sweep: { help: SWEEP_HELP, run: sweepCommand },
  replay: { help: REPLAY_HELP, run: replayCommand },
  shrink: { help: SHRINK_HELP, run: shrinkCommand },
  merge: { help: MERGE_HELP, run: mergeCommand },
  mutants: { help: MUTANTS_HELP, run: mutantsCommand },
  explore: { help: EXPLORE_HELP, run: exploreCommand },
  node: { help: NODE_HELP, run: nodeCommand },
};

const HELP = `linlab ${LINLAB_VERSION}: breaks a replicated key-value store on purpose and proves
from what its clients saw whether it stayed linearizable

${Object.values(COMMANDS)
  .map(({ help }) => help)
  .join("\n")}
linlab --help, linlab --version

Exit codes: 0 all good, 1 a violation was found, 2 usage or input error,
3 undecided, 70 a bug in linlab itself.
`;

/** Returns the exit code. The user's errors are one line on stderr; a bug of ours keeps its stack. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === "--version") return say(`${LINLAB_VERSION}\n`);
    if (name === undefined || ["--help", "-h", "help"].includes(name)) return say(HELP);
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name]! : null;
    if (command === null) {
      const known = Object.keys(COMMANDS).join(", ");
      throw new InputError(`unknown command ${JSON.stringify(name)}: expected ${known}; see linlab --help`);
    }
    if (rest.some((word) => word === "--help" || word === "-h")) return say(command.help);
    return await command.run(rest);
  } catch (error) {
    if (error instanceof InputError || error instanceof HistoryError) {
      process.stderr.write(`linlab: ${error.message}\n`);
      return EXIT.input;
    }
    process.stderr.write(`linlab: a bug in linlab itself: ${error instanceof Error ? error.stack : error}\n`);
    return EXIT.bug;
  }
}

function say(text: string): number {
  process.stdout.write(text);
  return EXIT.ok;
}
