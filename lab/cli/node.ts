/** `linlab node`: a server of the store as a real process, which speaks Maelstrom's protocol. */

import { parseArgs } from "node:util";
import { InputError } from "../../src/base/index.ts";
import { serve } from "../../src/node/index.ts";
import { EXIT } from "./exit.ts";

export const NODE_HELP = `linlab node --maelstrom: a server of the store as a real process; JSON lines on
                           stdin and stdout as Maelstrom's workload lin-kv has them
  --data DIR               where the node keeps its state, in a file of its
                           own (default: a new directory, so that a node
                           that comes back remembers nothing)
`;

/** Returns the exit code when standard input ends. Throws InputError: a bad flag, or a file that keeps no state. */
export async function nodeCommand(args: readonly string[]): Promise<number> {
  await serve({ data: parseFlags(args) });
  return EXIT.ok;
}

/** The directory; null for a new one. */
function parseFlags(args: readonly string[]): string | null {
  const options = { maelstrom: { type: "boolean" }, data: { type: "string" } } as const;
  let values: { maelstrom?: boolean; data?: string };
  try {
    values = parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    const [what] = (error as Error).message.split(/\.\s/);
    throw new InputError(`${what}; see linlab node --help`);
  }
  if (values.maelstrom !== true)
    throw new InputError("linlab node speaks one protocol so far: add --maelstrom");
  if (values.data === "") throw new InputError("--data: expected a directory, found nothing");
  return values.data ?? null;
}
