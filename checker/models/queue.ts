/** A queue: first in, first out. */
import { ILLEGAL, type Model } from "../model/model.ts";
import { misfit, type Shape } from "../model/shape.ts";
import { type Keyed, keyOf, objectOr } from "./keyed.ts";
import { listKey, shownValue, type Value } from "./value.ts";

export type QueueInput = Keyed &
  ({ readonly kind: "enqueue"; readonly value: Value } | { readonly kind: "dequeue" });

export type QueueOutput =
  | { readonly kind: "done" }
  | { readonly kind: "value"; readonly value: Value }
  /** Of a dequeue: there was nothing to take. */
  | { readonly kind: "empty" };

const SHAPE: Shape = {
  enqueue: { input: { key: "text or absent", value: "text, number or null" }, answers: { done: {} } },
  dequeue: {
    input: { key: "text or absent" },
    answers: { value: { value: "text, number or null" }, empty: {} },
  },
};

/** The state is what waits, the oldest first. */
export const queue: Model<readonly Value[], QueueInput, QueueOutput> = {
  name: "queue",
  initial: [],
  misfit: (input, output) => misfit(SHAPE, input, output),
  step(state, input, output) {
    if (input.kind === "enqueue") return [...state, input.value];
    if (state.length === 0) return output === null || output.kind === "empty" ? state : ILLEGAL;
    if (output !== null && (output.kind !== "value" || output.value !== state[0])) return ILLEGAL;
    return state.slice(1);
  },
  stateKey: listKey,
  objectOf: objectOr("queue"),
  describe(input, output) {
    const call = `${keyOf(input)}${input.kind}${input.kind === "enqueue" ? ` ${shownValue(input.value)}` : ""}`;
    if (output === null) return `${call} -> ?`;
    if (output.kind === "done") return call;
    return `${call} -> ${output.kind === "value" ? shownValue(output.value) : "empty"}`;
  },
  traits: {
    effect(input, output) {
      if (input.kind === "enqueue") return "updates";
      return output?.kind === "empty" ? "reads" : "depends";
    },
    sees: () => true,
    revives: () => true,
  },
};
