/** One cell of the table or of the matrix: what a worker thread does for `linlab mutants`. */

import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import {
  type Assay,
  type ClassName,
  type Column,
  type Effort,
  measure,
  measureUnder,
} from "../../mutation/index.ts";
import { findMutant } from "../../run/mutants/index.ts";

export type Task = { readonly name: string } & (
  | { readonly kind: "column"; readonly column: Column; readonly effort: Effort }
  | { readonly kind: "class"; readonly under: ClassName }
);

export const remoteTask = { module: import.meta.url, name: "perform" };

export function perform(task: Task): Assay {
  const mutant = findMutant(task.name)!;
  return task.kind === "column"
    ? measure(mutant, task.column, task.effort, cpuSeconds)
    : measureUnder(mutant, task.under, cpuSeconds);
}

/** Nanoseconds that this thread has run come first in it. Node 20 knows those of the whole process only. */
const OF_THIS_THREAD = "/proc/thread-self/schedstat";

/** CPU seconds of this thread on Linux; elsewhere seconds by the clock, which are as good where nobody else computes. */
function cpuSeconds(): number {
  try {
    return Number(readFileSync(OF_THIS_THREAD, "utf8").split(" ")[0]) / 1e9;
  } catch {
    return performance.now() / 1000;
  }
}
