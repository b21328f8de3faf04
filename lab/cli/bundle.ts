/**
 * The script and style that every page carries. Bundling takes a fraction of a second, which a command that runs often
 * should pay once: the result is kept under a hash of all that goes into it, so it can be stale for nobody.
 */

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";
import type { PageBundle } from "../../visualizer/index.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SOURCES = join(ROOT, "visualizer");
/** All that the page may be made of: it executes a run again, so the lab and what it runs are part of it. */
const FOLDERS = [
  "visualizer",
  "checker",
  "src",
  "lab/sim",
  "lab/faults",
  "lab/workload",
  "lab/spec",
  "lab/cluster",
  "lab/oracles",
  "lab/marks",
  "lab/run",
];
const CACHE = join(ROOT, "node_modules/.cache/linlab");

/** The bundle for this version of the sources: from the cache if it is there, freshly made if not. */
export async function pageBundle(): Promise<PageBundle> {
  const file = join(CACHE, `page-${await sourceHash()}.json`);
  const cached = await readFile(file, "utf8").catch(() => null);
  if (cached !== null) return JSON.parse(cached) as PageBundle;
  const bundle = await build();
  await keep(file, JSON.stringify(bundle));
  return bundle;
}

async function build(): Promise<PageBundle> {
  // Imported only here: loading esbuild costs more than reading the cache.
  const { build: esbuild } = await import("esbuild");
  const common = {
    bundle: true,
    minify: true,
    write: false,
    legalComments: "none",
    charset: "utf8",
  } as const;
  const [script, style] = await Promise.all([
    esbuild({
      ...common,
      entryPoints: [join(SOURCES, "client/main.ts")],
      format: "iife",
      target: "es2022",
      alias: {
        "d3-transition": join(SOURCES, "client/d3/transition.ts"),
        "d3-color": join(SOURCES, "client/d3/color.ts"),
      },
      plugins: [speechless],
    }),
    esbuild({ ...common, entryPoints: [join(SOURCES, "client/page.css")], target: "es2022" }),
  ]);
  return withHashes(inline(script.outputFiles[0]?.text), inline(style.outputFiles[0]?.text));
}

/** The page runs deliberate bugs again and neither explains nor judges them: their prose would be a thirtieth of its script. */
const speechless: Plugin = {
  name: "speechless",
  setup(build) {
    build.onLoad({ filter: /[\\/]lab[\\/]run[\\/]mutants[\\/]\w+\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      return { loader: "ts", contents: text.replace(PROSE, '$1: ""') };
    });
  },
};

/** What an entry of the catalogue says of itself: one string, on its line or on the next. */
const PROSE = /\b(breaks|source|oracle|masks|equivalent):\s*"(?:[^"\\]|\\.)*"/g;

function withHashes(script: string, style: string): PageBundle {
  return { script, style, scriptHash: policyHash(script), styleHash: policyHash(style) };
}

/** The text as the HTML parser will hand it to the policy: the hash must be over exactly that. */
function inline(text: string | undefined): string {
  if (text === undefined) throw new Error("esbuild returned no output");
  const clean = text.replace(/\r\n?/g, "\n").trim();
  const trap = /<\/(script|style)|<!--|\0/i.exec(clean);
  if (trap !== null)
    throw new Error(`the bundle contains ${JSON.stringify(trap[0])}, which would end its element`);
  return clean;
}

function policyHash(text: string): string {
  return `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`;
}

/** Over every source file, and over package.json, which pins the versions of what turns them into the bundle. */
async function sourceHash(): Promise<string> {
  const names = (await Promise.all(FOLDERS.map(sourcesIn))).flat().sort();
  const files = [
    fileURLToPath(import.meta.url),
    join(ROOT, "package.json"),
    ...names.map((name) => join(ROOT, name)),
  ];
  const hash = createHash("sha256");
  for (const content of await Promise.all(files.map((file) => readFile(file)))) {
    hash.update(`${content.length}\n`).update(content);
  }
  return hash.update(names.join("\n")).digest("hex").slice(0, 24);
}

async function sourcesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(ROOT, folder), { recursive: true });
  return names.filter((name) => /\.(ts|css)$/.test(name)).map((name) => join(folder, name));
}

/** Several processes may write at once and one may die half-way: only a rename makes a file appear whole. */
async function keep(file: string, content: string): Promise<void> {
  const draft = `${file}.${process.pid}.${Date.now()}`;
  try {
    await mkdir(CACHE, { recursive: true });
    await writeFile(draft, content);
    await rename(draft, file);
  } catch {
    // A read-only installation has no cache and is merely slower.
  }
}
