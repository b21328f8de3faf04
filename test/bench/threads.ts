/**
 * One history of many objects, each of which takes the general search a while: on this thread, and by `checkAsync` on
 * one and two workers, start of the workers and everything that a result can tell included. Least of some rounds, as
 * JSON. Workers can only be faster where there are processors for them.
 */
import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { check, type HistoryEvent, type QueueInput, type QueueOutput, queue } from "porcupine-ts";
import { checkAsync, serve } from "porcupine-ts/async";
import { type Draw, drawSeeded, randomHistory } from "../checker/random.ts";

export interface Threads {
  readonly objects: number;
  /** Milliseconds by workers. */
  readonly none: number;
  readonly one: number;
  readonly two: number;
  readonly processors: number;
}

const OBJECTS = 40;
const ROUNDS = 3;

/** Configurations that each object's search explores: enough to be worth a thread, and none so many that all wait. */
const FEWEST_STEPS = 2_500;
const MOST_STEPS = 10_000;

/** Queues that a few clients are at: whoever is right about the order of two enqueues shows much later. */
function queues(draw: Draw): HistoryEvent<QueueInput, QueueOutput>[] {
  const found: HistoryEvent<QueueInput, QueueOutput>[][] = [];
  while (found.length < OBJECTS) {
    const history = queueOf(`q${found.length}`, draw);
    const { verdict, steps } = check(queue, history, { budget: MOST_STEPS });
    if (verdict !== "unknown" && steps >= FEWEST_STEPS) found.push(history);
  }
  return found.flatMap((history, number) =>
    history.map((event) => ({ ...event, operation: event.operation * OBJECTS + number })),
  );
}

function queueOf(key: string, draw: Draw): HistoryEvent<QueueInput, QueueOutput>[] {
  const subject = {
    model: queue,
    input: (): QueueInput =>
      draw(2) === 0 ? { kind: "dequeue", key } : { kind: "enqueue", key, value: draw(100) },
    answers: (state: readonly unknown[]): QueueOutput[] => [
      { kind: "done" },
      { kind: "empty" },
      { kind: "value", value: (state[0] ?? null) as number | null },
    ],
  };
  return randomHistory(subject, { operations: 100, clients: 3, oneLostIn: 0, oneWrongIn: 0 }, draw);
}

async function measure(): Promise<void> {
  const history = queues(drawSeeded(3));
  const createWorker = (): Worker => new Worker(new URL(import.meta.url));
  const ways = {
    none: async () => JSON.stringify(check(queue, history)),
    one: async () => JSON.stringify(await checkAsync(queue, history, { createWorker, workers: 1 })),
    two: async () => JSON.stringify(await checkAsync(queue, history, { createWorker, workers: 2 })),
  };
  const best = {
    none: Number.POSITIVE_INFINITY,
    one: Number.POSITIVE_INFINITY,
    two: Number.POSITIVE_INFINITY,
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of ["none", "one", "two"] as const) {
      const start = performance.now();
      await ways[way]();
      best[way] = Math.min(best[way], performance.now() - start);
    }
  }
  const threads: Threads = { objects: OBJECTS, ...best, processors: availableParallelism() };
  console.log(JSON.stringify(threads));
}

if (isMainThread) await measure();
else serve(parentPort!);
