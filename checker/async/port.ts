/**
 * Workers, and what they talk to, as far as they matter here. Node and browsers spell them differently, and neither
 * one's declarations are needed this way.
 */

/** One end of a channel: in a worker of Node the parentPort, in one of a browser the global scope. */
export type Port = NodePort | WebPort;

/** A worker as its creator has it. */
export type WorkerLike = NodeWorker | WebWorker;

// biome-ignore lint/suspicious/noExplicitAny: what comes in depends on the event, in both hosts' declarations too
type Listener = (value: any) => void;

export interface NodePort {
  postMessage(message: unknown): void;
  on(event: string, listener: Listener): unknown;
}

export interface WebPort {
  postMessage(message: unknown): void;
  addEventListener(type: string, listener: Listener): void;
}

export interface NodeWorker extends NodePort {
  terminate(): unknown;
}

export interface WebWorker extends WebPort {
  terminate(): unknown;
}

export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Whatever comes in from now on. */
export function listen<Message>(port: Port, take: (message: Message) => void): void {
  if ("on" in port) port.on("message", take);
  else port.addEventListener("message", ({ data }: { readonly data: Message }) => take(data));
}

/** Told if the worker breaks or ends by itself: then no answer will come. */
export function mourn(worker: WorkerLike, tell: (error: unknown) => void): void {
  if ("on" in worker) {
    worker.on("error", tell);
    worker.on("exit", (code: number) => tell(new Error(`a worker ended by itself, with exit code ${code}`)));
    return;
  }
  worker.addEventListener(
    "error",
    ({ error, message }: { readonly error?: unknown; readonly message?: string }) =>
      tell(error ?? new Error(`a worker failed: ${message || "its script could not be loaded"}`)),
  );
}
