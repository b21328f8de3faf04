/**
 * A real browser for tests, on machines that have one and on machines that have none: the one named by CHROME_BIN, then
 * a Chrome or Chromium of the system, then the one inside @sparticuz/chromium (x64 Linux with glibc only).
 */

import { accessSync, constants, existsSync } from "node:fs";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** Where the browser is and what it wants to be started with. Plain data: it travels from setup to workers. */
export interface FoundBrowser {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What was looked for before, for whom it concerns. */
  readonly tried: readonly string[];
}

export interface NoBrowser {
  readonly path: null;
  readonly tried: readonly string[];
}

const BROWSER_ARGS: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const SYSTEM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

export async function findBrowser(): Promise<FoundBrowser | NoBrowser> {
  const tried: string[] = [];
  const named = process.env.CHROME_BIN;
  if (named !== undefined && named !== "") {
    if (executable(named)) return found(named, {}, tried);
    tried.push(`CHROME_BIN: ${named} cannot be run`);
  } else {
    tried.push("CHROME_BIN: not set");
  }
  const onPath = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const name of SYSTEM_NAMES) {
    const path = onPath.map((folder) => join(folder, name)).find(executable);
    if (path !== undefined) return found(path, {}, tried);
  }
  tried.push(`${SYSTEM_NAMES.join(", ")}: not on PATH`);
  try {
    const { path, env } = await carried();
    return found(path, env, tried);
  } catch (error) {
    tried.push(`@sparticuz/chromium: ${error instanceof Error ? error.message : String(error)}`);
    return { path: null, tried };
  }
}

export async function launch(browser: FoundBrowser): Promise<Browser> {
  return chromium.launch({
    executablePath: browser.path,
    args: [...browser.args],
    env: { ...process.env, ...browser.env },
  });
}

function found(path: string, env: Readonly<Record<string, string>>, tried: readonly string[]): FoundBrowser {
  return { path, args: BROWSER_ARGS, env, tried };
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Unpacks the browser that the package carries, once per version. Its own unpacking writes in place, so a second
 * process would start a half-written binary: it gets a directory of its own, which is renamed when complete.
 */
async function carried(): Promise<{ path: string; env: Record<string, string> }> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(`carries no browser for ${process.platform} on ${process.arch}`);
  }
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const version = (createRequire(entry)("../../package.json") as { version: string }).version;
  const home = join(tmpdir(), `linlab-chromium-${version}`);
  if (!existsSync(join(home, "chromium"))) await unpack(home);
  const env = {
    LD_LIBRARY_PATH: [join(home, "al2023/lib"), process.env.LD_LIBRARY_PATH ?? ""].filter(Boolean).join(":"),
    ...(existsSync("/etc/fonts/fonts.conf") ? {} : { FONTCONFIG_PATH: join(home, "fonts") }),
  };
  return { path: join(home, "chromium"), env };
}

async function unpack(home: string): Promise<void> {
  const draft = `${home}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  const before = { ...process.env };
  try {
    // Without this it does not unpack the libraries that a bare system lacks; it is read at import.
    process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs20.x";
    process.env.TMPDIR = draft;
    const { default: carrier } = await import("@sparticuz/chromium");
    const path = await carrier.executablePath();
    if (dirname(path) !== draft) await cp(path, join(draft, "chromium"));
    // Whoever comes second loses the race and uses what the first one made.
    await rename(draft, home).catch(() => rm(draft, { recursive: true, force: true }));
  } finally {
    for (const name of ["AWS_EXECUTION_ENV", "TMPDIR", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "HOME"]) {
      const value = before[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
  if (!existsSync(join(home, "chromium"))) throw new Error(`could not unpack to ${home}`);
}
