/** Measuring in processes of their own: what a program's first call costs, with nothing warm and nothing transformed. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** Bundles the script, lets `use` run it as often as it likes, and removes the bundle. */
export function withScript<Result>(
  entry: string,
  use: (run: (...args: string[]) => unknown) => Result,
): Result {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const outfile = join(folder, "script.mjs");
  try {
    buildSync({
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "error",
    });
    return use((...args) =>
      JSON.parse(execFileSync(process.execPath, [outfile, ...args], { encoding: "utf8" })),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
