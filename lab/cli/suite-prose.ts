/** What `linlab suite` says: a line for each test, and the failures with all that helps to understand them. */

import type { Evidence } from "./evidence.ts";
import { styled } from "./style.ts";

const MOST_SEEDS_NAMED = 10;
const MOST_FAILURES_TOLD = 20;

export interface Failure {
  readonly name: string;
  readonly seed: number;
  /** What the seed has drawn beside chance; null if nothing. */
  readonly variant: string | null;
  readonly problems: readonly string[];
  readonly replay: string;
  /** Null if there are none, or not for this one of many. */
  readonly files: Evidence | null;
  /** Why there are no files, if there should be; else null. */
  readonly unwritten: string | null;
}

/** The figures of the Go labs' "Passed" line, and the wall's. */
export const FIGURES = ["virtualSeconds", "servers", "rpcs", "bytes", "commands", "wallSeconds"] as const;

/** One line of the table. The figures are means over the runs. */
export interface Row extends Readonly<Record<(typeof FIGURES)[number], number>> {
  readonly name: string;
  readonly runs: number;
  readonly failures: readonly number[];
}

export function suiteText(rows: readonly Row[], failures: readonly Failure[]): string {
  const told = failures.slice(0, MOST_FAILURES_TOLD).map(failureText);
  return tableOf(rows) + told.join("") + totalOf(rows, failures);
}

/** Names that leave no room for their figures in 80 columns stand on a line of their own. */
const WIDEST_NAME = 46;

function tableOf(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length).filter((length) => length <= WIDEST_NAME), 4);
  const head = `${"test".padEnd(width)}  runs  failed  virtual s  wall ms`;
  const lines = rows.map(({ name, runs, failures, virtualSeconds, wallSeconds }) => {
    const figures = [
      String(runs).padStart(4),
      String(failures.length).padStart(6),
      virtualSeconds.toFixed(1).padStart(9),
      (wallSeconds * 1000).toFixed(0).padStart(7),
    ];
    const first = name.length <= width ? name.padEnd(width) : `${name}\n${" ".repeat(width)}`;
    const line = `${first}  ${figures.join("  ")}`;
    return failures.length === 0 ? line : styled("red", `${line}  ${seedsText(failures)}`);
  });
  return `${styled("bold", head)}\n${lines.join("\n")}\n`;
}

function seedsText(seeds: readonly number[]): string {
  const named = seeds.slice(0, MOST_SEEDS_NAMED).join(" ");
  const more = seeds.length - MOST_SEEDS_NAMED;
  return `seed ${named}${more > 0 ? ` and ${more} more` : ""}`;
}

function failureText({ name, seed, variant, problems, replay, files, unwritten }: Failure): string {
  const drawn = variant === null ? "" : ` (${variant})`;
  const found = files === null ? "" : `  page: ${files.page}\n  history: ${files.history}\n`;
  const missing = unwritten === null ? "" : `  no files: ${unwritten}\n`;
  return `\n${name}, seed ${seed}${drawn}: ${problems.join("; ")}\n${found}${missing}  again: ${replay}\n`;
}

function totalOf(rows: readonly Row[], failures: readonly Failure[]): string {
  const runs = rows.reduce((sum, row) => sum + row.runs, 0);
  const untold = failures.length - MOST_FAILURES_TOLD;
  const more = untold > 0 ? `\nand ${untold} more failures; --json tells all\n` : "";
  return `${more}\n${runs} run${runs === 1 ? "" : "s"}, ${failures.length} failed\n`;
}
