/** The incremental checker: what it says after each event is what `check` says of the events so far. */
import {
  check,
  HistoryError,
  type HistoryEvent,
  IncrementalChecker,
  type KvInput,
  type KvOutput,
  kv,
  type Model,
  models,
  nondeterministic,
  type RegisterInput,
  type RegisterOutput,
  register,
  type Value,
} from "porcupine-ts";
import { describe, expect, test } from "vitest";
import { script } from "./build.ts";
import { drawSeeded, kvSubject, randomHistory, type Subject } from "./random.ts";
import { subjects } from "./samples.ts";

type AnyModel = Model<unknown, unknown, unknown>;

function verdicts(
  model: AnyModel,
  history: readonly HistoryEvent<unknown, unknown>[],
  budget = 1_000_000,
): string[] {
  const checker = new IncrementalChecker(model, { budget });
  return history.map((event) => checker.push(event));
}

const kvMix = { keys: 1, values: 3, get: 3, put: 2, append: 2, delete: 1, cas: 2 };
const all: readonly Subject<unknown, unknown, unknown>[] = [
  ...subjects,
  { ...kvSubject({ ...kvMix, keys: 2 }), model: { ...kv, name: "kv with two keys" } } as never,
];

describe("says after every event what check says of all so far, with and without traits, on", () => {
  for (const subject of all) {
    test(subject.model.name, () => {
      const { traits: _traits, ...bare } = subject.model;
      const seen = { ok: 0, illegal: 0 };
      for (let seed = 1; seed <= 120; seed++) {
        const draw = drawSeeded(seed * 7);
        const shape = {
          operations: 4 + draw(6),
          clients: 2 + draw(4),
          oneLostIn: [0, 3, 5][draw(3)]!,
          oneWrongIn: [0, 2, 4][draw(3)]!,
        };
        const history = randomHistory(subject, shape, draw);
        const expected = history.map((_, at) => check(subject.model, history.slice(0, at + 1)).verdict);
        seen[expected.at(-1) as "ok"]++;
        expect(verdicts(subject.model, history), `seed ${seed}`).toEqual(expected);
        expect(verdicts(bare, history), `seed ${seed} without traits`).toEqual(expected);
      }
      expect(Math.min(seen.ok, seen.illegal)).toBeGreaterThan(10);
    });
  }
});

const done = { kind: "done" } as const;
const value = (it: string) => ({ kind: "value", value: it }) as const;

test("names the first reply that no order explains, and stays with it", () => {
  const history = script<KvInput, KvOutput>()
    .call(1, { kind: "put", key: "x", value: "1" }, done)
    .begin(2, { kind: "get", key: "x" })
    .begin(3, { kind: "get", key: "y" })
    .end(3, { kind: "value", value: null })
    .end(2, value("2"))
    .call(4, { kind: "get", key: "x" }, value("3")).history;
  const checker = new IncrementalChecker(kv);
  expect(history.map((event) => checker.push(event))).toEqual([
    ...["ok", "ok", "ok", "ok", "ok"],
    ...["illegal", "illegal", "illegal"],
  ]);
  expect(checker.impossible).toEqual({ event: 5, operation: 2, object: "x" });
});

test("keeps no more than what is open, however long it runs", () => {
  const checker = new IncrementalChecker(kv, { budget: 100 });
  const draw = drawSeeded(5);
  let most = 0;
  const current = new Map<string, string>();
  // Two of 20 clients gave up, and one never says a word again.
  const lost = (operation: number, put: string) => {
    checker.push({
      kind: "invoke",
      operation,
      client: "l",
      input: { kind: "put", key: "k0", value: put },
      time: 0,
    });
    checker.push({ kind: "indeterminate", operation, time: 0 });
  };
  lost(-1, "lost");
  lost(-2, "lost too");
  checker.push({ kind: "invoke", operation: -3, client: "m", input: { kind: "get", key: "k1" }, time: 0 });
  for (let operation = 0; operation < 30_000; operation++) {
    const key = `k${draw(3)}`;
    const isPut = draw(2) === 0;
    const input: KvInput = isPut ? { kind: "put", key, value: `${operation}` } : { kind: "get", key };
    checker.push({ kind: "invoke", operation, client: "c", input, time: operation });
    if (isPut) current.set(key, `${operation}`);
    const output: KvOutput = isPut ? done : { kind: "value", value: current.get(key) ?? null };
    expect(checker.push({ kind: "response", operation, output, time: operation })).toBe("ok");
    most = Math.max(most, checker.live);
  }
  expect(most).toBeLessThan(10);
});

test("an object that needs more than the budget is unknown from then on, and hides no other's violation", () => {
  const checker = new IncrementalChecker(kv, { budget: 50 });
  const hard = script<KvInput, KvOutput>();
  for (let i = 0; i < 10; i++) hard.begin(i, { kind: "append", key: "h", value: `${i}` });
  hard.end(0, done);
  for (const event of hard.history.slice(0, -1)) expect(checker.push(event)).toBe("ok");
  expect(checker.push(hard.history.at(-1)!)).toBe("unknown");
  expect(checker.live).toBe(0);
  const rest = script<KvInput, KvOutput>()
    .call(20, { kind: "get", key: "z" }, { kind: "value", value: null })
    .end(1, done)
    .giveUp(2)
    .call(21, { kind: "get", key: "h" }, value("no"));
  for (const event of rest.history) expect(checker.push(event)).toBe("unknown");
  const wrong = script<KvInput, KvOutput>().call(30, { kind: "get", key: "z" }, value("no")).history;
  expect(wrong.map((event) => checker.push(event))).toEqual(["unknown", "illegal"]);
});

test("writes that nobody heard of again are no more than one choice each", () => {
  const history = script<RegisterInput, RegisterOutput>();
  for (let i = 0; i < 30; i++) history.begin(i, { kind: "write", value: i }).giveUp(i);
  history.call(100, { kind: "write", value: 100 }, done);
  for (let i = 0; i < 30; i++) history.call(200 + i, { kind: "read" }, { kind: "value", value: i });
  history.call(300, { kind: "read" }, { kind: "value", value: 100 });
  const checker = new IncrementalChecker(register, { budget: 100 });
  const said = history.history.map((event) => checker.push(event));
  expect(said.pop()).toBe("illegal");
  expect(new Set(said)).toEqual(new Set(["ok"]));
});

test("reads that are in flight cost nothing", () => {
  const history = script<RegisterInput, RegisterOutput>();
  for (let i = 0; i < 40; i++) history.begin(i, { kind: "read" });
  for (let i = 0; i < 20; i++) history.call(100 + i, { kind: "write", value: i }, done);
  for (let i = 0; i < 40; i++) history.end(i, { kind: "value", value: i % 20 });
  const checker = new IncrementalChecker(register, { budget: 20 });
  for (const event of history.history) expect(checker.push(event)).toBe("ok");
  expect(checker.live).toBe(1);
});

test("what nobody can have recorded is refused where it stands", () => {
  const refusal = (...events: HistoryEvent<RegisterInput, RegisterOutput>[]) => {
    const checker = new IncrementalChecker(register);
    const last = events.pop()!;
    for (const event of events) checker.push(event);
    try {
      checker.push(last);
    } catch (error) {
      if (error instanceof HistoryError) return error.message;
      throw error;
    }
    return "nothing was thrown";
  };
  const [begin, end] = script<RegisterInput, RegisterOutput>().call(
    1,
    { kind: "write", value: 1 },
    done,
  ).history;
  const [, giveUp] = script<RegisterInput, RegisterOutput>().begin(1, { kind: "read" }).giveUp(1).history;
  expect(refusal(end!)).toContain("event 0: response for operation 1, which was not invoked before");
  expect(refusal(begin!, end!, end!)).toContain("event 2: response for operation 1");
  expect(refusal(begin!, begin!)).toContain("event 1: operation 1 is invoked again");
  expect(refusal(begin!, giveUp!, end!)).toContain(
    "event 2: response for operation 1, which was given up before",
  );
});

test("a model whose answers decide about effects is refused, not misjudged", () => {
  const bag = nondeterministic<readonly Value[], { kind: "put" | "take"; value?: number }, { value: Value }>({
    name: "bag",
    initial: [[1, 2]],
    step: (state, _input, output) =>
      state
        .filter((it) => output === null || it === output.value)
        .map((taken) => state.filter((it) => it !== taken)),
    stateKey: JSON.stringify,
    objectOf: () => "bag",
    describe: (_input, output) => `take -> ${output?.value ?? "?"}`,
  });
  const checker = new IncrementalChecker(bag);
  const take = { kind: "take" } as const;
  const history = script<typeof take, { value: Value }>().begin(1, take).begin(2, take).end(2, { value: 1 });
  for (const event of history.history) expect(checker.push(event)).toBe("ok");
  const last = script<typeof take, { value: Value }>().begin(1, take).end(1, { value: 2 }).history[1]!;
  expect(() => checker.push(last)).toThrow(
    "the model bag cannot be checked incrementally: the answer of take -> 2",
  );
  expect(models.queue.traits?.effect({ kind: "dequeue" }, null)).toBe("depends");
});
