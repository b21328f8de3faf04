/** For every shipped model: inputs, and some answers to each of which one is right whatever the state is. */
import { type Model, models, type Value } from "porcupine-ts";
import type { Draw, Subject } from "./random.ts";

type AnyModel = Model<unknown, unknown, unknown>;

interface Domain {
  readonly inputs: readonly unknown[];
  /** Right and wrong answers to that input in that state. */
  answers(state: unknown, input: { kind: string }): readonly unknown[];
}

const VALUES: readonly Value[] = ["a", "b", 1];
const done = { kind: "done" };
const booleans = [true, false];
const value = (it: Value) => ({ kind: "value", value: it });
const values = (list: readonly Value[]) => ({ kind: "values", values: list });
const swapped = booleans.map((it) => ({ kind: "swapped", swapped: it }));

const write = VALUES.map((it) => ({ kind: "write", value: it }));
const cas = ["a", 1, null].flatMap((from) => ["a", "b"].map((to) => ({ kind: "cas", from, to })));

function registerAnswers(_state: unknown, { kind }: { kind: string }): readonly unknown[] {
  if (kind === "cas") return swapped;
  return kind === "write" ? [done] : [null, ...VALUES].map(value);
}

function popAnswers(_state: unknown, { kind }: { kind: string }): readonly unknown[] {
  return kind === "enqueue" || kind === "push" ? [done] : [{ kind: "empty" }, ...VALUES.map(value)];
}

function keyAnswers(state: unknown, { kind }: { kind: string }): readonly unknown[] {
  if (kind === "cas") return swapped;
  if (kind !== "get") return [done];
  const now = (state as string | null) ?? "";
  return [state as Value, null, "", "a", "b", "ab", "ba", `${now}a`, now.slice(1)].map(value);
}

function versionedAnswers(state: unknown, { kind }: { kind: string }): readonly unknown[] {
  if (kind === "put") return ["done", "no key", "wrong version", "maybe"].map((it) => ({ kind: it }));
  const now = state as { value: string; version: number } | null;
  const seen = ["a", "b"].flatMap((it) =>
    [1, 2, 3].map((version) => ({ kind: "value", value: it, version })),
  );
  return [...seen, ...(now === null ? [] : [{ kind: "value", ...now }]), { kind: "no key" }];
}

function setAnswers(_state: unknown, { kind }: { kind: string }): readonly unknown[] {
  if (kind === "contains") return booleans.map((contained) => ({ kind: "contained", contained }));
  if (kind === "read")
    return [[], ["a"], ["b"], ["b", "a"], ["a", "b"], [1], [1, "a"], ["b", 1], ["b", 1, "a"]].map(values);
  return [done, ...booleans.map((changed) => ({ kind: "changed", changed }))];
}

function logAnswers(state: unknown, { kind }: { kind: string }): readonly unknown[] {
  const now = state as readonly Value[];
  if (kind === "append")
    return [done, ...[0, 1, 2, now.length].map((position) => ({ kind: "position", position }))];
  return [[], ["a"], ["a", "b"], ["b"], now, now.slice(1)].map(values);
}

const domains: Readonly<Record<keyof typeof models, Domain>> = {
  register: { inputs: [{ kind: "read" }, ...write], answers: registerAnswers },
  "cas-register": { inputs: [{ kind: "read" }, ...write, ...cas], answers: registerAnswers },
  "multi-register": {
    inputs: [
      { kind: "txn", steps: [{ kind: "read", register: "x" }] },
      {
        kind: "txn",
        steps: [
          { kind: "read", register: "x" },
          { kind: "read", register: "y" },
        ],
      },
      ...[1, 2].map((it) => ({ kind: "txn", steps: [{ kind: "write", register: "x", value: it }] })),
      {
        kind: "txn",
        steps: [
          { kind: "write", register: "y", value: 1 },
          { kind: "read", register: "y" },
          { kind: "read", register: "x" },
        ],
      },
    ],
    answers(_state, input) {
      const { steps } = input as unknown as { steps: { kind: string }[] };
      const reads = steps.filter(({ kind }) => kind === "read").length;
      const seen = [null, ...[null, 1, 2].map((it) => ({ value: it }))];
      const lists = reads === 0 ? [[]] : reads === 1 ? seen.map((it) => [it]) : pairsOf(seen);
      return lists.map((list) => ({ kind: "reads", reads: list }));
    },
  },
  kv: {
    inputs: [
      { kind: "get", key: "k" },
      { kind: "delete", key: "k" },
      ...["a", "b", "ab", ""].flatMap((it) => [
        { kind: "put", key: "k", value: it },
        { kind: "append", key: "k", value: it },
      ]),
      ...[null, "", "a", "ab"].map((expected) => ({ kind: "cas", key: "k", expected, value: "b" })),
    ],
    answers: keyAnswers,
  },
  "versioned-kv": {
    inputs: [
      { kind: "get", key: "k" },
      ...[0, 1, 2].flatMap((version) =>
        ["a", "b"].map((it) => ({ kind: "put", key: "k", value: it, version })),
      ),
    ],
    answers: versionedAnswers,
  },
  mutex: {
    inputs: [{ kind: "acquire" }, { kind: "release" }],
    answers: (_state, { kind }) =>
      booleans.map((it) =>
        kind === "acquire" ? { kind: "acquired", acquired: it } : { kind: "released", released: it },
      ),
  },
  counter: {
    inputs: [{ kind: "read" }, ...[1, 2, -1].map((amount) => ({ kind: "add", amount }))],
    answers(state, { kind }) {
      const now = state as number;
      const seen = [now - 1, now, now + 1, now + 2, 0].map(value);
      return kind === "add" ? [done, ...seen] : seen;
    },
  },
  set: {
    inputs: [
      { kind: "read" },
      ...VALUES.flatMap((it) => ["add", "remove", "contains"].map((kind) => ({ kind, value: it }))),
    ],
    answers: setAnswers,
  },
  queue: {
    inputs: [{ kind: "dequeue" }, ...VALUES.map((it) => ({ kind: "enqueue", value: it }))],
    answers: popAnswers,
  },
  stack: {
    inputs: [{ kind: "pop" }, ...VALUES.map((it) => ({ kind: "push", value: it }))],
    answers: popAnswers,
  },
  log: {
    inputs: [{ kind: "read" }, ...VALUES.map((it) => ({ kind: "append", value: it }))],
    answers: logAnswers,
  },
};

function pairsOf<T>(list: readonly T[]): readonly (readonly T[])[] {
  return list.flatMap((a) => list.map((b) => [a, b]));
}

/** Every shipped model with what to try on it, for laws and for random histories. */
export const subjects: readonly (Subject<unknown, unknown, unknown> & Domain)[] = Object.entries(domains).map(
  ([name, domain]) => ({
    model: models[name as keyof typeof models] as unknown as AnyModel,
    inputs: domain.inputs,
    input: (draw: Draw) => domain.inputs[draw(domain.inputs.length)],
    answers: (state: unknown, input: unknown) => [...domain.answers(state, input as { kind: string })],
  }),
);
