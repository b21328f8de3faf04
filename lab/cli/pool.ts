/**
 * Work spread over threads. A worker cannot be started from TypeScript, under tsx as little as under vitest, so it
 * begins with a few lines of plain JavaScript that register tsx and then import what is to run.
 */

import { Worker } from "node:worker_threads";

/** A function that workers can call: a module's URL, and the name of an export that takes a task. */
export interface RemoteFunction {
  readonly module: string;
  readonly name: string;
}

const BOOTSTRAP = `
const { parentPort, workerData } = require("node:worker_threads");
const ready = import(workerData.tsx).then(({ register }) => {
  register();
  return import(workerData.module);
});
parentPort.on("message", async ({ index, task }) => {
  const run = (await ready)[workerData.name];
  parentPort.postMessage({ index, result: run(task) });
});
`;

/**
 * Calls the function for every task, on so many threads, and tells each result as it comes. A worker gets its next
 * task when it is done with one. Rejects with the first error that a task has thrown.
 */
export async function spread<Task, Result>(
  { module, name }: RemoteFunction,
  tasks: readonly Task[],
  threads: number,
  tell: (index: number, result: Result) => void,
): Promise<void> {
  const workerData = { tsx: import.meta.resolve("tsx/esm/api"), module, name };
  const workers = Array.from(
    { length: Math.min(threads, tasks.length) },
    () => new Worker(BOOTSTRAP, { eval: true, workerData }),
  );
  let next = 0;
  let done = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      if (tasks.length === 0) resolve();
      for (const worker of workers) {
        const feed = () => {
          if (next < tasks.length) worker.postMessage({ index: next, task: tasks[next++] });
        };
        worker.on("error", reject);
        worker.on("message", ({ index, result }: { index: number; result: Result }) => {
          tell(index, result);
          if (++done === tasks.length) resolve();
          else feed();
        });
        feed();
      }
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
