/** A node as a child process, in a test's hands: it is told messages, and dies by kill -9. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import type { Body } from "../../src/node/index.ts";
import { ROOT } from "../source.ts";

export interface Letter {
  readonly src: string;
  readonly dest: string;
  readonly body: Body;
}

/** How to start a node, and with which environment. */
export interface Program {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** One life of a node. */
export class NodeProcess {
  /** What it said to people. */
  complaints = "";
  readonly exited: Promise<unknown>;
  private readonly child: ChildProcessWithoutNullStreams;

  constructor({ args, env }: Program, hear: (letter: Letter) => void) {
    this.child = spawn(process.execPath, [...args], { env: { ...process.env, ...env } });
    this.exited = once(this.child, "close");
    createInterface({ input: this.child.stdout }).on("line", (line) => hear(JSON.parse(line) as Letter));
    this.child.stderr.on("data", (text) => {
      this.complaints += text;
    });
    // Whoever talks to a dead node notices nothing, as on a network.
    this.child.stdin.on("error", () => {});
  }

  tell(letter: Letter): void {
    this.child.stdin.write(`${JSON.stringify(letter)}\n`);
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exited;
  }
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), "linlab-node-test-"));
}

/** What users start. */
export function realNode(data: string): Program {
  return { args: [join(ROOT, "lab/cli/linlab.mjs"), "node", "--maelstrom", "--data", data] };
}

/** The same with a disk that obeys the test; as one file, because it is started often. */
export async function bundleMortalNode(): Promise<(data: string, env?: Program["env"]) => Program> {
  const outfile = join(temporaryDirectory(), "mortal.mjs");
  const entry = join(ROOT, "test/node/mortal.ts");
  await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm" });
  return (data, env = {}) => ({ args: [outfile], env: { ...env, DATA: data } });
}
