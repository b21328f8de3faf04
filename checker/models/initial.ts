/** Shipped models that start in another state than their own: what a file or a command line says about it. */
import type { Model } from "../model/model.ts";
import { fits, type Holds, shown } from "../model/shape.ts";
import { type ModelName, models } from "./index.ts";
import { setOf } from "./set.ts";
import type { Value } from "./value.ts";

/** What each model's state looks like as data. */
const STATES: Readonly<Record<ModelName, Holds | "an object of values" | "a value with a version, or null">> =
  {
    register: "text, number or null",
    "cas-register": "text, number or null",
    "multi-register": "an object of values",
    kv: "text or null",
    "versioned-kv": "a value with a version, or null",
    mutex: "true or false",
    counter: "a whole number",
    set: "a list of texts, numbers or nulls",
    queue: "a list of texts, numbers or nulls",
    stack: "a list of texts, numbers or nulls",
    log: "a list of texts, numbers or nulls",
  };

export type AnyModel = Model<unknown, unknown, unknown>;

/** The model started in that state; or, if it cannot be one of its states, what was expected, in words. */
export function startedIn(name: ModelName, initial: unknown): AnyModel | string {
  const model = models[name] as unknown as AnyModel;
  const expected = STATES[name];
  if (!isState(expected, initial)) return `a state of ${name} as ${expected}, not ${shown(initial)}`;
  if (name === "set") return { ...model, initial: setOf(initial as readonly Value[]) };
  if (model.traits?.versions === undefined || initial === null) return { ...model, initial };
  // The promise is about versions that begin at 0, and this one does not.
  const { versions: _versions, ...traits } = model.traits;
  return { ...model, initial, traits };
}

function isState(expected: (typeof STATES)[ModelName], data: unknown): boolean {
  if (expected !== "an object of values" && expected !== "a value with a version, or null")
    return fits(expected, data);
  if (data === null) return expected === "a value with a version, or null";
  if (typeof data !== "object" || Array.isArray(data)) return false;
  if (expected === "an object of values") {
    return Object.values(data).every((value) => fits("text, number or null", value));
  }
  const { value, version } = data as { value?: unknown; version?: unknown };
  return fits("text", value) && fits("a whole number from 0", version) && version !== 0;
}
