/** String keys with get, put, append, delete and cas. Keys are independent objects: a state is one key's value. */
import { type CellAccess, ILLEGAL, type Model } from "../model/model.ts";
import { misfit, type Shape } from "../model/shape.ts";

export type KvInput =
  | { readonly kind: "get"; readonly key: string }
  | { readonly kind: "put"; readonly key: string; readonly value: string }
  | { readonly kind: "append"; readonly key: string; readonly value: string }
  | { readonly kind: "delete"; readonly key: string }
  /** Expected null: the key must be absent. */
  | { readonly kind: "cas"; readonly key: string; readonly expected: string | null; readonly value: string };

export type KvOutput =
  /** Of a get; null is an absent key. */
  | { readonly kind: "value"; readonly value: string | null }
  /** Of a put, an append and a delete, also a delete of an absent key. */
  | { readonly kind: "done" }
  /** Of a cas; a refused one changed nothing. */
  | { readonly kind: "swapped"; readonly swapped: boolean };

/** One key's value; null is absent, which an append treats as empty and a cas tells from empty. */
export type KvState = string | null;

const SHAPE: Shape = {
  get: { input: { key: "text" }, answers: { value: { value: "text or null" } } },
  put: { input: { key: "text", value: "text" }, answers: { done: {} } },
  append: { input: { key: "text", value: "text" }, answers: { done: {} } },
  delete: { input: { key: "text" }, answers: { done: {} } },
  cas: {
    input: { key: "text", expected: "text or null", value: "text" },
    answers: { swapped: { swapped: "true or false" } },
  },
};

export const kv: Model<KvState, KvInput, KvOutput> = {
  name: "kv",
  initial: null,
  misfit: (input, output) => misfit(SHAPE, input, output),
  step(state, input, output) {
    switch (input.kind) {
      case "get":
        return output === null || (output.kind === "value" && output.value === state) ? state : ILLEGAL;
      case "cas": {
        const swapped = state === input.expected;
        if (output !== null && (output.kind !== "swapped" || output.swapped !== swapped)) return ILLEGAL;
        return swapped ? input.value : state;
      }
      default:
        return output === null || output.kind === "done" ? written(state, input) : ILLEGAL;
    }
  },
  stateKey: (state) => (state === null ? "-" : `+${state}`),
  objectOf: (input) => input.key,
  describe(input, output) {
    const call = `${input.kind} ${input.key}${parameters(input)}`;
    if (output === null) return `${call} -> ?`;
    return output.kind === "done" ? call : `${call} -> ${answer(output)}`;
  },
  traits: {
    effect(input, output) {
      switch (input.kind) {
        case "get":
          return "reads";
        case "append":
          return "updates";
        case "cas":
          return output?.kind === "swapped" && !output.swapped ? "refuses" : "depends";
        default:
          return "overwrites";
      }
    },
    sees,
    revives(writer, input, output) {
      switch (writer.kind) {
        // After a delete the key is absent, from where appends reach every value.
        case "delete":
          return true;
        case "put":
        case "cas":
          return sees(writer.value, input, output);
        default:
          return false;
      }
    },
    cell,
  },
};

function cell(input: KvInput, output: KvOutput | null): CellAccess {
  switch (input.kind) {
    case "get":
      if (output === null) return { kind: "nothing" };
      return output.kind === "value" ? { kind: "reads", value: output.value } : { kind: "never" };
    case "cas":
      if (output === null) return { kind: "tries", from: input.expected, to: input.value };
      if (output.kind !== "swapped") return { kind: "never" };
      if (!output.swapped) return { kind: "differs", value: input.expected };
      return { kind: "swaps", from: input.expected, to: input.value };
    default:
      if (output !== null && output.kind !== "done") return { kind: "never" };
      if (input.kind === "append") return { kind: "appends", text: input.value };
      return { kind: "writes", value: input.kind === "put" ? input.value : null };
  }
}

/**
 * Appends only lengthen: a value may still become the wanted one only if it is a prefix of it, or absent. Whoever
 * wants an absent key wants nothing else. A cas, whatever its answer, asks whether the value is the expected one.
 */
function sees(state: KvState, input: KvInput, output: KvOutput | null): boolean {
  if (input.kind !== "cas" && output === null) return true;
  const wanted = input.kind === "cas" ? input.expected : output?.kind === "value" ? output.value : null;
  return state === null || (wanted?.startsWith(state) ?? false);
}

function written(state: KvState, input: Exclude<KvInput, { kind: "get" | "cas" }>): KvState {
  switch (input.kind) {
    case "put":
      return input.value;
    case "append":
      return state === null ? input.value : state + input.value;
    case "delete":
      return null;
  }
}

function parameters(input: KvInput): string {
  switch (input.kind) {
    case "get":
    case "delete":
      return "";
    case "put":
    case "append":
      return ` ${shown(input.value)}`;
    case "cas":
      return ` ${shown(input.expected)} ${shown(input.value)}`;
  }
}

function answer(output: KvOutput): string {
  switch (output.kind) {
    case "value":
      return shown(output.value);
    case "done":
      return "done";
    case "swapped":
      return output.swapped ? "swapped" : "refused";
  }
}

function shown(value: string | null): string {
  return value === null ? "absent" : JSON.stringify(value);
}
