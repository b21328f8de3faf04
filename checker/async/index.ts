/** The public entry of porcupine-ts/async: checks on worker threads. It stands apart from the checker, which is synchronous. */
export { type AsyncOptions, type AsyncProgress, checkAsync } from "./check.ts";
export type { ModelSource } from "./message.ts";
export type { AbortSignalLike, NodePort, NodeWorker, Port, WebPort, WebWorker, WorkerLike } from "./port.ts";
export { serve } from "./serve.ts";
