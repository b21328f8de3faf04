/** `linlab mutants` in text and as JSON: a row for each mutant, and what all come to. */

import { EQUAL_SECONDS, fateOf, type Row, type Score, secondsToKill } from "../../mutation/index.ts";
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
  const { killed, mean, worst, first, by } = columns.swarm;
  return {
    name,
    killed,
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
    columns: { ...columns, nemeses: null },
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
  `${"mutant".padEnd(23)}${"expected oracle".padEnd(24)}${"mean".padStart(6)}${"worst".padStart(7)}${"CPU s".padStart(8)}  ${"histories".padEnd(11)}Go suites`,
);

function lineOf(row: Row): string {
  const { mutant, columns } = row;
  const { swarm, history, suites } = columns;
  const fate = fateOf(row);
  const seeds =
    fate === "killed"
      ? `${figure(swarm.mean!).padStart(6)}${String(swarm.worst).padStart(7)}`
      : styled(fate === "equivalent" ? "dim" : "red", ` ${fate}`.padEnd(13));
  const start = `${mutant.name.padEnd(23)}${mutant.oracle.padEnd(24)}${seeds}`;
  const cost = time(secondsToKill(row)).padStart(8);
  const line = `${start}${cost}  ${seedsOf(history.mean).padEnd(11)}${Object.keys(suites.by)[0] ?? "-"}`;
  const others = Object.keys(swarm.by).filter((name) => name !== mutant.oracle);
  return fate === "survived" && others.length > 0 ? `${line}\n  but noticed by ${others.join(", ")}` : line;
}

function summary(rows: readonly Row[], score: Score): readonly string[] {
  const { counted, killed, crashed, equivalent, median, worst, by, swarmInEqualTime } = score;
  const share = (count: number) =>
    `${count} of ${counted} (${counted === 0 ? 0 : Math.round((100 * count) / counted)} %)`;
  const why = rows.filter((row) => fateOf(row) === "equivalent").map(({ mutant }) => mutant);
  return [
    `Killed by the oracle that must: ${share(killed)}${crashed > 0 ? `, of which ${crashed} by a crash of its own` : ""}.`,
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
