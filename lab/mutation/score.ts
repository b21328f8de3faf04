/** What the rows of the table come to: how many of the mutants die, how soon, and what each way of looking finds. */

import type { Mutant } from "../run/mutants/index.ts";
import type { Assay } from "./assay.ts";
import { type Column, EQUAL_SECONDS } from "./column.ts";
import { isKill, type Oracle } from "./kill.ts";

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
  /** Of those, the ones that nobody but the refinement oracle killed. */
  readonly byRefinementAlone: readonly string[];
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

export function fateOf(row: Row): Fate {
  const killed = ofSweeps(row).some((assay) => assay.killed);
  if (row.mutant.equivalent === null) return killed ? "killed" : "survived";
  return noticedIn(row).length > 0 ? "refuted" : "equivalent";
}

/** The sweep by which a mutant is measured: by chance alone where that kills it, else with the nemeses. */
export function soughtBy({ columns: { swarm, nemeses } }: Row): Assay {
  return !swarm.killed && nemeses.killed ? nemeses : swarm;
}

/** Every oracle that noticed it in a sweep, expected or not. */
export function noticedIn(row: Row): readonly Oracle[] {
  return [...new Set(ofSweeps(row).flatMap(({ by }) => Object.keys(by)))];
}

/** The mean host time to a kill, in seconds; of a mutant that lives, all that was spent on it. */
export function secondsToKill(row: Row): number {
  const { seconds, kills } = soughtBy(row);
  return seconds / Math.max(1, kills);
}

function ofSweeps({ columns: { swarm, nemeses } }: Row): readonly Assay[] {
  return [swarm, nemeses];
}

function killersOf(row: Row): readonly Oracle[] {
  return noticedIn(row).filter((oracle) => isKill(row.mutant, oracle));
}

export function scoreOf(rows: readonly Row[]): Score {
  const counted = rows.filter(({ mutant }) => mutant.equivalent === null);
  const killed = counted.filter((row) => fateOf(row) === "killed");
  const means = killed.map((row) => soughtBy(row).mean!).sort((a, b) => a - b);
  const kills = (column: Column) => counted.filter(({ columns }) => columns[column].killed).length;
  return {
    counted: counted.length,
    killed: killed.length,
    crashed: killed.filter(({ mutant }) => mutant.oracle === "assertion").length,
    byRefinementAlone: killed
      .filter((row) => killersOf(row).every((oracle) => oracle === "refinement"))
      .map(({ mutant }) => mutant.name),
    equivalent: rows.length - counted.length,
    survivors: namesOf(rows, "survived"),
    refuted: namesOf(rows, "refuted"),
    median: means[Math.floor((means.length - 1) / 2)] ?? null,
    worst: killed.length === 0 ? null : Math.max(...killed.map((row) => soughtBy(row).worst!)),
    by: {
      ...{ swarm: kills("swarm"), nemeses: kills("nemeses") },
      ...{ history: kills("history"), suites: kills("suites") },
    },
    swarmInEqualTime: counted.filter(({ columns: { swarm } }) => {
      return swarm.killed && swarm.seconds / swarm.kills <= EQUAL_SECONDS;
    }).length,
  };
}

function namesOf(rows: readonly Row[], fate: Fate): readonly string[] {
  return rows.filter((row) => fateOf(row) === fate).map(({ mutant }) => mutant.name);
}
