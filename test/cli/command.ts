/** Runs the command line as its users do: another process, its exit code and both its streams. */

import { execFile } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../source.ts";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function linlab(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const command = [join(ROOT, "lab/cli/linlab.mjs"), ...args];
  const env = { ...process.env, ...options.env };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, { cwd: options.cwd, env }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}
