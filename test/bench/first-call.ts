/**
 * One hard history by its number, judged in a fresh process: milliseconds of the first call and of the first
 * explanation, where that is measured, with the size of its core; then of the best of some more calls, and the process's
 * memory, as JSON.
 */
import { performance } from "node:perf_hooks";
import { hardHistories } from "./hard.ts";

export interface Measured {
  readonly verdict: string;
  readonly first: number;
  /** Null if nothing was explained. */
  readonly explained: number | null;
  readonly core: number | null;
  readonly best: number;
  readonly megabytes: number;
}

function timed<Result>(work: () => Result): { readonly result: Result; readonly took: number } {
  const start = performance.now();
  const result = work();
  return { result, took: performance.now() - start };
}

const { judge, isExplained } = hardHistories[Number(process.argv[2])]!;
const again = judge();
const { result, took: first } = timed(again);
const wrong = result.objects.find(({ verdict }) => verdict === "illegal");
const why = wrong === undefined || !isExplained ? null : timed(() => wrong.explanation);
const more = [timed(again), timed(again), timed(again)].map(({ took }) => took);
const measured: Measured = {
  verdict: result.verdict,
  first,
  explained: why === null ? null : why.took,
  core: why?.result?.kind === "violation" ? why.result.core.length : null,
  best: Math.min(...more),
  megabytes: Math.round(process.memoryUsage().rss / 1e6),
};
console.log(JSON.stringify(measured));
