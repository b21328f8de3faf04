/** Which model a Jepsen history speaks of, by the names of its calls; where these are not enough, by its values. */
import type { Data } from "../edn.ts";
import {
  counterDialect,
  logDialect,
  mutexDialect,
  queueDialect,
  setDialect,
  stackDialect,
} from "./collections.ts";
import type { Dialect } from "./dialect.ts";
import { casRegisterDialect, multiRegisterDialect, registerDialect } from "./registers.ts";
import type { JepsenEvent } from "./spelling.ts";
import { kvDialect, versionedKvDialect } from "./stores.ts";

export type AnyDialect = Dialect<unknown, unknown>;

/** Those that understand fewer calls come before those that understand more. */
const DIALECTS = [
  registerDialect,
  casRegisterDialect,
  multiRegisterDialect,
  versionedKvDialect,
  kvDialect,
  mutexDialect,
  counterDialect,
  setDialect,
  queueDialect,
  stackDialect,
  logDialect,
] as readonly unknown[] as readonly AnyDialect[];

/** How histories of that model are spelled; null if no model has that name. */
export function dialectOf(model: string): AnyDialect | null {
  return DIALECTS.find((dialect) => dialect.model === model) ?? null;
}

/** The dialect that has all calls of the history and fits its values; null if none or several do. */
export function guessDialect(events: readonly JepsenEvent[]): AnyDialect | null {
  const calls = new Set(events.map(({ f }) => f));
  const able = DIALECTS.filter((dialect) => [...calls].every((f) => dialect.calls.includes(f)));
  const fitting = able.filter((dialect) => suits(dialect, events, calls));
  return calls.size === 0 ? null : (fitting[0] ?? null);
}

function suits({ model }: AnyDialect, events: readonly JepsenEvent[], calls: ReadonlySet<string>): boolean {
  const some = (isSo: (event: JepsenEvent) => boolean): boolean => events.some(isSo);
  switch (model) {
    // A lone cas speaks of a register, or of a key where it names one.
    case "cas-register":
      return !calls.has("cas") || calls.size > 1 || some(({ key }) => key === undefined);
    case "versioned-kv":
      return some(({ f, value }) => f === "put" && isVersioned(value));
    case "counter":
      return (
        calls.has("add") && some(({ f, type, value }) => f === "read" && type === "ok" && isNumber(value))
      );
    case "set":
      return calls.size > 1 && !calls.has("read") ? true : some(({ value }) => Array.isArray(value));
    case "log":
      return calls.has("append") && !some(({ key }) => key !== undefined);
    default:
      return true;
  }
}

function isVersioned(value: Data): boolean {
  return Array.isArray(value) && value.length === 2 && isNumber(value[1]!);
}

function isNumber(value: Data): boolean {
  return typeof value === "number";
}

/**
 * Whether values name the object too, as `[key value]`: so jepsen.independent writes them. A cas has a pair of its
 * own inside then, and a transaction's first part is no step.
 */
export function isIndependent(events: readonly JepsenEvent[]): boolean {
  const calls = events.filter(({ type }) => type === "invoke");
  return (
    calls.length > 0 &&
    calls.every(({ f, key, value }) => {
      if (key !== undefined || !Array.isArray(value) || value.length !== 2) return false;
      return f === "cas" || f === "txn" ? Array.isArray(value[1]) && !Array.isArray(value[0]) : true;
    })
  );
}
