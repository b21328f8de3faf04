import { build } from "esbuild";
import { describe, expect, inject, test } from "vitest";
import { defaultOptions, type RunOptions, run } from "../lab/run/index.ts";
import { launch } from "./browser.ts";
import { quickJs } from "./quickjs.ts";
import { ROOT } from "./source.ts";

/** Runs that differ in everything that options can change. */
const RUNS: readonly (readonly [seed: number, options: RunOptions])[] = [
  [1, defaultOptions],
  [2, defaultOptions],
  [3, { ...defaultOptions, encode: true }],
  [4, { ...defaultOptions, servers: 3, clients: 9, keys: 2 }],
  [10, { ...defaultOptions, mutant: "noSessions" }],
  [6, { ...defaultOptions, unreliable: false, crashes: false }],
];

describe("one seed is one run", () => {
  test("twice in one process", () => {
    for (const [seed, options] of RUNS) {
      const first = run(seed, options).report;
      expect(run(seed, options).report, firstDifference(seed, options)).toEqual(first);
    }
  });

  test("with and without bytes on the wire", () => {
    for (const [seed, options] of RUNS) {
      const plain = run(seed, { ...options, encode: false }).report;
      const encoded = run(seed, { ...options, encode: true }).report;
      expect(encoded.digest).toBe(plain.digest);
      expect(encoded.counts).toEqual(plain.counts);
    }
  });

  test("different seeds are different runs", () => {
    const digests = new Set(Array.from({ length: 20 }, (_, seed) => run(seed, defaultOptions).report.digest));
    expect(digests.size).toBe(20);
  });

  test("listening changes nothing", () => {
    let events = 0;
    const heard = run(1, defaultOptions, { listener: () => events++ }).report;
    expect(heard.digest).toBe(run(1, defaultOptions).report.digest);
    expect(events).toBe(heard.counts.events);
  });

  test.skipIf(inject("browser") === null)("in Node and in a real Chromium", async () => {
    const browser = await launch(inject("browser")!);
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: await bundle() });
      for (const [seed, options] of RUNS) {
        expectSame(await page.evaluate(reportOf(seed, options)), seed, options);
      }
    } finally {
      await browser.close();
    }
  });

  test("in Node and in QuickJS, an engine of another family", async () => {
    const evaluate = await quickJs(await bundle());
    for (const [seed, options] of RUNS) {
      // It interprets, so a run takes dozens of times as long as in V8.
      const shorter = { ...options, duration: 1_500_000 };
      expectSame(evaluate(reportOf(seed, shorter)), seed, shorter);
    }
  });
});

/** The lab as one script for engines that know no modules. */
async function bundle(): Promise<string> {
  const built = await build({
    stdin: { contents: 'export { run } from "./lab/run/index.ts";', resolveDir: ROOT },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "linlab",
  });
  return built.outputFiles[0]!.text;
}

function reportOf(seed: number, options: RunOptions): string {
  return `linlab.run(${seed}, ${JSON.stringify(options)}).report`;
}

function expectSame(elsewhere: unknown, seed: number, options: RunOptions): void {
  const there = elsewhere as ReturnType<typeof run>["report"];
  const here = run(seed, options).report;
  expect(there.digest).toBe(here.digest);
  expect(there.outcome).toBe(here.outcome);
  expect(there.operations).toEqual(here.operations);
}

/** In words, the first event in which two runs of the same seed differ. */
function firstDifference(seed: number, options: RunOptions): string {
  const [first, second] = [trace(seed, options), trace(seed, options)];
  const at = first.findIndex((line, i) => line !== second[i]);
  return at < 0 ? "the traces are equal" : `event ${at}: ${first[at]} became ${second[at]}`;
}

function trace(seed: number, options: RunOptions): readonly string[] {
  const lines: string[] = [];
  run(seed, options, { listener: (event) => lines.push(JSON.stringify(event)) });
  return lines;
}
