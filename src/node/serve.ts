/** A process that is one of Maelstrom's nodes, until its input ends. */

import { createInterface } from "node:readline";
import { Node, type NodeOptions } from "./node.ts";

/**
 * Standard input and output are the network; what is to be said to people goes to standard error. Rejects with whatever
 * was thrown, wherever: a disk that fails, or a bug. Nothing is sent any more then.
 */
export async function serve(options: Pick<NodeOptions, "data" | "Journal">): Promise<void> {
  const node = new Node({
    ...options,
    write: (line) => process.stdout.write(`${line}\n`),
    complain: (text) => process.stderr.write(`linlab node: ${text}\n`),
  });
  try {
    await new Promise<void>((resolve, reject) => {
      process.once("uncaughtException", reject);
      const lines = createInterface({ input: process.stdin });
      lines.on("line", (line) => node.receive(line)).on("close", resolve);
    });
  } finally {
    node.stop();
    process.stdin.destroy();
  }
}
