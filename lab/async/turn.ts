/**
 * How to wait until async code has come to rest: until the queue of microtasks is empty, however long the chains of
 * promises are. To count awaits instead would be a guess at their length.
 */

/** Resolves when every microtask has run. */
export type Turn = () => Promise<void>;

/** As far as hosts matter here; captured before any simulation replaces them. */
interface Host {
  readonly process?: { readonly nextTick?: (act: () => void) => void };
  readonly setImmediate?: (act: () => void) => void;
  readonly MessageChannel?: new () => Channel;
}

interface Channel {
  readonly port1: { onmessage: (() => void) | null };
  readonly port2: { postMessage(message: null): void };
}

const { process, setImmediate, MessageChannel } = globalThis as unknown as Host;
const nextTick = process?.nextTick;

/**
 * Node begins with its ticks when all microtasks have run, and what a microtask asks for as a tick waits for that. No
 * timer and no I/O gets in between, so a run is one piece, as a synchronous one is. Undefined elsewhere.
 */
export const tick: Turn | undefined =
  nextTick === undefined
    ? undefined
    : () =>
        new Promise((resolve) => {
          void Promise.resolve().then(() => nextTick(resolve));
        });

/** A task of its own: it begins after all microtasks, but others may come before it. */
export const task: Turn = () =>
  new Promise((resolve) => {
    if (setImmediate !== undefined) return setImmediate(resolve);
    const { port1, port2 } = new (MessageChannel as new () => Channel)();
    port1.onmessage = () => {
      port1.onmessage = null;
      resolve();
    };
    port2.postMessage(null);
  });
