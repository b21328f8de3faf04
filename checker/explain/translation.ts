/**
 * Registers in the words of kv. The explanation knows one language for values that are written and read: that of the
 * kv model. A register is one key, its values are named by the model's own keys, and nothing is ever appended.
 *
 * Models are recognised by their `step`, so that `{ ...register, initial: 0 }` is, and a stranger that happens to
 * be named "register" is not.
 */
import type { Model } from "../model/model.ts";
import { type CasRegisterInput, type CasRegisterOutput, casRegister } from "../models/cas-register.ts";
import { type KvInput, type KvOutput, type KvState, kv } from "../models/kv.ts";
import { register } from "../models/register.ts";
import { type Value, valueKey } from "../models/value.ts";
import type { Call } from "./call.ts";
import { abridged } from "./words.ts";

export type KvCall = Call<KvInput, KvOutput>;

type KvModel = Model<KvState, KvInput, KvOutput>;

export interface Translated {
  readonly model: KvModel;
  readonly calls: readonly KvCall[];
  /** A value as it stands in the words of the original model. */
  valueWords(value: KvState): string;
}

/** A model's calls as kv calls, with the model that judges them; null if the model speaks another language. */
export function inKvTerms<State, Input, Output>(
  model: Model<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
): Translated | null {
  const step: unknown = model.step;
  if (step === kv.step) {
    return {
      model: model as unknown as KvModel,
      calls: calls as unknown as readonly KvCall[],
      valueWords: (value) => (value === null ? "absent" : abridged(JSON.stringify(value))),
    };
  }
  if (step !== register.step && step !== casRegister.step) return null;
  const initial = valueKey(model.initial as unknown as Value);
  return {
    model: { ...kv, initial },
    valueWords: (key) => (key?.startsWith('"') ? abridged(JSON.stringify(key.slice(1))) : String(key)),
    calls: (calls as unknown as readonly Call<CasRegisterInput, CasRegisterOutput>[]).map((call) => ({
      ...call,
      input: inputOf(call.input),
      output: call.output === null ? null : outputOf(call.output),
    })),
  };
}

function inputOf(input: CasRegisterInput): KvInput {
  switch (input.kind) {
    case "read":
      return { kind: "get", key: "" };
    case "write":
      return { kind: "put", key: "", value: valueKey(input.value) };
    case "cas":
      return { kind: "cas", key: "", expected: valueKey(input.from), value: valueKey(input.to) };
  }
}

function outputOf(output: CasRegisterOutput): KvOutput {
  return output.kind === "value" ? { kind: "value", value: valueKey(output.value) } : output;
}
