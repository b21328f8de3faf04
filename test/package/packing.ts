/** The package as somebody else gets it: packed from a copy of its sources, and installed where nothing else is. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../source.ts";

/** Without what a test runner, or npm, tells its children. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_OPTIONS$|VITEST|NODE_ENV$|TEST$|FORCE_COLOR$)/i.test(name),
  ),
);

/** What it printed; throws with all of that if it failed. */
export function run(directory: string, command: string, ...args: readonly string[]): string {
  try {
    return execFileSync(command, args, {
      cwd: directory,
      env: { ...ENVIRONMENT, NO_COLOR: "1" },
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`);
  }
}

/** A folder that the repository cannot be seen from. */
export function emptyFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "porcupine-ts-")));
}

/**
 * Packs a copy, because the checkout's manifest is another one while it is packed, and other tests may be looking.
 * Returns the tarball's path.
 */
export function packInto(folder: string): string {
  const sources = join(folder, "sources");
  mkdirSync(sources);
  cpSync(join(ROOT, "checker"), join(sources, "checker"), { recursive: true });
  cpSync(join(ROOT, "tsconfig.base.json"), join(sources, "tsconfig.base.json"));
  symlinkSync(join(ROOT, "node_modules"), join(sources, "node_modules"));
  run(join(sources, "checker"), "npm", "pack", "--offline", "--pack-destination", folder);
  return join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz"))!);
}

/** A project that has installed the tarball and nothing else. */
export function consumer(folder: string, name: string, tarball: string): string {
  const project = join(folder, name);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "name": "consumer", "private": true, "type": "module" }\n');
  run(project, "npm", "install", tarball, "--offline", "--no-audit", "--no-fund");
  return project;
}
