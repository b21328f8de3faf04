/** Explanations against brute force: on small random histories all that they claim can be tried out. */
import {
  casRegister,
  check,
  explain,
  type HistoryEvent,
  ILLEGAL,
  type KvInput,
  type KvOutput,
  kv,
  type Model,
  register,
  type Violation,
} from "porcupine-ts";
import { describe, expect, test } from "vitest";
import { callsByObject, eventsOf } from "../../checker/explain/call.ts";
import { Code } from "../../checker/explain/code.ts";
import { Oracle } from "../../checker/explain/oracle.ts";
import { shrinkKv } from "../../checker/explain/shrink.ts";
import { cutAfter, cutTail } from "../../checker/explain/steps/cut.ts";
import { erasable, erase } from "../../checker/explain/steps/erase.ts";
import { forget } from "../../checker/explain/steps/forget.ts";
import { dropReads } from "../../checker/explain/steps/reads.ts";
import { dropUnobserved } from "../../checker/explain/steps/unobserved.ts";
import { inKvTerms, type KvCall } from "../../checker/explain/translation.ts";
import { isLinearizable } from "./brute.ts";
import { script } from "./build.ts";
import { isLegal, smallHistory, subjects } from "./laws.ts";
import { drawSeeded, kvSubject, randomHistory } from "./random.ts";

const SEEDS = 500;

describe("against brute force", () => {
  for (const [name, subject] of Object.entries(subjects)) {
    test(`${name}: only what is illegal is explained, from its first impossible reply`, () => {
      let illegal = 0;
      for (let seed = 1; seed <= SEEDS; seed++) {
        const { model, calls, history, isLegal: wasLegal } = smallHistory(subject, seed);
        const [explanation, another] = explain(subject.model, history);
        expect(another).toBeUndefined();
        expect(explanation === undefined, `seed ${seed}`).toBe(wasLegal);
        if (explanation === undefined) continue;
        illegal++;
        expect(explanation.kind).toBe("violation");
        if (explanation.kind !== "violation") continue;
        const { operation, isFirst } = explanation.impossible;
        const reply = calls.find((call) => call.id === operation)!;
        expect(isFirst).toBe(true);
        expect(explanation.isSmallest).toBe(true);
        expect(isLegal(model, cutAfter(calls, reply.return)), `seed ${seed}`).toBe(false);
        expect(isLegal(model, cutAfter(calls, reply.return - 1)), `seed ${seed}`).toBe(true);
        expectAlternatives(subject.model, cutAfter(calls, reply.return), explanation, `seed ${seed}`);
        expectRelations(explanation, calls, `seed ${seed}`);
      }
      expect(illegal).toBeGreaterThan(SEEDS / 10);
    });

    test(`${name}: a core is illegal, and nothing more can go`, () => {
      for (let seed = 1; seed <= SEEDS; seed++) {
        const { model, calls, isLegal: wasLegal } = smallHistory(subject, seed);
        if (wasLegal) continue;
        const first = firstImpossible(model, calls);
        const code = new Code(calls);
        const shrunk = shrinkKv(new Oracle(model, 100_000), cutAfter(calls, first.return), code);
        expect(shrunk.isSmallest).toBe(true);
        expect(isLegal(model, shrunk.calls), `seed ${seed}`).toBe(false);
        for (const smaller of smallerThan(model, shrunk.calls, code)) {
          expect(isLegal(model, smaller), `seed ${seed}`).toBe(true);
        }
      }
    });
  }
});

function firstImpossible(model: typeof kv, calls: readonly KvCall[]): KvCall {
  const replies = calls.filter((call) => call.return !== Infinity).sort((a, b) => a.return - b.return);
  return replies.find((call) => !isLegal(model, cutAfter(calls, call.return)))!;
}

/** All that single steps make of the calls, if it is less. */
function smallerThan(model: typeof kv, calls: readonly KvCall[], code: Code): readonly (readonly KvCall[])[] {
  const tokens = erasable(calls, code, model.initial);
  return [
    ...calls.map(({ id }) => dropReads(model, calls, new Set([id]))),
    ...calls.map(({ id }) => dropUnobserved(cutTail(forget(calls, new Set([id]))))),
    ...tokens.map((token) => erase(calls, code, model.initial, new Set([token]))),
  ].filter((smaller) => JSON.stringify(smaller) !== JSON.stringify(calls));
}

/** What is called possible is, and what is called impossible is not. */
function expectAlternatives(
  model: Model<unknown, unknown, unknown>,
  prefix: readonly KvCall[],
  { alternatives, core }: Violation,
  hint: string,
): void {
  const translated = inKvTerms(kv, prefix)!;
  const culprit = core.find(({ isImpossible }) => isImpossible)!.operation;
  const isRegister = model.name !== "kv";
  for (const { answer, verdict, isGiven, order } of alternatives) {
    const output = outputOf(answer, isRegister);
    const calls = translated.calls.map((call) => (call.id === culprit ? { ...call, output } : call));
    const kvModel = isRegister ? { ...kv, initial: "null" } : (model as unknown as typeof kv);
    expect(verdict, `${hint}: ${answer}`).toBe(isLegal(kvModel, calls) ? "possible" : "impossible");
    if (isGiven) expect(verdict).toBe("impossible");
    expect(order === null).toBe(verdict === "impossible");
    if (order !== null) expect(order).toContain(culprit);
  }
  const given = alternatives.filter(({ isGiven }) => isGiven);
  expect(given.length).toBe(alternatives.length === 0 ? 0 : 1);
}

function outputOf(answer: string, isRegister: boolean): KvOutput {
  if (answer === "swapped" || answer === "refused") return { kind: "swapped", swapped: answer === "swapped" };
  if (isRegister) return { kind: "value", value: answer };
  return { kind: "value", value: answer === "absent" ? null : (JSON.parse(answer) as string) };
}

function expectRelations({ relations, core }: Violation, calls: readonly KvCall[], hint: string): void {
  const call = (id: number) => calls.find((each) => each.id === id)!;
  for (const { kind, from, to } of relations) {
    expect(core.filter(({ operation }) => operation === from || operation === to).length, hint).toBe(2);
    if (kind === "finished-before") expect(call(from).return, hint).toBeLessThan(call(to).call);
  }
}

test("puts and gets of unique values have a core of at most 6 operations", () => {
  const sizes = new Set<number>();
  for (let seed = 1; seed <= 3_000; seed++) {
    const history = uniqueHistory(seed, { operations: 4 + (seed % 30), oneWrongIn: 4 });
    for (const explanation of explain(kv, history)) {
      if (explanation.kind !== "violation") throw new Error("undecided");
      sizes.add(explanation.core.length);
      expect(explanation.isSmallest).toBe(true);
    }
    if (history.length <= 16) expect(explain(kv, history).length > 0).toBe(!isLinearizable(kv, history));
    else expect(explain(kv, history).length > 0).toBe(check(kv, history).verdict !== "ok");
  }
  expect([...sizes].sort()).toEqual([1, 2, 3, 4, 5, 6].filter((size) => sizes.has(size)));
  expect(sizes.size).toBeGreaterThan(3);
});

/** Puts and gets on one key; every put has a value of its own. */
function uniqueHistory(
  seed: number,
  { operations, oneWrongIn }: { operations: number; oneWrongIn: number },
): HistoryEvent<KvInput, KvOutput>[] {
  const base = kvSubject({ keys: 1, values: 1, get: 3, put: 2, append: 0, delete: 0, cas: 0 });
  let written = 0;
  const subject: typeof base = {
    ...base,
    input(draw) {
      const input = base.input(draw);
      return input.kind === "put" ? { ...input, value: `v${written++}` } : input;
    },
    answers(state, input, draw) {
      if (input.kind !== "get") return base.answers(state, input, draw);
      return [state, null, `v${draw(written + 1)}`].map((value) => ({ kind: "value", value }));
    },
  };
  return randomHistory(subject, { operations, clients: 4, oneLostIn: 6, oneWrongIn }, drawSeeded(seed));
}

test("10,000 legal histories have no explanation", () => {
  const subject = kvSubject({ keys: 2, values: 4, get: 4, put: 3, append: 2, delete: 1, cas: 1 });
  for (let seed = 1; seed <= 10_000; seed++) {
    const shape = { operations: 5 + (seed % 20), clients: 4, oneLostIn: 6, oneWrongIn: 0 };
    expect(explain(kv, randomHistory(subject, shape, drawSeeded(seed))), `seed ${seed}`).toEqual([]);
  }
});

test("one stale read among 100,000 puts and gets is explained without a search of them", () => {
  const history = uniqueHistory(1, { operations: 100_000, oneWrongIn: 0 });
  const at = history.findIndex(
    (event, i) => i > 100_000 && event.kind === "response" && event.output.kind === "value",
  );
  const late = history[at] as Extract<HistoryEvent<KvInput, KvOutput>, { kind: "response" }>;
  const wrong = { ...late, output: { kind: "value", value: "v7" } as const };
  // A single search of half of the history would cost more than this budget.
  const [explanation] = explain(kv, history.with(at, wrong), { budget: 1_000 });
  expect(explanation).toMatchObject({
    kind: "violation",
    class: "stale-read",
    isSmallest: true,
    impossible: { operation: late.operation, isFirst: true },
  });
  const { core, staleness } = explanation as Violation;
  expect(core.length).toBe(3);
  expect(staleness!.versions).toBeGreaterThan(10_000);
});

test("a value that was written twice does not hide an earlier impossible reply", () => {
  const history = script<KvInput, KvOutput>()
    .call(1, { kind: "put", key: "x", value: "a" }, { kind: "done" })
    .call(2, { kind: "put", key: "x", value: "a" }, { kind: "done" })
    .call(3, { kind: "put", key: "x", value: "b" }, { kind: "done" })
    .call(4, { kind: "get", key: "x" }, { kind: "value", value: "a" })
    .call(5, { kind: "get", key: "x" }, { kind: "value", value: "nobody's" }).history;
  expect(explain(kv, history)).toMatchObject([
    { impossible: { operation: 4, isFirst: true }, class: "stale-read" },
  ]);
});

describe("models that it knows only as models", () => {
  /** A queue: put at the end, take from the front. */
  const queue: Model<readonly number[], { kind: "put"; item: number } | { kind: "take" }, number | "done"> = {
    name: "queue",
    initial: [],
    step(state, input, output) {
      if (input.kind === "put")
        return output === null || output === "done" ? [...state, input.item] : ILLEGAL;
      if (output === null) return state.slice(1);
      return state[0] === output ? state.slice(1) : ILLEGAL;
    },
    stateKey: (state) => state.join(),
    objectOf: () => "queue",
    describe: (input, output) =>
      input.kind === "put" ? `put ${input.item}` : `take -> ${output === null ? "?" : output}`,
  };
  type Input = { kind: "put"; item: number } | { kind: "take" };

  test("have a first impossible reply, and a core by the steps that are always sound", () => {
    const history = script<Input, number | "done">()
      .call(1, { kind: "put", item: 1 }, "done")
      .call(2, { kind: "put", item: 2 }, "done")
      .begin(3, { kind: "put", item: 3 })
      .call(4, { kind: "take" }, 2)
      .end(3, "done")
      .call(5, { kind: "take" }, 9).history;
    const [explanation] = explain(queue, history);
    expect(explanation).toMatchObject({
      kind: "violation",
      class: "no-order",
      impossible: { operation: 4, isFirst: true },
      sentence:
        "c4's take returned 2, the first reply that no order explains; it takes 3 other operations to contradict it.",
      alternatives: [],
      staleness: null,
    });
    expect((explanation as Violation).core.map(({ operation }) => operation)).toEqual([1, 2, 3, 4]);
  });

  test("have an impossible first operation", () => {
    const history = script<Input, number | "done">().call(1, { kind: "take" }, 7).history;
    expect(explain(queue, history)).toMatchObject([{ class: "impossible-first-operation" }]);
  });

  test("are not taken for kv because of their name", () => {
    const stranger = { ...queue, name: "kv" };
    const history = script<Input, number | "done">().call(1, { kind: "take" }, 7).history;
    expect(explain(stranger, history)).toMatchObject([{ class: "impossible-first-operation" }]);
  });
});

describe("an ended budget", () => {
  const history = script<KvInput, KvOutput>()
    .call(1, { kind: "put", key: "x", value: "a" }, { kind: "done" })
    .call(2, { kind: "append", key: "x", value: "b" }, { kind: "done" })
    .call(3, { kind: "get", key: "x" }, { kind: "value", value: "ba" }).history;

  test("is said, with how far the search came", () => {
    expect(explain(kv, history, { budget: 0 })).toEqual([
      {
        kind: "undecided",
        object: "x",
        operations: 3,
        sentence:
          'The budget of 0 configurations ended, 0 of them spent on x, before it was decided: the longest order that was found holds 0 of its 3 operations and lacks c1\'s put x "a".',
        steps: 0,
        budget: 0,
        longest: 0,
        stuckAt: 1,
      },
    ]);
  });

  test("leaves a core that says that it may be too large", () => {
    const isSmallest = (budget: number) => {
      const [explanation] = explain(kv, history, { budget });
      return explanation?.kind === "violation" && explanation.isSmallest;
    };
    expect(isSmallest(1_000)).toBe(true);
    expect(isSmallest(5)).toBe(false);
  });
});

test("an initial value of one's own is one that nobody had to write", () => {
  const read = (value: number | null) =>
    script<{ kind: "read" }, { kind: "value"; value: number | null }>().call(
      1,
      { kind: "read" },
      { kind: "value", value },
    ).history;
  expect(explain({ ...register, initial: 0 }, read(0))).toEqual([]);
  expect(explain({ ...casRegister, initial: 0 }, read(null))).toMatchObject([{ class: "phantom-value" }]);
});

test("events that share an instant keep their order", () => {
  const history = script<KvInput, KvOutput>()
    .call(1, { kind: "put", key: "x", value: "a" }, { kind: "done" })
    .call(2, { kind: "get", key: "x" }, { kind: "value", value: null })
    .history.map((event) => ({ ...event, time: 0 }));
  expect(explain(kv, history)).toMatchObject([
    { class: "stale-read", sentence: expect.stringContaining("began after c1's put") },
  ]);
  expect(eventsOf([...callsByObject(kv, history).values()][0]!).map(({ operation }) => operation)).toEqual([
    1, 1, 2, 2,
  ]);
});
