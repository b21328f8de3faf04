/**
 * What shrinking comes to: for each mutant the first default seed that shows it, shrunk, and then replayed in a fresh
 * process and in a browser. `tsx test/bench/shrink.ts [MUTANT...]`
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { type Failure, failureOf, replay, signatureText, writeFailure } from "../../lab/replay/index.ts";
import { defaultOptions } from "../../lab/run/index.ts";
import { mutants } from "../../lab/run/mutants/index.ts";
import { remainingOf, shrink } from "../../lab/shrink/index.ts";
import { findBrowser, launch } from "../browser.ts";
import { ROOT } from "../source.ts";
import { withScript } from "./fresh.ts";

const MOST_SEEDS = 300;

function firstFailure(mutant: string): Failure | null {
  for (let seed = 1; seed <= MOST_SEEDS; seed++) {
    const failure = failureOf(seed, { ...defaultOptions, mutant });
    if (failure !== null) return failure;
  }
  return null;
}

function measured(mutant: string, original: Failure) {
  const before = process.cpuUsage();
  const { failure, runs } = shrink(original);
  const { user, system } = process.cpuUsage(before);
  const { faults, messages, commands, draws } = remainingOf(failure);
  const row = {
    mutant,
    seed: original.seed,
    violation: signatureText(failure),
    events: original.events,
    left: failure.events,
    "fewer %": percent(1 - failure.events / original.events),
    "faults + messages": faults + messages,
    commands,
    draws,
    servers: failure.options.servers,
    runs,
    "CPU s": Math.round((user + system) / 1e4) / 100,
  };
  return { row, failure };
}

/** A script that fails on the system as it is meant to be asks for what cannot be. */
function showsMended(failure: Failure): boolean {
  return replay({ ...failure, options: { ...failure.options, mutant: null } }).finding !== null;
}

function percent(part: number): number {
  return Math.round(part * 1000) / 10;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** How many come out with the same digest where nothing of this process is left. */
function sameElsewhere(failures: readonly Failure[]): number {
  const folder = mkdtempSync(join(tmpdir(), "bench-shrink-"));
  try {
    const files = failures.map((failure, i) => {
      const file = join(folder, `${i}.json`);
      writeFileSync(file, writeFailure(failure));
      return file;
    });
    return withScript(join(ROOT, "test/bench/shrink-again.ts"), (again) => again(...files) as number);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function sameInBrowser(failures: readonly Failure[]): Promise<number | null> {
  const found = await findBrowser();
  if (found.path === null) return null;
  const contents = 'export { readFailure, replay } from "./lab/replay/index.ts";';
  const bundle = await build({
    ...{ stdin: { contents, resolveDir: ROOT }, bundle: true, write: false },
    ...{ format: "iife", globalName: "linlab" },
  });
  const browser = await launch(found);
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: bundle.outputFiles[0]!.text });
    let same = 0;
    for (const failure of failures) {
      const text = JSON.stringify(writeFailure(failure));
      if (await page.evaluate(`linlab.replay(linlab.readFailure(${text}, "page")).isSameRun`)) same++;
    }
    return same;
  } finally {
    await browser.close();
  }
}

const wanted = process.argv.slice(2);
const rows: ReturnType<typeof measured>[] = [];
for (const { name } of mutants) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const original = firstFailure(name);
  if (original === null) console.log(`${name}: no failure in ${MOST_SEEDS} seeds`);
  else rows.push(measured(name, original));
}
console.table(rows.map(({ row }) => row));
const figures = rows.map(({ row }) => row);
const failures = rows.map(({ failure }) => failure);
console.table({
  mutants: rows.length,
  "median of faults + messages left": median(figures.map((row) => row["faults + messages"])),
  "median of events fewer, %": median(figures.map((row) => row["fewer %"])),
  "with at least 95 % fewer": figures.filter((row) => row["fewer %"] >= 95).length,
  "CPU seconds, median": median(figures.map((row) => row["CPU s"])),
  "CPU seconds, most": Math.max(...figures.map((row) => row["CPU s"])),
  "show nothing without the bug": failures.filter((failure) => !showsMended(failure)).length,
  "same digest in a fresh process": sameElsewhere(failures),
  "same digest in a browser": (await sameInBrowser(failures)) ?? "no browser",
});
