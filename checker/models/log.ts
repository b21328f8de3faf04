/** A log that is appended to and read as a whole. */
import { ILLEGAL, type Model } from "../model/model.ts";
import { misfit, type Shape } from "../model/shape.ts";
import { type Keyed, keyOf, objectOr } from "./keyed.ts";
import { listKey, shownValue, shownValues, type Value } from "./value.ts";

export type LogInput = Keyed &
  ({ readonly kind: "append"; readonly value: Value } | { readonly kind: "read" });

export type LogOutput =
  /** Of an append that tells nothing more. */
  | { readonly kind: "done" }
  /** Of an append: where the value stands, from 0. */
  | { readonly kind: "position"; readonly position: number }
  /** Of a read: everything, in order. */
  | { readonly kind: "values"; readonly values: readonly Value[] };

const SHAPE: Shape = {
  append: {
    input: { key: "text or absent", value: "text, number or null" },
    answers: { done: {}, position: { position: "a whole number from 0" } },
  },
  read: {
    input: { key: "text or absent" },
    answers: { values: { values: "a list of texts, numbers or nulls" } },
  },
};

export const log: Model<readonly Value[], LogInput, LogOutput> = {
  name: "log",
  initial: [],
  misfit: (input, output) => misfit(SHAPE, input, output),
  step(state, input, output) {
    if (input.kind === "append") {
      if (output?.kind === "position" && output.position !== state.length) return ILLEGAL;
      return [...state, input.value];
    }
    const agrees =
      output?.kind !== "values" || (output.values.length === state.length && begins(state, output));
    return agrees ? state : ILLEGAL;
  },
  stateKey: listKey,
  objectOf: objectOr("log"),
  describe(input, output) {
    const call = `${keyOf(input)}${input.kind}${input.kind === "append" ? ` ${shownValue(input.value)}` : ""}`;
    if (output === null) return `${call} -> ?`;
    if (output.kind === "done") return call;
    return `${call} -> ${output.kind === "position" ? output.position : shownValues(output.values)}`;
  },
  traits: {
    effect(input, output) {
      if (input.kind === "read") return "reads";
      return output?.kind === "position" ? "depends" : "updates";
    },
    /** A log only grows: it may still become what was read only while it is how that began. */
    sees(state, _input, output) {
      switch (output?.kind) {
        case "position":
          return state.length <= output.position;
        case "values":
          return begins(state, output);
        default:
          return true;
      }
    },
    revives: () => false,
  },
};

function begins(state: readonly Value[], { values }: { readonly values: readonly Value[] }): boolean {
  return state.length <= values.length && state.every((value, at) => value === values[at]);
}
