/** What the rows of the table come to: how many of the mutants die, how soon, and what each way of looking finds. */

import type { Mutant } from "../run/index.ts";
import type { Assay } from "./assay.ts";
import { type Column, EQUAL_SECONDS } from "./column.ts";

export interface Row {
  readonly mutant: Mutant;
  readonly columns: Readonly<Record<Column, Assay>>;
}

/** A row's end. Refuted: nobody should be able to tell it from the intended system, and somebody did. */
export type Fate = "killed" | "survived" | "equivalent" | "refuted";

export interface Score {
  /** Mutants that are not equivalent. */
  readonly counted: number;
  readonly killed: number;
  /** Of those, the ones whose expected symptom is that their own code gives up. */
  readonly crashed: number;
  readonly equivalent: number;
  readonly survivors: readonly string[];
  readonly refuted: readonly string[];
  /** Seeds to kill: the median of the means, and the longest start of all; null if nothing was killed. */
  readonly median: number | null;
  readonly worst: number | null;
  /** How many of the counted each column kills. */
  readonly by: Readonly<Record<Column, number>>;
  /** How many the swarm kills in no more time than the suites had. */
  readonly swarmInEqualTime: number;
}

export function fateOf({ mutant, columns }: Row): Fate {
  const { killed } = columns.swarm;
  if (mutant.equivalent === null) return killed ? "killed" : "survived";
  return Object.keys(columns.swarm.by).length > 0 ? "refuted" : "equivalent";
}

/** The mean host time to a kill, in seconds; of a mutant that lives, all that was spent on it. */
export function secondsToKill({ columns: { swarm } }: Row): number {
  return swarm.seconds / Math.max(1, swarm.kills);
}

export function scoreOf(rows: readonly Row[]): Score {
  const counted = rows.filter(({ mutant }) => mutant.equivalent === null);
  const killed = counted.filter((row) => fateOf(row) === "killed");
  const means = killed.map(({ columns }) => columns.swarm.mean!).sort((a, b) => a - b);
  const kills = (column: Column) => counted.filter(({ columns }) => columns[column].killed).length;
  return {
    counted: counted.length,
    killed: killed.length,
    crashed: killed.filter(({ mutant }) => mutant.oracle === "assertion").length,
    equivalent: rows.length - counted.length,
    survivors: namesOf(rows, "survived"),
    refuted: namesOf(rows, "refuted"),
    median: means[Math.floor((means.length - 1) / 2)] ?? null,
    worst: killed.length === 0 ? null : Math.max(...killed.map(({ columns }) => columns.swarm.worst!)),
    by: { swarm: kills("swarm"), history: kills("history"), suites: kills("suites") },
    swarmInEqualTime: killed.filter((row) => secondsToKill(row) <= EQUAL_SECONDS).length,
  };
}

function namesOf(rows: readonly Row[], fate: Fate): readonly string[] {
  return rows.filter((row) => fateOf(row) === fate).map(({ mutant }) => mutant.name);
}
