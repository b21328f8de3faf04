/** The caller's side: a check that takes no time of this thread's, and can be called off. */
import {
  areOperations,
  type CheckOptions,
  type CheckResult,
  type History,
  historyOf,
  type Model,
  models,
  type ObjectResult,
  type Operation,
} from "../index.ts";
import { batchesOf, subhistories } from "./batches.ts";
import { share } from "./crew.ts";
import type { Answer, ModelSource, Task } from "./message.ts";
import type { AbortSignalLike, WorkerLike } from "./port.ts";

/**
 * `budget` and `memory` are those of `check`, but each object has them for itself: else a verdict would depend on which
 * worker came first.
 */
export interface AsyncOptions extends Pick<CheckOptions, "budget" | "memory" | "optimisations"> {
  /**
   * Makes a worker that runs `porcupine-ts/worker`, or a script of your own that calls `serve`. In Node:
   * `() => new Worker(new URL(import.meta.resolve("porcupine-ts/worker")))`.
   */
  readonly createWorker: () => WorkerLike;
  /** How many at most, 1 by default; an object is checked by one. */
  readonly workers?: number;
  /** Where workers import the model from. Without it they have to know its name. */
  readonly source?: ModelSource;
  /** Calls the check off. */
  readonly signal?: AbortSignalLike;
  /** Called now and then, and after some objects. What it throws ends the check. */
  readonly onProgress?: (progress: AsyncProgress) => void;
}

export interface AsyncProgress {
  /** Configurations explored so far, over all objects. */
  readonly steps: number;
  /** Objects with a verdict that is not unknown, of so many. */
  readonly decided: number;
  readonly objects: number;
}

/**
 * As `check`, on worker threads, an object at a time each; the result is the same as plain data, orders and explanations
 * included. Rejects with HistoryError if the history is malformed, with the signal's reason if it is called off, and
 * with what breaks a worker. Workers have ended when it settles.
 */
export async function checkAsync<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: History<Input, Output> | readonly Operation<Input, Output>[],
  options: AsyncOptions,
): Promise<CheckResult> {
  const { createWorker, workers = 1, signal } = options;
  if (signal?.aborted === true) throw signal.reason;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(`workers is ${workers}: give a whole number from 1`);
  }
  const known = nameOrSource(model as Model<unknown, unknown, unknown>, options.source);
  const events = areOperations(history) ? historyOf(history) : history;
  const objects = subhistories(model as Model<unknown, unknown, unknown>, events);
  const batches = batchesOf(objects, workers);
  const tasks = batches.map(
    (batch, number): Task => ({
      batch: number,
      model: known,
      objects: batch.map((index) => objects[index]!),
      options: sendable(options),
      isTold: options.onProgress !== undefined,
    }),
  );
  const ledger = new Ledger(batches, objects.length);
  await share<Task, Answer>(tasks, { workers, createWorker, signal }, (answer) => {
    ledger.book(answer);
    options.onProgress?.(ledger.progress);
    return answer.kind === "checked";
  });
  return ledger.result;
}

/** A model of the caller's that is named like a shipped one is another model, which no name can tell. */
function nameOrSource(
  model: Model<unknown, unknown, unknown>,
  source: ModelSource | undefined,
): string | ModelSource {
  if (source !== undefined) return source;
  const shipped = (models as unknown as Record<string, Model<unknown, unknown, unknown>>)[model.name];
  if (shipped === undefined || shipped === model) return model.name;
  throw new TypeError(
    `this model is named ${model.name} and is not the shipped one: give its \`source\`, for workers find models by name`,
  );
}

function sendable({ budget, memory, optimisations }: AsyncOptions): Task["options"] {
  return {
    ...(budget === undefined ? {} : { budget }),
    ...(memory === undefined ? {} : { memory }),
    ...(optimisations === undefined ? {} : { optimisations }),
  };
}

/** What has been answered so far. */
class Ledger {
  private readonly batches: readonly (readonly number[])[];
  private readonly results: ObjectResult[];
  /** By batch that is not done. */
  private readonly running = new Map<number, number>();
  private steps = 0;
  private decided = 0;

  constructor(batches: readonly (readonly number[])[], objects: number) {
    this.batches = batches;
    this.results = new Array(objects);
  }

  /** Throws what a worker has failed with. */
  book(answer: Answer): void {
    switch (answer.kind) {
      case "progress":
        this.running.set(answer.batch, answer.steps);
        return;
      case "checked":
        this.running.delete(answer.batch);
        answer.results.forEach((result, i) => {
          this.results[this.batches[answer.batch]![i]!] = result;
          this.steps += result.steps;
          if (result.verdict !== "unknown") this.decided++;
        });
        return;
      case "failed":
        throw Object.assign(new Error(answer.message), { stack: answer.stack });
    }
  }

  get progress(): AsyncProgress {
    const running = [...this.running.values()].reduce((sum, steps) => sum + steps, 0);
    return { steps: this.steps + running, decided: this.decided, objects: this.results.length };
  }

  get result(): CheckResult {
    const { results: objects, steps } = this;
    const has = (verdict: CheckResult["verdict"]) => objects.some((each) => each.verdict === verdict);
    return { verdict: has("illegal") ? "illegal" : has("unknown") ? "unknown" : "ok", objects, steps };
  }
}
