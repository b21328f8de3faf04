/** A stack: last in, first out. */
import { ILLEGAL, type Model } from "../model/model.ts";
import { misfit, type Shape } from "../model/shape.ts";
import { type Keyed, keyOf, objectOr } from "./keyed.ts";
import { listKey, shownValue, type Value } from "./value.ts";

export type StackInput = Keyed &
  ({ readonly kind: "push"; readonly value: Value } | { readonly kind: "pop" });

export type StackOutput =
  | { readonly kind: "done" }
  | { readonly kind: "value"; readonly value: Value }
  /** Of a pop: there was nothing to take. */
  | { readonly kind: "empty" };

const SHAPE: Shape = {
  push: { input: { key: "text or absent", value: "text, number or null" }, answers: { done: {} } },
  pop: {
    input: { key: "text or absent" },
    answers: { value: { value: "text, number or null" }, empty: {} },
  },
};

/** The state is what lies on it, the top last. */
export const stack: Model<readonly Value[], StackInput, StackOutput> = {
  name: "stack",
  initial: [],
  misfit: (input, output) => misfit(SHAPE, input, output),
  step(state, input, output) {
    if (input.kind === "push") return [...state, input.value];
    if (state.length === 0) return output === null || output.kind === "empty" ? state : ILLEGAL;
    if (output !== null && (output.kind !== "value" || output.value !== state.at(-1))) return ILLEGAL;
    return state.slice(0, -1);
  },
  stateKey: listKey,
  objectOf: objectOr("stack"),
  describe(input, output) {
    const call = `${keyOf(input)}${input.kind}${input.kind === "push" ? ` ${shownValue(input.value)}` : ""}`;
    if (output === null) return `${call} -> ?`;
    if (output.kind === "done") return call;
    return `${call} -> ${output.kind === "value" ? shownValue(output.value) : "empty"}`;
  },
  traits: {
    effect(input, output) {
      if (input.kind === "push") return "updates";
      return output?.kind === "empty" ? "reads" : "depends";
    },
    sees: () => true,
    revives: () => true,
  },
};
