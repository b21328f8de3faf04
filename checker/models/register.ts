/** One register that is read and written whole: the smallest model, and the one that papers argue with. */
import { ILLEGAL, type Model } from "../model.ts";
import { misfit, type Shape } from "../shape.ts";

export type RegisterValue = string | number | null;

export type RegisterInput =
  | { readonly kind: "read" }
  | { readonly kind: "write"; readonly value: RegisterValue };

export type RegisterOutput =
  | { readonly kind: "value"; readonly value: RegisterValue }
  | { readonly kind: "done" };

/** Also part of the cas-register's. */
export const REGISTER_SHAPE: Shape = {
  read: { input: {}, answer: "value", output: { value: "text, number or null" } },
  write: { input: { value: "text, number or null" }, answer: "done", output: {} },
};

/** Starts as null; `{ ...register, initial: 0 }` is a register that starts as 0. */
export const register: Model<RegisterValue, RegisterInput, RegisterOutput> = {
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
  objectOf: () => "register",
  describe(input, output) {
    switch (input.kind) {
      case "read":
        return `read -> ${output === null ? "?" : answer(output)}`;
      case "write":
        return `write ${JSON.stringify(input.value)}${output === null ? " -> ?" : ""}`;
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

/** The number 1 and the string "1" are different values. */
export function valueKey(value: RegisterValue): string {
  return typeof value === "string" ? `"${value}` : String(value);
}

function answers(value: RegisterValue, output: RegisterOutput | null): boolean {
  return output === null || (output.kind === "value" && output.value === value);
}

function answer(output: RegisterOutput): string {
  return output.kind === "value" ? JSON.stringify(output.value) : output.kind;
}
