/** A set of values. A read sees all of them, so a set is one object; where nobody reads, its elements are apart. */
import { ILLEGAL, type Model } from "../model/model.ts";
import { misfit, type Shape } from "../model/shape.ts";
import { type Keyed, keyOf, objectOr } from "./keyed.ts";
import { listKey, shownValue, shownValues, type Value, valueKey } from "./value.ts";

export type SetInput = Keyed &
  (
    | { readonly kind: "add" | "remove" | "contains"; readonly value: Value }
    /** All elements. */
    | { readonly kind: "read" }
  );

export type SetOutput =
  /** Of an add or a remove that tells nothing more. */
  | { readonly kind: "done" }
  /** Of an add: it was not there; of a remove: it was. */
  | { readonly kind: "changed"; readonly changed: boolean }
  | { readonly kind: "contained"; readonly contained: boolean }
  /** Of a read: in any order, and a value that is listed twice is there once. */
  | { readonly kind: "values"; readonly values: readonly Value[] };

const KEY = { key: "text or absent" } as const;
const ELEMENT = { ...KEY, value: "text, number or null" } as const;

const SHAPE: Shape = {
  add: { input: ELEMENT, answers: { done: {}, changed: { changed: "true or false" } } },
  remove: { input: ELEMENT, answers: { done: {}, changed: { changed: "true or false" } } },
  contains: { input: ELEMENT, answers: { contained: { contained: "true or false" } } },
  read: { input: KEY, answers: { values: { values: "a list of texts, numbers or nulls" } } },
};

/** Elements once each, in the order of their keys. */
export type SetState = readonly Value[];

export const set: Model<SetState, SetInput, SetOutput> = {
  name: "set",
  initial: [],
  misfit: (input, output) => misfit(SHAPE, input, output),
  step(state, input, output) {
    if (input.kind === "read") {
      return output?.kind !== "values" || listKey(setOf(output.values)) === listKey(state) ? state : ILLEGAL;
    }
    const has = state.includes(input.value);
    if (output?.kind === "contained" && output.contained !== has) return ILLEGAL;
    if (output?.kind === "changed" && output.changed !== (has !== (input.kind === "add"))) return ILLEGAL;
    if (input.kind === "add" && !has) return setOf([...state, input.value]);
    return input.kind === "remove" && has ? state.filter((value) => value !== input.value) : state;
  },
  stateKey: listKey,
  objectOf: objectOr("set"),
  describe(input, output) {
    const call = `${keyOf(input)}${input.kind}${input.kind === "read" ? "" : ` ${shownValue(input.value)}`}`;
    if (output === null) return `${call} -> ?`;
    return output.kind === "done" ? call : `${call} -> ${answer(output)}`;
  },
  traits: {
    effect(input, output) {
      if (input.kind === "read" || input.kind === "contains") return "reads";
      if (output?.kind !== "changed") return "updates";
      return output.changed ? "depends" : "reads";
    },
    sees: () => true,
    revives: () => true,
    footprint: (input) => (input.kind === "read" ? null : [valueKey(input.value)]),
  },
};

/** The values as a state. */
export function setOf(values: readonly Value[]): SetState {
  const byKey = new Map(values.map((value) => [valueKey(value), value]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

function answer(output: Exclude<SetOutput, { kind: "done" }>): string {
  switch (output.kind) {
    case "changed":
      return output.changed ? "changed" : "no change";
    case "contained":
      return output.contained ? "yes" : "no";
    case "values":
      return shownValues(output.values);
  }
}
