/** The laws of models: every shipped model keeps them, and a model that breaks one is found out. */
import {
  type CellAccess,
  ILLEGAL,
  type KvInput,
  kv,
  type Model,
  type MultiRegisterInput,
  modelLaws,
  multiRegister,
  nondeterministic,
  type RegisterInput,
  type RegisterOutput,
  register,
  type Samples,
  type SetInput,
  type SetOutput,
  type SetState,
  set,
  startedIn,
  type Value,
  type VersionAccess,
  type VersionedKvInput,
  type VersionedKvOutput,
  versionedKv,
} from "porcupine-ts";
import { describe, expect, test } from "vitest";
import { subjects } from "./samples.ts";

describe("every shipped model keeps the laws", () => {
  for (const { model, inputs, answers } of subjects) {
    test(model.name, () => {
      // Answers depend on the state; a few states give enough of them for all.
      const states = reachable(model, inputs, answers);
      const outputs = new Map<string, unknown>();
      for (const state of states) {
        for (const input of inputs) {
          for (const output of answers(state, input as never)) outputs.set(JSON.stringify(output), output);
        }
      }
      expect(outputs.size).toBeGreaterThan(1);
      expect(modelLaws(model, { inputs, outputs: [...outputs.values()] })).toBeNull();
    });
  }
});

function reachable(
  model: Model<unknown, unknown, unknown>,
  inputs: readonly unknown[],
  answers: (state: unknown, input: never) => readonly unknown[],
): readonly unknown[] {
  const states = [model.initial];
  for (let at = 0; at < states.length && states.length < 12; at++) {
    for (const input of inputs) {
      for (const output of answers(states[at], input as never)) {
        const after = model.step(states[at], input, output);
        const key = after === ILLEGAL ? null : model.stateKey(after);
        if (key !== null && !states.some((state) => model.stateKey(state) === key)) states.push(after);
      }
    }
  }
  return states;
}

const samples: Samples<Value, RegisterInput, RegisterOutput> = {
  inputs: [{ kind: "read" }, ...[1, "1", 2].map((value) => ({ kind: "write", value }) as const)],
  outputs: [{ kind: "done" }, ...[null, 1, "1", 2].map((value) => ({ kind: "value", value }) as const)],
};

type Register = typeof register;

function broken(change: Partial<Register>): string | null {
  return modelLaws({ ...register, ...change }, samples);
}

const { traits: _traits, ...bare } = register;
const traits = register.traits!;

describe("a model is found out that", () => {
  const cases: readonly [string, () => string | null, string][] = [
    [
      "gives two states one key",
      () => broken({ stateKey: String }),
      'stateKey is not injective: 1 and "1" share the key 1, but read -> 1 tells them apart',
    ],
    [
      "gives one state two keys",
      () => {
        const twins = [{ value: 1 }, { value: 1 }] as const;
        const model: Model<{ value: number }, RegisterInput, RegisterOutput> = {
          ...bare,
          initial: twins[0],
          step: (state) => (state === twins[0] ? twins[1] : twins[0]),
          stateKey: (state) => (state === twins[0] ? "first" : "second"),
        };
        return modelLaws(model, { inputs: samples.inputs, outputs: samples.outputs });
      },
      'stateKey gives equal states two keys: {"value":1} and {"value":1}',
    ],
    [
      "remembers what it was asked before",
      () => {
        let asked = 0;
        return broken({ step: (state) => (asked++ % 2 === 0 ? state : ILLEGAL) });
      },
      "step is not pure: asked twice it answers twice differently: read -> ? in the state null",
    ],
    [
      "changes the input it is given, the first time only",
      () => {
        const inputs = [{ kind: "write", value: 1, done: false }];
        const step = (_state: unknown, input: { done: boolean }) => {
          input.done = true;
          return 1;
        };
        return modelLaws({ ...register, step } as unknown as Register, { inputs, outputs: [] } as never);
      },
      "step is not pure: it changes its input: write 1 -> ? in the state null",
    ],
    [
      "changes the state it is given",
      () => {
        const model: Model<number[], number, null> = {
          name: "list",
          initial: [],
          step(state, input) {
            state.push(input);
            return state;
          },
          stateKey: (state) => state.join(),
          objectOf: () => "list",
          describe: (input) => `push ${input}`,
        };
        return modelLaws(model, { inputs: [1, 2], outputs: [], mostStates: 3 });
      },
      "step is not pure: it changes the state: push 1",
    ],
    [
      "finds an unknown answer impossible",
      () =>
        broken({
          step: (state, input, output) => (output === null ? ILLEGAL : register.step(state, input, output)),
        }),
      "the unknown answer is impossible where a known one is possible: read -> null in the state null",
    ],
    [
      "lets an unknown answer do nothing",
      () =>
        broken({
          step: (state, input, output) => (output === null ? state : register.step(state, input, output)),
        }),
      "the unknown answer has another effect than the known one: write 1 in the state null",
    ],
    ["describes an operation by nothing", () => broken({ describe: () => "" }), "describe says nothing"],
    ["has no name for an object", () => broken({ objectOf: () => 1 as never }), "objectOf gives no text"],
    [
      "calls a write a read",
      () => broken({ traits: { ...traits, effect: () => "reads" } }),
      'traits.effect says "reads", but the state changes: write 1 -> ? in the state null',
    ],
    [
      "calls a write a refusal",
      () => broken({ traits: { ...traits, effect: ({ kind }) => (kind === "read" ? "reads" : "refuses") } }),
      'traits.effect says "refuses", but the state changes: write 1 -> ? in the state null',
    ],
    [
      "calls a read an update",
      () => broken({ traits: { ...traits, effect: () => "updates" } }),
      'traits.effect says "updates", but it is impossible: read -> 1 in the state null',
    ],
    [
      "calls a read an overwrite",
      () => broken({ traits: { ...traits, effect: () => "overwrites" } }),
      'traits.effect says "overwrites", but it is impossible: read -> 1 in the state null',
    ],
    [
      "calls what depends on the state an overwrite",
      () => {
        const effect = (input: RegisterInput, output: RegisterOutput | null) =>
          output === null ? "overwrites" : traits.effect(input, output);
        return broken({ traits: { ...traits, effect } });
      },
      'traits.effect says "overwrites", but the state before decides about the state after: read -> ?',
    ],
    [
      "says that a read does not see what it reads",
      () => broken({ traits: { ...traits, sees: () => false } }),
      "traits.sees says no, but it is possible: read -> null in the state null",
    ],
    [
      "says that a write whose answer is unknown does not see what it changes",
      () =>
        broken({ traits: { ...traits, effect: () => "depends", sees: (_s, _i, output) => output !== null } }),
      "traits.sees says no, but with its answer unknown the state changes: write 1 -> ?",
    ],
    [
      "says that a refusal does not see the one state that does not refuse",
      () => broken({ traits: { ...traits, effect: (i) => (i.kind === "read" ? "refuses" : "overwrites") } }),
      "traits.sees says no, but what refuses is impossible: read -> 1 in the state null",
    ],
    [
      "says that a write revives nothing",
      () => broken({ traits: { ...traits, revives: () => false } }),
      "traits.revives says no, but it lets read -> 1 see again: write 1 -> ? in the state null",
    ],
    [
      "calls a put an update",
      () => {
        const effect = ({ kind }: KvInput) => (kind === "get" ? "reads" : "updates");
        const inputs = ["a", "b"].map((value) => ({ kind: "put", key: "k", value }) as const);
        const outputs = [{ kind: "done" } as const, { kind: "value", value: "a" } as const];
        const model = { ...kv, traits: { ...kv.traits!, effect } as const };
        return modelLaws(model, { inputs: [{ kind: "get", key: "k" }, ...inputs], outputs });
      },
      'traits.effect says "updates", but it lets get k -> "a" see again: put k "a" -> ? in the state "b"',
    ],
    [
      "calls a read a write of its cell",
      () => broken({ traits: { ...traits, cell: () => ({ kind: "writes", value: 1 }) } }),
      'traits.cell says "writes", but it does something else: read -> ? in the state null',
    ],
    [
      "forgets that a read of its cell is impossible elsewhere",
      () => broken({ traits: { ...traits, cell: ofRegister({ kind: "nothing" }) } }),
      'traits.cell says "nothing", but it does something else: read -> 1 in the state null',
    ],
    [
      "has a cell that is no single value",
      () => {
        const cell = () => ({ kind: "nothing" }) as const;
        return modelLaws({ ...set, traits: { ...set.traits!, cell } }, setSamples);
      },
      "traits.cell is there, but a state is no text, number or null: []",
    ],
    [
      "lets a put with any version replace",
      () => versionLaws((put) => ({ kind: "replaces", version: put.version + 1, value: put.value })),
      'traits.versions says "replaces", but it does something else: put k "a" at version 0 -> done in the state null',
    ],
    [
      "replaces by another value",
      () => versionLaws((put) => ({ kind: "replaces", version: put.version, value: "other" })),
      "traits.versions says",
    ],
    [
      "sets a read of everything apart from an add",
      () => {
        const footprint = (input: SetInput) => [input.kind === "read" ? "none" : String(input.value)];
        return modelLaws({ ...set, traits: { ...set.traits!, footprint } }, setSamples);
      },
      "traits.footprint sets it apart from read -> [], but decides whether that is possible: add 1",
    ],
    [
      "sets two transactions apart that touch the same",
      () => {
        const write = (value: number) =>
          ({ kind: "txn", steps: [{ kind: "write", register: "x", value }] }) as const;
        const footprint = ({ steps }: MultiRegisterInput) => steps.map((step) => JSON.stringify(step));
        const model = { ...multiRegister, traits: { ...multiRegister.traits!, footprint } };
        return modelLaws(model, { inputs: [write(1), write(2)], outputs: [] });
      },
      "traits.footprint sets it apart from txn x := 2 -> ?, but their order makes a difference: txn x := 1 -> ?",
    ],
  ];
  for (const [what, laws, message] of cases) {
    test(what, () => {
      expect(laws()).toContain(message);
    });
  }
});

/** The register's accesses, with this one for reads that were answered. */
function ofRegister(read: CellAccess): (input: RegisterInput, output: RegisterOutput | null) => CellAccess {
  return (input, output) => {
    if (input.kind === "write") return { kind: "writes", value: input.value };
    return output === null ? { kind: "nothing" } : read;
  };
}

const setSamples: Samples<SetState, SetInput, SetOutput> = {
  inputs: [{ kind: "add", value: 1 }, { kind: "read" }],
  outputs: [{ kind: "done" }, { kind: "values", values: [] }],
};

function versionLaws(
  ofDone: (put: Extract<VersionedKvInput, { kind: "put" }>) => VersionAccess,
): string | null {
  const versions = (input: VersionedKvInput, output: VersionedKvOutput | null): VersionAccess =>
    input.kind === "put" && output?.kind === "done"
      ? ofDone(input)
      : versionedKv.traits!.versions!(input, output);
  const puts = [0, 1].flatMap((version) =>
    ["a", "b"].map((value) => ({ kind: "put", key: "k", value, version }) as const),
  );
  const outputs = [{ kind: "done" }, { kind: "value", value: "a", version: 1 }] as const;
  const model = { ...versionedKv, traits: { ...versionedKv.traits!, versions } };
  return modelLaws(model, { inputs: [{ kind: "get", key: "k" }, ...puts], outputs });
}

/** A register that may lose a write without telling. */
const forgetful = nondeterministic<Value, RegisterInput, RegisterOutput>({
  name: "forgetful register",
  initial: [null],
  step(state, input, output) {
    const after = register.step(state, input, output);
    if (after === ILLEGAL) return [];
    return input.kind === "write" ? [state, after as Value] : [after as Value];
  },
  stateKey: register.stateKey,
  objectOf: register.objectOf,
  describe: register.describe,
});

test("a model of sets of states keeps the laws, and says that its answers narrow", () => {
  expect(
    modelLaws(forgetful, { inputs: samples.inputs, outputs: samples.outputs, answersNarrow: true }),
  ).toBeNull();
  expect(modelLaws(forgetful, { inputs: samples.inputs, outputs: samples.outputs })).toContain(
    "another effect",
  );
});

test("a model that starts elsewhere keeps the laws, and drops what it promised of its own beginning", () => {
  const inputs = [
    { kind: "get", key: "k" },
    ...[0, 3, 4].map((version) => ({ kind: "put", key: "k", value: "b", version })),
  ];
  const outputs = [{ kind: "done" }, { kind: "wrong version" }, { kind: "value", value: "a", version: 3 }];
  const model = startedIn("versioned-kv", { value: "a", version: 3 });
  expect(typeof model === "string" ? model : modelLaws(model, { inputs, outputs })).toBeNull();
  expect(startedIn("versioned-kv", { value: "a", version: 0 })).toContain("a state of versioned-kv as");
  expect(startedIn("set", ["b", "a", "b"])).toMatchObject({ initial: ["a", "b"] });
  expect(startedIn("multi-register", { x: [] })).toBe(
    'a state of multi-register as an object of values, not {"x":[]}',
  );
  expect(startedIn("queue", 7)).toBe("a state of queue as a list of texts, numbers or nulls, not 7");
});
