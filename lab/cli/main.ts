/** The command line: which command, and what its end means. */

import { HistoryError } from "porcupine-ts";
import { InputError } from "../../src/base/index.ts";
import { LINLAB_VERSION } from "../run/index.ts";
import { checkCommand } from "./check.ts";
import { EXIT } from "./exit.ts";
import { RUN_HELP } from "./flags.ts";
import { runCommand } from "./run.ts";

const HELP = `linlab ${LINLAB_VERSION}: breaks a replicated key-value store on purpose and proves from what its
clients saw whether it stayed linearizable

  linlab run [options]      one seed, or many: run, check, write the page
  linlab check FILE...      judge recorded histories (NDJSON)
  linlab --help, --version

${RUN_HELP}
Exit codes: 0 all good, 1 a violation was found, 2 usage or input error, 3 undecided.
`;

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  run: runCommand,
  check: checkCommand,
};

/** Returns the exit code. The user's errors are one line on stderr; a bug of ours keeps its stack. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === "--version") return say(`${LINLAB_VERSION}\n`);
    if (name === undefined || name === "--help" || rest.includes("--help")) return say(HELP);
    const command = COMMANDS[name];
    if (command === undefined) {
      throw new InputError(
        `unknown command ${JSON.stringify(name)}: expected run or check, see linlab --help`,
      );
    }
    return await command(rest);
  } catch (error) {
    if (!(error instanceof InputError || error instanceof HistoryError)) throw error;
    process.stderr.write(`linlab: ${error.message}\n`);
    return EXIT.input;
  }
}

function say(text: string): number {
  process.stdout.write(text);
  return EXIT.ok;
}
