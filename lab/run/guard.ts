/**
 * During a simulation, host time and host entropy throw where they are touched: one call of Date.now in a dependency
 * would make every replay a lie, and nobody would know why.
 */

import { AssertionError } from "../../src/base/index.ts";

/** Global functions that differ from one run to the next, as paths from the global object. */
const FORBIDDEN: readonly (readonly [object: string | null, name: string])[] = [
  ["Math", "random"],
  ["Date", "now"],
  ["performance", "now"],
  ["crypto", "getRandomValues"],
  ["crypto", "randomUUID"],
  [null, "setTimeout"],
  [null, "setInterval"],
  [null, "setImmediate"],
  [null, "queueMicrotask"],
  [null, "fetch"],
];

type Globals = Record<string, unknown>;

/** Runs a simulation under guard. Nested guards are fine. */
export function guarded<T>(simulate: () => T): T {
  const restore: (() => void)[] = [];
  try {
    for (const [object, name] of FORBIDDEN) forbid(object, name, restore);
    return simulate();
  } finally {
    for (const undo of restore.reverse()) undo();
  }
}

function forbid(object: string | null, name: string, restore: (() => void)[]): void {
  const globals = globalThis as unknown as Globals;
  const holder = (object === null ? globals : globals[object]) as Globals | undefined;
  if (holder === undefined || typeof holder[name] !== "function") return;
  const own = Object.getOwnPropertyDescriptor(holder, name);
  const path = object === null ? name : `${object}.${name}`;
  const trap = () => {
    throw new AssertionError(
      `${path} was called during a simulation: its result is not a function of the seed`,
    );
  };
  Object.defineProperty(holder, name, { value: trap, configurable: true, writable: true });
  restore.push(() => {
    if (own === undefined) delete holder[name];
    else Object.defineProperty(holder, name, own);
  });
}
