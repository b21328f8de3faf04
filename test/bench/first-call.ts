/**
 * One hard history by its number, judged in a fresh process: milliseconds of the first call, then of the best of some
 * more, and the process's memory, as JSON.
 */
import { performance } from "node:perf_hooks";
import { hardHistories } from "./hard.ts";

const { judge } = hardHistories[Number(process.argv[2])]!;
const again = judge();
const timed = (): { verdict: string; took: number } => {
  const start = performance.now();
  const { verdict } = again();
  return { verdict, took: performance.now() - start };
};
const first = timed();
const more = [timed(), timed(), timed()].map(({ took }) => took);
const megabytes = Math.round(process.memoryUsage().rss / 1e6);
console.log(
  JSON.stringify({ verdict: first.verdict, first: first.took, best: Math.min(...more), megabytes }),
);
