/** `linlab mutants`: measures the lab by the deliberate bugs that it finds, over worker threads. */

import { performance } from "node:perf_hooks";
import {
  type Assay,
  CLASSES,
  type ClassName,
  COLUMNS,
  type Column,
  type Effort,
  type MatrixRow,
  type Row,
  scoreOf,
} from "../../mutation/index.ts";
import type { Mutant } from "../../run/mutants/index.ts";
import { EXIT } from "../exit.ts";
import { spread } from "../pool.ts";
import { progress } from "../progress.ts";
import { type MutantsFlags, parseMutantsFlags } from "./flags.ts";
import { matrixJson, matrixText } from "./matrix.ts";
import { preparePage, writePage } from "./page.ts";
import { tableJson, tableText } from "./table.ts";
import { perform, remoteTask, type Task } from "./task.ts";

/** Seeds in all after which a rare mutant is not measured again. */
const ENOUGH = 30;

/** Of an equivalent mutant something is to be refuted: so many seeds try it. */
const TO_REFUTE = 60;

/** Returns the exit code. Throws InputError. */
export async function mutantsCommand(args: readonly string[]): Promise<number> {
  const flags = parseMutantsFlags(args);
  return flags.matrix ? matrix(flags) : table(flags);
}

async function table(flags: MutantsFlags): Promise<number> {
  const tasks = flags.mutants.flatMap((mutant) =>
    COLUMNS.map(
      (column): Task => ({ kind: "column", name: mutant.name, column, effort: effortFor(mutant, flags) }),
    ),
  );
  const { assays, wallSeconds, cpuSeconds } = await performAll(tasks, flags.workers);
  const rows = flags.mutants.map((mutant, i): Row => {
    const columns = COLUMNS.map((column, j) => [column, assays[i * COLUMNS.length + j]!] as const);
    return { mutant, columns: Object.fromEntries(columns) as Record<Column, Assay> };
  });
  const score = scoreOf(rows);
  const exitCode = score.survivors.length + score.refuted.length === 0 ? EXIT.ok : EXIT.violation;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(tableJson(rows, score, cpuSeconds, exitCode))}\n`
      : tableText(rows, score, wallSeconds, cpuSeconds),
  );
  return exitCode;
}

function effortFor({ equivalent }: Mutant, { starts, seeds }: MutantsFlags): Effort {
  return {
    starts,
    seeds: equivalent === null ? seeds : Math.min(seeds, TO_REFUTE),
    enough: ENOUGH,
    seconds: null,
  };
}

/** It only describes: whoever wants to know whether all die asks for the table. */
async function matrix(flags: MutantsFlags): Promise<number> {
  if (flags.html !== null) await preparePage(flags.html);
  const counted = flags.mutants.filter(({ equivalent }) => equivalent === null);
  const tasks = counted.flatMap(({ name }) => CLASSES.map((under): Task => ({ kind: "class", name, under })));
  const { assays } = await performAll(tasks, flags.workers);
  const rows = counted.map((mutant, i): MatrixRow => {
    const cells = CLASSES.map((name, j) => [name, assays[i * CLASSES.length + j]!.mean] as const);
    return { mutant, cells: Object.fromEntries(cells) as Record<ClassName, number | null> };
  });
  if (flags.html !== null) await writePage(flags.html, rows);
  process.stdout.write(flags.json ? `${JSON.stringify(matrixJson(rows))}\n` : matrixText(rows));
  return EXIT.ok;
}

interface Performed {
  /** In the order of the tasks. */
  readonly assays: readonly Assay[];
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

async function performAll(tasks: readonly Task[], workers: number): Promise<Performed> {
  const assays = new Array<Assay>(tasks.length);
  const line = progress(tasks.length, "cells");
  const [began, cpuBefore] = [performance.now(), process.cpuUsage()];
  let done = 0;
  const tell = (index: number, assay: Assay) => {
    assays[index] = assay;
    line.update(++done, 0);
  };
  // A thread costs more than a short table: one worker is this one.
  if (Math.min(workers, tasks.length) > 1) await spread(remoteTask, tasks, workers, tell);
  else for (const [index, task] of tasks.entries()) tell(index, perform(task));
  line.end();
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    assays,
    wallSeconds: (performance.now() - began) / 1000,
    cpuSeconds: (user + system) / 1e6,
  };
}
