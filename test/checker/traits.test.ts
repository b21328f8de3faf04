/** The promises of every shipped model's traits, each looked for a counter-example: the search trusts them. */
import {
  type CellAccess,
  type CellValue,
  casRegister,
  ILLEGAL,
  kv,
  type Model,
  register,
} from "porcupine-ts";
import { expect, test } from "vitest";

const values = [null, "", "a", "b", "ab", "aba"];
const cases = {
  register: {
    model: register,
    states: values,
    inputs: [{ kind: "read" }, ...values.map((value) => ({ kind: "write", value }))],
  },
  "cas-register": {
    model: casRegister,
    states: values,
    inputs: [
      { kind: "read" },
      ...values.map((value) => ({ kind: "write", value })),
      ...values.flatMap((from) => values.map((to) => ({ kind: "cas", from, to }))),
    ],
  },
  kv: {
    model: kv,
    states: values,
    inputs: [
      { kind: "get", key: "k" },
      { kind: "delete", key: "k" },
      ...values
        .slice(1)
        .flatMap((value) => [
          { kind: "put", key: "k", value },
          { kind: "append", key: "k", value },
          ...values.map((expected) => ({ kind: "cas", key: "k", expected, value })),
        ]),
    ],
  },
};
const outputs = [
  null,
  { kind: "done" },
  { kind: "swapped", swapped: true },
  { kind: "swapped", swapped: false },
  ...values.map((value) => ({ kind: "value", value })),
];

for (const [name, { model, states, inputs }] of Object.entries(cases)) {
  test(`the traits of ${name} promise nothing that a state breaks`, () => {
    expect(brokenPromise(model as Model<unknown, unknown, unknown>, states, inputs)).toBeNull();
  });
}

for (const [name, { model, states, inputs }] of Object.entries(cases)) {
  test(`the accesses of ${name} do to a cell what its steps do`, () => {
    for (const state of states) {
      for (const input of inputs) {
        for (const output of outputs) {
          const { step, traits, describe } = model as Model<unknown, unknown, unknown>;
          const access = traits!.cell!(input, output);
          const where = `${describe(input, output)} in ${JSON.stringify(state)}`;
          expect(accessed(state, access), where).toBe(step(state, input, output));
        }
      }
    }
  });
}

function accessed(state: CellValue, access: CellAccess): CellValue | typeof ILLEGAL {
  switch (access.kind) {
    case "nothing":
      return state;
    case "never":
      return ILLEGAL;
    case "reads":
      return state === access.value ? state : ILLEGAL;
    case "differs":
      return state === access.value ? ILLEGAL : state;
    case "writes":
      return access.value;
    case "swaps":
      return state === access.from ? access.to : ILLEGAL;
    case "tries":
      return state === access.from ? access.to : state;
    case "appends":
      return `${state ?? ""}${access.text}`;
  }
}

interface Operation {
  readonly input: unknown;
  readonly output: unknown;
}

function brokenPromise(
  model: Model<unknown, unknown, unknown>,
  states: readonly unknown[],
  inputs: readonly unknown[],
): string | null {
  // An answer that is impossible in all states is none that a system gives.
  const operations = inputs
    .flatMap((input) => outputs.map((output) => ({ input, output })))
    .filter(({ input, output }) => states.some((state) => model.step(state, input, output) !== ILLEGAL));
  for (const state of states) {
    for (const operation of operations) {
      const flaw =
        flawIn(model, state, operation, states) ?? falseInterest(model, state, operation, operations);
      if (flaw !== null) return `${flaw}: ${model.describe(operation.input, operation.output)} in ${state}`;
    }
  }
  return null;
}

function flawIn(
  model: Model<unknown, unknown, unknown>,
  state: unknown,
  { input, output }: Operation,
  states: readonly unknown[],
): string | null {
  const after = model.step(state, input, output);
  const effect = model.traits!.effect(input, output);
  const isReadOnly = effect === "reads" || effect === "refuses";
  if (isReadOnly && after !== ILLEGAL && after !== state) return `${effect} but changes the state`;
  if (isReadOnly || effect === "depends") return unseenFlaw(model, state, { input, output }, effect);
  if (after === ILLEGAL) return `${effect} but is impossible`;
  const isAlwaysThis = states.every((other) => model.step(other, input, output) === after);
  return effect === "overwrites" && !isAlwaysThis ? "overwrites but depends on the state" : null;
}

function unseenFlaw(
  model: Model<unknown, unknown, unknown>,
  state: unknown,
  { input, output }: Operation,
  effect: string,
): string | null {
  if (model.traits!.sees(state, input, output)) return null;
  const after = model.step(state, input, output);
  if (effect === "refuses") return after === ILLEGAL ? "unseen but refuses to refuse" : null;
  if (output === null) return after === state ? null : "unseen but changes the state";
  return after === ILLEGAL ? null : "unseen but possible";
}

/** An operation that makes an observer see what it did not see, and is not said to revive it. */
function falseInterest(
  model: Model<unknown, unknown, unknown>,
  state: unknown,
  writer: Operation,
  operations: readonly Operation[],
): string | null {
  const after = model.step(state, writer.input, writer.output);
  if (after === ILLEGAL) return null;
  const isUpdate = model.traits!.effect(writer.input, writer.output) === "updates";
  for (const { input, output } of operations) {
    if (["updates", "overwrites"].includes(model.traits!.effect(input, output))) continue;
    if (model.traits!.sees(state, input, output) || !model.traits!.sees(after, input, output)) continue;
    if (isUpdate || !model.traits!.revives(writer.input, input, output)) return "revives against its word";
  }
  return null;
}
