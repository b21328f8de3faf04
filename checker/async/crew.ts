/** Workers that share tasks: each gets its next one when it is done with one. */
import { type AbortSignalLike, listen, mourn, type WorkerLike } from "./port.ts";

export interface CrewOptions {
  /** At most so many; no more are made than there are tasks. */
  readonly workers: number;
  createWorker(): WorkerLike;
  readonly signal: AbortSignalLike | undefined;
}

/**
 * Gives out all tasks. `tell` hears every answer, and says whether its task is done. Rejects with what `tell` throws,
 * with what ends a worker, or with the signal's reason; all workers are ended before it settles.
 */
export async function share<Task, Answer>(
  tasks: readonly Task[],
  { workers, createWorker, signal }: CrewOptions,
  tell: (answer: Answer) => boolean,
): Promise<void> {
  const crew: WorkerLike[] = [];
  let given = 0;
  let done = 0;
  let abort = (): void => {};
  try {
    await new Promise<void>((resolve, reject) => {
      abort = () => reject(signal?.reason);
      signal?.addEventListener("abort", abort);
      const feed = (worker: WorkerLike): void => {
        if (given < tasks.length) worker.postMessage(tasks[given++]);
      };
      const take = (worker: WorkerLike, answer: Answer): void => {
        try {
          if (!tell(answer)) return;
          if (++done === tasks.length) resolve();
          else feed(worker);
        } catch (error) {
          reject(error);
        }
      };
      while (crew.length < Math.min(workers, tasks.length)) {
        const worker = createWorker();
        crew.push(worker);
        listen<Answer>(worker, (answer) => take(worker, answer));
        mourn(worker, reject);
        feed(worker);
      }
      if (tasks.length === 0) resolve();
    });
  } finally {
    signal?.removeEventListener("abort", abort);
    await Promise.all(crew.map((worker) => worker.terminate()));
  }
}
