/** `linlab mutants` in text and as JSON: a row for each mutant, and what all come to. */

import {
  EQUAL_SECONDS,
  fateOf,
  noticedIn,
  type Row,
  type Score,
  secondsToKill,
  soughtBy,
} from "../../mutation/index.ts";
import { styled } from "../style.ts";

/** Scripts depend on these fields. */
export function tableJson(rows: readonly Row[], score: Score, cpuSeconds: number, exitCode: number): object {
  return {
    format: "linlab-mutants",
    version: 1,
    mutants: rows.map(rowJson),
    score,
    cpuSeconds: rounded(cpuSeconds),
    exitCode,
  };
}

function rowJson(row: Row): object {
  const { mutant, columns } = row;
  const { name, breaks, source, oracle, also, masks, equivalent } = mutant;
  const { mean, worst, first, by } = soughtBy(row);
  return {
    name,
    killed: fateOf(row) === "killed",
    /** Why nobody can tell it from the intended system; null if somebody can. */
    equivalent: equivalent?.argument ?? null,
    /** The bounds within which every interleaving was tried; null while none were. */
    exhausted: equivalent?.exhausted ?? null,
    oracle,
    also,
    seedsMean: mean === null ? null : rounded(mean),
    seedsWorst: worst,
    /** In the mean to a kill; of one that lives, all that was spent on it. */
    cpuSeconds: rounded(secondsToKill(row)),
    firstSeed: first,
    by,
    breaks,
    source,
    masks,
    columns,
  };
}

export function tableText(
  rows: readonly Row[],
  score: Score,
  wallSeconds: number,
  cpuSeconds: number,
): string {
  const lines = rows.map((row) => lineOf(row));
  return [
    HEAD,
    ...lines,
    "",
    ...summary(rows, score),
    `${time(wallSeconds)} s, ${time(cpuSeconds)} s of CPU`,
    "",
  ].join("\n");
}

const HEAD = styled(
  "bold",
  `${"mutant".padEnd(23)}${"expected oracle".padEnd(24)}${"mean".padStart(6)}${"worst".padStart(7)}${"CPU s".padStart(8)}${"nemeses".padStart(9)}  ${"histories".padEnd(11)}${"noticed by".padEnd(44)}Go suites`,
);

function lineOf(row: Row): string {
  const { mutant, columns } = row;
  const { swarm, nemeses, history, suites } = columns;
  const fate = fateOf(row);
  const seeds = swarm.killed
    ? `${figure(swarm.mean!).padStart(6)}${String(swarm.worst).padStart(7)}`
    : fate === "killed"
      ? "-".padStart(6) + "".padStart(7)
      : styled(fate === "equivalent" ? "dim" : "red", ` ${fate}`.padEnd(13));
  const start = `${mutant.name.padEnd(23)}${mutant.oracle.padEnd(24)}${seeds}`;
  const cost = `${time(secondsToKill(row)).padStart(8)}${seedsOf(nemeses.mean).padStart(9)}`;
  const oracles = noticersOf(row).padEnd(43);
  return `${start}${cost}  ${seedsOf(history.mean).padEnd(11)}${oracles} ${Object.keys(suites.by)[0] ?? "-"}`;
}

/** Every oracle that noticed it, and under how many seeds of the two sweeps. */
function noticersOf(row: Row): string {
  const counts = new Map<string, number>();
  for (const { by } of [row.columns.swarm, row.columns.nemeses]) {
    for (const [oracle, times] of Object.entries(by)) counts.set(oracle, (counts.get(oracle) ?? 0) + times);
  }
  const told = noticedIn(row).map((oracle) => `${oracle} ${counts.get(oracle)}`);
  return told.length === 0 ? "-" : told.join(", ");
}

function summary(rows: readonly Row[], score: Score): readonly string[] {
  const { counted, killed, crashed, byRefinementAlone, equivalent, median, worst, by, swarmInEqualTime } =
    score;
  const share = (count: number) =>
    `${count} of ${counted} (${counted === 0 ? 0 : Math.round((100 * count) / counted)} %)`;
  const why = rows.filter((row) => fateOf(row) === "equivalent").map(({ mutant }) => mutant);
  return [
    `Killed by the oracle that must: ${share(killed)}${crashed > 0 ? `, of which ${crashed} by a crash of its own` : ""}.`,
    `By the random swarm alone: ${share(by.swarm)}; with the named nemeses alone: ${share(by.nemeses)}.`,
    ...(byRefinementAlone.length > 0
      ? [`By the refinement oracle and no other: ${byRefinementAlone.join(", ")}.`]
      : []),
    ...(median === null ? [] : [`Seeds to a kill: median ${figure(median)}, longest start ${worst}.`]),
    `Histories alone: ${share(by.history)}. In ${EQUAL_SECONDS} s of CPU each: swarm ${share(swarmInEqualTime)}, Go suites ${share(by.suites)}.`,
    ...(score.survivors.length > 0 ? [styled("red", `Survived: ${score.survivors.join(", ")}.`)] : []),
    ...(score.refuted.length > 0
      ? [styled("red", `Said to be equivalent, but noticed: ${score.refuted.join(", ")}.`)]
      : []),
    ...(equivalent > 0 ? ["", "Equivalent, and why:"] : []),
    ...why.map(({ name, equivalent: reason }) => `  ${name}: ${reason!.argument}`),
  ];
}

function seedsOf(mean: number | null): string {
  return mean === null ? "-" : figure(mean);
}

function figure(seeds: number): string {
  return seeds < 10 ? seeds.toFixed(1) : String(Math.round(seeds));
}

function time(seconds: number): string {
  return seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(0);
}

function rounded(n: number): number {
  return Math.round(n * 1e4) / 1e4;
}
