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
 * task when it is done with one, and only then is the task asked for: tasks may end early. Rejects with the first
 * error that a task, or telling its result, has thrown.
 */
export async function spread<Task, Result>(
  { module, name }: RemoteFunction,
  tasks: Iterable<Task>,
  threads: number,
  tell: (index: number, result: Result) => void,
): Promise<void> {
  const workerData = { tsx: import.meta.resolve("tsx/esm/api"), module, name };
  const workers: Worker[] = [];
  const queue = tasks[Symbol.iterator]();
  let given = 0;
  let told = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      /** False if there is no task left. */
      const feed = (worker: () => Worker): boolean => {
        const next = queue.next();
        if (next.done) return false;
        worker().postMessage({ index: given++, task: next.value });
        return true;
      };
      const start = (): Worker => {
        const worker = new Worker(BOOTSTRAP, { eval: true, workerData });
        workers.push(worker);
        worker.on("error", reject);
        worker.on("message", ({ index, result }: { index: number; result: Result }) => {
          try {
            tell(index, result);
            told++;
            if (!feed(() => worker) && told === given) resolve();
          } catch (error) {
            reject(error);
          }
        });
        return worker;
      };
      while (workers.length < threads && feed(start));
      if (given === 0) resolve();
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
