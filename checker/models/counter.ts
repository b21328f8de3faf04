/** A number that is added to and read. */
import { ILLEGAL, type Model } from "../model/model.ts";
import { misfit, type Shape } from "../model/shape.ts";
import { type Keyed, keyOf, objectOr } from "./keyed.ts";

export type CounterInput = Keyed &
  ({ readonly kind: "read" } | { readonly kind: "add"; readonly amount: number });

export type CounterOutput =
  /** Of an add that tells nothing more. */
  | { readonly kind: "done" }
  /** Of a read, and of an add that tells the sum. */
  | { readonly kind: "value"; readonly value: number };

const SHAPE: Shape = {
  read: { input: { key: "text or absent" }, answers: { value: { value: "a whole number" } } },
  add: {
    input: { key: "text or absent", amount: "a whole number" },
    answers: { done: {}, value: { value: "a whole number" } },
  },
};

export const counter: Model<number, CounterInput, CounterOutput> = {
  name: "counter",
  initial: 0,
  misfit: (input, output) => misfit(SHAPE, input, output),
  step(sum, input, output) {
    const after = input.kind === "add" ? sum + input.amount : sum;
    return output?.kind === "value" && output.value !== after ? ILLEGAL : after;
  },
  stateKey: String,
  objectOf: objectOr("counter"),
  describe(input, output) {
    const call = `${keyOf(input)}${input.kind === "add" ? `add ${input.amount}` : "read"}`;
    if (output === null) return `${call} -> ?`;
    return output.kind === "done" ? call : `${call} -> ${output.value}`;
  },
  traits: {
    effect(input, output) {
      if (input.kind === "read") return "reads";
      return output?.kind === "value" ? "depends" : "updates";
    },
    sees: () => true,
    revives: () => true,
  },
};
