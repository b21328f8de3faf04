import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LINLAB_VERSION } from "../lab/run/index.ts";
import { ROOT, type SourceFile, sourceFiles } from "./source.ts";

const files = sourceFiles("src", "lab", "checker", "visualizer");

const SRC = ["src/base", "src/codec", "src/raft", "src/kv"];
/** What one run is made of. */
const PARTS = [
  "lab/sim",
  "lab/faults/nemeses",
  "lab/faults",
  "lab/workload",
  "lab/spec",
  "lab/cluster",
  "lab/run/mutants",
  "lab/oracles",
  "lab/marks",
];
const LAB = [...PARTS, "lab/run"];

/** Who may import whom, beside itself. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  "src/base": ["seedrandom"],
  "src/codec": ["src/base"],
  "src/raft": ["src/base", "src/codec"],
  "src/kv": ["src/base", "src/codec", "src/raft"],
  // The core outside of the simulation: a clock, a file, and standard input and output.
  "src/node": [...SRC, "node"],
  // Asynchronous, as what it records, and therefore a door of its own.
  "checker/record": ["checker"],
  "checker/async": ["checker"],
  "checker/worker": ["checker/async", "node"],
  "checker/vitest": ["checker", "vitest"],
  "checker/pack": ["node"],
  checker: [],
  "lab/sim": ["src/base"],
  "lab/faults/nemeses": ["src/base", "src/kv", "src/raft", "lab/sim", "lab/faults"],
  "lab/faults": ["src/base", "lab/sim"],
  "lab/workload": ["src/base", "src/kv", "checker"],
  "lab/spec": ["src/base", "src/raft"],
  "lab/cluster": [...SRC, "lab/sim", "lab/workload"],
  "lab/run/mutants": [...SRC, "lab/sim", "lab/cluster"],
  "lab/oracles": ["src/base", "src/kv", "src/raft", "lab/sim", "lab/workload", "lab/cluster"],
  "lab/marks": ["src/base", "src/kv", "src/raft", "lab/sim", "lab/cluster"],
  "lab/run": ["src/base", "src/kv", "src/raft", "checker", ...PARTS],
  "lab/replay": [
    "src/base",
    "src/kv",
    "lab/sim",
    "lab/faults/nemeses",
    "lab/faults",
    "lab/workload",
    "lab/cluster",
    "lab/run/mutants",
    "lab/run",
  ],
  "lab/shrink": ["src/base", "src/kv", "lab/sim", "lab/faults", "lab/cluster", "lab/run", "lab/replay"],
  "lab/suites": [...SRC, "checker", ...LAB],
  "lab/sweep": ["src/base", "lab/sim", "lab/faults/nemeses", "lab/marks", "lab/run"],
  "lab/mutation": [
    "src/base",
    "lab/faults/nemeses",
    "lab/cluster",
    "lab/run/mutants",
    "lab/run",
    "lab/suites",
    "lab/sweep",
  ],
  "lab/own": ["src/base", "checker", ...LAB, "lab/sweep"],
  // The edge at which other people's asynchronous code meets the simulation; all that it runs on is synchronous.
  "lab/async": ["src/base", "lab/cluster", "lab/oracles", "lab/run", "lab/own"],
  // fast-check is there for those who import this, and for nobody else.
  "lab/fast-check": ["lab/own", "fast-check"],
  "lab/explore": ["src/base", "src/raft", "lab/cluster", "lab/run/mutants", "lab/oracles"],
  // The page runs a seed again, and tells what servers and messages say.
  visualizer: [...SRC, "checker", "lab/sim", "lab/faults", "lab/cluster", "lab/oracles", "lab/run", "d3"],
  "lab/vitest": ["checker", "checker/vitest", "visualizer", "lab/cli", "vitest", "node"],
  "lab/cli": [
    "src/base",
    "src/node",
    "checker",
    ...LAB,
    "lab/suites",
    "lab/sweep",
    "lab/mutation",
    "lab/explore",
    "lab/replay",
    "lab/shrink",
    "visualizer",
    "esbuild",
    "tsx",
    "node",
  ],
};

/** Whatever runs here must run the same in every JavaScript engine. */
const HOST_FREE = [
  ...SRC,
  "checker",
  ...LAB,
  "lab/suites",
  "lab/sweep",
  "lab/replay",
  "lab/shrink",
  "lab/mutation",
  "lab/explore",
  "lab/own",
];

const BANNED: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/\bDate\b/, "host time"],
  [/\bperformance\b/, "host time"],
  [/\bMath\.random\b/, "host entropy"],
  [/\basync\b|\bawait\b|\bPromise\b/, "the core is synchronous"],
  [/\btoLocale\w*|\blocaleCompare\b/, "the host's locale"],
  [
    /\bMath\.(sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|exp|expm1|log|log2|log10|log1p|pow|cbrt|hypot)\b/,
    "engines differ by one ulp",
  ],
  [/\*\*/, "engines differ by one ulp"],
  // A Jepsen history has processes too; of the host's, something would be asked.
  [/\bconsole\b|\bprocess\s*[.[]/, "the host"],
];

describe("the import table", () => {
  test("imports run one way", () => {
    const wrong = files.flatMap((file) => {
      const folder = folderOf(file.path);
      return file.imports
        .map(targetOf)
        .filter((target) => target !== folder && !TABLE[folder]!.includes(target))
        .map((target) => `${file.path} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  test("another folder is entered through its index only", () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter((path) => /\.(ts|mjs)$/.test(path) && folderOf(path) !== folderOf(file.path))
        .filter((path) => path !== `${folderOf(path)}/index.ts`)
        // The page draws a report; the type has no better door than its own file.
        .filter((path) => !(file.path.startsWith("visualizer/") && path.startsWith("lab/run/")))
        .map((path) => `${file.path} imports ${path}`),
    );
    expect(wrong).toEqual([]);
  });

  test("there are no cycles", () => {
    expect(cycles(files)).toEqual([]);
  });

  test("no file is dead", () => {
    const imported = new Set(files.flatMap((file) => file.imports));
    const entries = [
      "lab/cli/linlab.mjs",
      "visualizer/client/main.ts",
      "visualizer/client/d3/color.ts",
      "visualizer/client/d3/transition.ts",
      "lab/suites/index.ts",
      "checker/index.ts",
      "checker/record/index.ts",
      "checker/vitest/index.ts",
      "checker/async/index.ts",
      "checker/worker/node.ts",
      "checker/worker/web.ts",
      "checker/pack/before.ts",
      "checker/pack/after.ts",
      "lab/vitest/index.ts",
      "lab/async/index.ts",
      "lab/fast-check/index.ts",
    ];
    const dead = files.filter(
      ({ path }) => !imported.has(path) && !entries.includes(path) && !path.endsWith(".d.ts"),
    );
    expect(dead.map(({ path }) => path)).toEqual([]);
  });
});

describe("the house style", () => {
  test("host-free folders name no host", () => {
    const wrong = files
      .filter(({ path }) => HOST_FREE.includes(folderOf(path)))
      .flatMap((file) =>
        file.code.split("\n").flatMap((line, i) => {
          const banned = BANNED.find(([pattern]) => pattern.test(line));
          return banned === undefined ? [] : [`${file.path}:${i + 1}: ${line.trim()} (${banned[1]})`];
        }),
      );
    expect(wrong).toEqual([]);
  });

  test("no file is over 400 lines, and half of them are under 150", () => {
    const sizes = files.map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }));
    expect(sizes.filter(({ lines }) => lines > 400)).toEqual([]);
    const sorted = sizes.map(({ lines }) => lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(150);
  });

  test("every file opens with a comment that says what it owns", () => {
    const silent = files.filter(({ text }) => !/^(#!.*\n)?\/[/*]/.test(text));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test("file names are lower-case, and none of them says nothing", () => {
    const wrong = files.filter(
      ({ path }) => !/^[a-z0-9./-]+$/.test(path) || /\b(utils?|helpers?|misc|common)\b/.test(path),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test("no source names a folder outside of the repository", () => {
    const wrong = [...files, ...sourceFiles("test")].filter(({ text }) =>
      /\.\.\/shared\b|\/work\//.test(text),
    );
    expect(wrong.map(({ path }) => path).filter((path) => path !== "test/tidy.test.ts")).toEqual([]);
  });

  test("the top level holds what it should and nothing else", () => {
    const tracked = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
    const top = [...new Set(tracked.map((path) => path.split("/")[0]!))].sort();
    expect(top).toEqual([
      ".ci",
      ".gitignore",
      "LICENSE",
      "README.md",
      "biome.json",
      "checker",
      "knip.json",
      "lab",
      "package-lock.json",
      "package.json",
      "src",
      "test",
      "tsconfig.base.json",
      "tsconfig.browser.json",
      "tsconfig.json",
      "tsconfig.node.json",
      "tsconfig.pure.json",
      "visualizer",
      "vitest.config.ts",
    ]);
  });

  test("the version in files is the package's", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(LINLAB_VERSION).toBe(version);
  });
});

function folderOf(path: string): string {
  const folder = Object.keys(TABLE).find((name) => path.startsWith(`${name}/`));
  expect(folder, `${path} is in no folder of the table`).toBeDefined();
  return folder!;
}

function targetOf(name: string): string {
  if (name === "porcupine-ts") return "checker";
  if (name.startsWith("porcupine-ts/")) return name.replace("porcupine-ts", "checker");
  if (name.startsWith("node:")) return "node";
  if (!/\.(ts|mjs|css)$/.test(name) || name.startsWith("seedrandom/")) return name.split("/")[0]!;
  return folderOf(name);
}

/** Each cycle once, as the path around it. */
function cycles(all: readonly SourceFile[]): readonly string[] {
  const imports = new Map(all.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      found.push([...trail.slice(at), path].join(" -> "));
      return;
    }
    if (done.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const { path } of all) visit(path, []);
  return found;
}
