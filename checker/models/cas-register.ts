/** A register with compare-and-swap, as Jepsen's etcd tests use it. */
import { type CellAccess, ILLEGAL, type Model } from "../model/model.ts";
import { misfit, type Shape } from "../model/shape.ts";
import { type Keyed, keyOf, objectOr } from "./keyed.ts";
import { REGISTER_SHAPE } from "./register.ts";
import { shownValue, type Value, valueKey } from "./value.ts";

export type CasRegisterInput = Keyed &
  (
    | { readonly kind: "read" }
    | { readonly kind: "write"; readonly value: Value }
    | { readonly kind: "cas"; readonly from: Value; readonly to: Value }
  );

export type CasRegisterOutput =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "done" }
  | { readonly kind: "swapped"; readonly swapped: boolean };

const SHAPE: Shape = {
  ...REGISTER_SHAPE,
  cas: {
    input: { key: "text or absent", from: "text, number or null", to: "text, number or null" },
    answers: { swapped: { swapped: "true or false" } },
  },
};

/** Starts as null, which reads as absent. A refused cas is an observation: it says what the value was not. */
export const casRegister: Model<Value, CasRegisterInput, CasRegisterOutput> = {
  name: "cas-register",
  initial: null,
  misfit: (input, output) => misfit(SHAPE, input, output),
  step(state, input, output) {
    switch (input.kind) {
      case "read":
        return output === null || (output.kind === "value" && output.value === state) ? state : ILLEGAL;
      case "write":
        return output === null || output.kind === "done" ? input.value : ILLEGAL;
      case "cas": {
        const swapped = state === input.from;
        if (output !== null && (output.kind !== "swapped" || output.swapped !== swapped)) return ILLEGAL;
        return swapped ? input.to : state;
      }
    }
  },
  stateKey: valueKey,
  objectOf: objectOr("register"),
  describe(input, output) {
    const known = output === null ? "?" : answer(output);
    switch (input.kind) {
      case "read":
        return `${keyOf(input)}read -> ${known}`;
      case "write":
        return `${keyOf(input)}write ${shownValue(input.value)}${output === null ? " -> ?" : ""}`;
      case "cas":
        return `${keyOf(input)}cas ${shownValue(input.from)} ${shownValue(input.to)} -> ${known}`;
    }
  },
  traits: {
    effect(input, output) {
      switch (input.kind) {
        case "read":
          return "reads";
        case "write":
          return "overwrites";
        case "cas":
          return output?.kind === "swapped" && !output.swapped ? "refuses" : "depends";
      }
    },
    sees,
    revives(writer, input, output) {
      if (writer.kind === "read") return false;
      return sees(writer.kind === "write" ? writer.value : writer.to, input, output);
    },
    cell,
  },
};

function cell(input: CasRegisterInput, output: CasRegisterOutput | null): CellAccess {
  switch (input.kind) {
    case "read":
      if (output === null) return { kind: "nothing" };
      return output.kind === "value" ? { kind: "reads", value: output.value } : { kind: "never" };
    case "write":
      if (output !== null && output.kind !== "done") return { kind: "never" };
      return { kind: "writes", value: input.value };
    case "cas":
      if (output === null) return { kind: "tries", from: input.from, to: input.to };
      if (output.kind !== "swapped") return { kind: "never" };
      if (!output.swapped) return { kind: "differs", value: input.from };
      return { kind: "swaps", from: input.from, to: input.to };
  }
}

/** A cas, whatever its answer, asks whether the value is the expected one. */
function sees(value: Value, input: CasRegisterInput, output: CasRegisterOutput | null): boolean {
  if (input.kind === "cas") return value === input.from;
  return output === null || (output.kind === "value" && output.value === value);
}

function answer(output: CasRegisterOutput): string {
  switch (output.kind) {
    case "value":
      return shownValue(output.value);
    case "done":
      return "done";
    case "swapped":
      return output.swapped ? "swapped" : "refused";
  }
}
