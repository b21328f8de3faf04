/** One register that is read and written whole: the smallest model, and the one that papers argue with. */
import { ILLEGAL, type Model } from "../model/model.ts";
import { misfit, type Shape } from "../model/shape.ts";
import { type Keyed, keyOf, objectOr } from "./keyed.ts";
import { shownValue, type Value, valueKey } from "./value.ts";

export type RegisterInput = Keyed &
  ({ readonly kind: "read" } | { readonly kind: "write"; readonly value: Value });

export type RegisterOutput = { readonly kind: "value"; readonly value: Value } | { readonly kind: "done" };

/** Also part of the cas-register's. */
export const REGISTER_SHAPE: Shape = {
  read: { input: { key: "text or absent" }, answers: { value: { value: "text, number or null" } } },
  write: { input: { key: "text or absent", value: "text, number or null" }, answers: { done: {} } },
};

/** Starts as null; `{ ...register, initial: 0 }` is a register that starts as 0. */
export const register: Model<Value, RegisterInput, RegisterOutput> = {
  name: "register",
  initial: null,
  misfit: (input, output) => misfit(REGISTER_SHAPE, input, output),
  step(state, input, output) {
    switch (input.kind) {
      case "read":
        return output === null || (output.kind === "value" && output.value === state) ? state : ILLEGAL;
      case "write":
        return output === null || output.kind === "done" ? input.value : ILLEGAL;
    }
  },
  stateKey: valueKey,
  objectOf: objectOr("register"),
  describe(input, output) {
    switch (input.kind) {
      case "read":
        return `${keyOf(input)}read -> ${output === null ? "?" : answer(output)}`;
      case "write":
        return `${keyOf(input)}write ${shownValue(input.value)}${output === null ? " -> ?" : ""}`;
    }
  },
  traits: {
    effect: (input) => (input.kind === "read" ? "reads" : "overwrites"),
    sees: (state, _input, output) => answers(state, output),
    revives: (writer, _input, output) => writer.kind === "write" && answers(writer.value, output),
    cell(input, output) {
      if (input.kind === "read") {
        if (output === null) return { kind: "nothing" };
        return output.kind === "value" ? { kind: "reads", value: output.value } : { kind: "never" };
      }
      if (output !== null && output.kind !== "done") return { kind: "never" };
      return { kind: "writes", value: input.value };
    },
  },
};

function answers(value: Value, output: RegisterOutput | null): boolean {
  return output === null || (output.kind === "value" && output.value === value);
}

function answer(output: RegisterOutput): string {
  return output.kind === "value" ? shownValue(output.value) : output.kind;
}
