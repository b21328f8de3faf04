/**
 * During a simulation, host time and host entropy throw where they are touched: one call of Date.now in a dependency
 * would make every replay a lie, and nobody would know why.
 */

import { AssertionError } from "../../src/base/index.ts";

/** Globals that differ from one run to the next, as paths from the global object. */
const FORBIDDEN: readonly (readonly [object: string | null, name: string])[] = [
  ["Math", "random"],
  [null, "Date"],
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
  const lift = guard();
  try {
    return simulate();
  } finally {
    lift();
  }
}

/** Puts the guard up, and returns how to lift it. The latest one must be lifted first. */
export function guard(): () => void {
  const restore: (() => void)[] = [];
  for (const [object, name] of FORBIDDEN) forbid(object, name, restore);
  return () => {
    for (const undo of restore.reverse()) undo();
  };
}

function forbid(object: string | null, name: string, restore: (() => void)[]): void {
  const globals = globalThis as unknown as Globals;
  const holder = (object === null ? globals : globals[object]) as Globals | undefined;
  if (holder === undefined || typeof holder[name] !== "function") return;
  const own = Object.getOwnPropertyDescriptor(holder, name);
  const trap = trapFor(object === null ? name : `${object}.${name}`);
  if (own?.writable === true) {
    // Assigned, not defined anew: a run took a sixth longer when properties of Math were redefined around it.
    const kept = holder[name];
    holder[name] = trap;
    restore.push(() => {
      holder[name] = kept;
    });
    return;
  }
  Object.defineProperty(holder, name, { value: trap, configurable: true, writable: true });
  restore.push(() => {
    if (own === undefined) delete holder[name];
    else Object.defineProperty(holder, name, own);
  });
}

/** Throws however it is used: called, constructed, or asked for a property such as Date.now. */
function trapFor(path: string): unknown {
  const spring = () => {
    throw new AssertionError(
      `${path} was used during a simulation: its result is not a function of the seed`,
    );
  };
  return new Proxy(class {}, { apply: spring, construct: spring, get: spring });
}
