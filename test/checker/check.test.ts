/** Budgets, size, and speed that must not be lost by accident. */
import {
  check,
  HistoryError,
  type HistoryEvent,
  historyOf,
  ILLEGAL,
  type KvInput,
  type KvOutput,
  kv,
  type Model,
  type RegisterInput,
  type RegisterOutput,
  register,
} from "porcupine-ts";
import { expect, test } from "vitest";
import { script } from "./build.ts";
import { bare, hard } from "./hard.ts";
import { drawSeeded, kvSubject, randomHistory } from "./random.ts";
import { versionedSubject } from "./versioned.ts";

const done = { kind: "done" } as const;

/** A read that nobody wrote. */
function violation(key: string, id = 1): readonly HistoryEvent<KvInput, KvOutput>[] {
  return script<KvInput, KvOutput>().call(id, { kind: "get", key }, { kind: "value", value: "no" }).history;
}

test("a budget that ends first gives unknown, the longest attempts, and the same ones every time", () => {
  const history = hard("h", 12);
  const result = check(bare, history, { budget: 3_000 });
  expect(result.verdict).toBe("unknown");
  expect(result.steps).toBe(3_000);
  expect(result.objects[0]?.linearization).toBeNull();
  expect(result.objects[0]?.partials.length).toBeGreaterThan(0);
  expect(result.objects[0]?.partials.length).toBeLessThanOrEqual(16);
  const lengths = result.objects[0]!.partials.map((partial) => partial.length);
  expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
  expect(check(bare, history, { budget: 3_000 })).toEqual(result);
});

test("a search that was put aside and taken up again goes on where it stood", () => {
  const alone = check(bare, hard("h", 9));
  const beside = check(bare, [...hard("h", 9), ...hard("i", 10)]);
  expect(alone.steps).toBeGreaterThan(2_000);
  expect(beside.objects[0]).toEqual(alone.objects[0]);
});

test("illegal on one key beats unknown on others, however many hard keys come first", () => {
  const history = [...["a", "b", "c", "d"].flatMap((key) => hard(key, 12)), ...violation("z")];
  const result = check(bare, history, { budget: 3_000 });
  expect(result.verdict).toBe("illegal");
  expect(result.objects.map(({ verdict }) => verdict)).toEqual([
    "unknown",
    "unknown",
    "unknown",
    "unknown",
    "illegal",
  ]);
  expect(result.steps).toBeLessThanOrEqual(3_000);
});

test("what comes behind the first illegal key is judged when somebody asks, and then it is the same", () => {
  const keys = ["a", "b", "c"];
  const put = (key: string, id: number) =>
    script<KvInput, KvOutput>().call(id, { kind: "put", key, value: "v" }, done).history;
  const history = [...put("h", 8), ...keys.flatMap((key, i) => violation(key, i + 1)), ...put("i", 9)];
  const stepped = new Set<string>();
  const watched: typeof bare = {
    ...bare,
    step(state, input, output) {
      stepped.add(input.key);
      return bare.step(state, input, output);
    },
  };
  expect(check(watched, history).verdict).toBe("illegal");
  expect([...stepped]).toEqual(["h", "a"]);
  const result = check(bare, history);
  const eager = check(bare, history, { onProgress: () => undefined });
  expect(result.objects.map(({ object, verdict }) => `${object} ${verdict}`)).toEqual([
    "h ok",
    "a illegal",
    "b illegal",
    "c illegal",
    "i ok",
  ]);
  expect(result).toEqual(eager);
  expect(JSON.parse(JSON.stringify(result))).toEqual(JSON.parse(JSON.stringify(eager)));
  expect(result.objects).toBe(result.objects);
});

test("a key may be a list of any length, which is told from another by one part of it", () => {
  const length = 50_000;
  const rows: Model<readonly number[], { readonly at: number }, number> = {
    name: "rows",
    initial: Array<number>(length).fill(0),
    step(state, { at }, output) {
      if (output !== null && output !== state[at]) return ILLEGAL;
      return state.map((value, i) => (i === at ? value + 1 : value));
    },
    stateKey: (state) => state.map(String),
    objectOf: () => "rows",
    describe: ({ at }, output) => `take ${at} -> ${output}`,
  };
  const takes = (...answers: number[]) =>
    historyOf(
      answers.map((output, id) => ({
        ...{ operation: id, client: `c${id}`, input: { at: length - 1 }, output },
        ...{ call: 0, return: 9 },
      })),
    );
  expect(check(rows, takes(2, 0, 1)).verdict).toBe("ok");
  expect(check(rows, takes(2, 0, 2)).verdict).toBe("illegal");
});

test("unknown on one key beats ok on another", () => {
  const ok = script<KvInput, KvOutput>().call(1, { kind: "put", key: "z", value: "1" }, done).history;
  expect(check(bare, [...ok, ...hard("h", 12)], { budget: 1_000 }).verdict).toBe("unknown");
});

test("every one of 100 hidden writes is found where masks are wider than a word", () => {
  for (const model of [kv, bare]) {
    const history = script<KvInput, KvOutput>();
    for (let i = 0; i < 100; i++) history.begin(i, { kind: "put", key: "x", value: `${i}` });
    for (let i = 99; i >= 0; i--) {
      history.call(1_000 + i, { kind: "get", key: "x" }, { kind: "value", value: `${i}` });
    }
    const result = check(model, history.history);
    expect(result.verdict).toBe("ok");
    expect(result.objects[0]?.linearization?.length).toBe(200);
    const again = history.call(2_000, { kind: "get", key: "x" }, { kind: "value", value: "50" }).history;
    expect(check(kv, again).verdict).toBe("illegal");
  }
});

test("70 clients at once, some of whom never return, are judged", () => {
  const history = script<RegisterInput, RegisterOutput>();
  for (let i = 0; i < 70; i++) history.begin(i, i % 2 === 0 ? { kind: "write", value: i } : { kind: "read" });
  for (let i = 1; i < 70; i += 2) history.end(i, { kind: "value", value: i - 1 });
  expect(check(register, history.history).verdict).toBe("ok");
  history.call(100, { kind: "read" }, { kind: "value", value: 3 });
  expect(check(register, history.history).verdict).toBe("illegal");
});

test("50,000 operations one after the other overflow no stack and take a step or two each", () => {
  const history = script<KvInput, KvOutput>();
  for (let i = 0; i < 50_000; i += 2) {
    history.call(i, { kind: "put", key: "x", value: `${i}` }, done);
    history.call(i + 1, { kind: "get", key: "x" }, { kind: "value", value: `${i}` });
  }
  for (const model of [kv, bare]) {
    const result = check(model, history.history);
    expect(result.verdict).toBe("ok");
    expect(result.objects[0]?.linearization?.length).toBe(50_000);
    // Linear in the length, counted in configurations: those repeat exactly, seconds do not.
    expect(result.steps).toBeLessThanOrEqual(2 * 50_000);
  }
});

test("hard histories of 100 operations on one key are decided well within two million configurations", () => {
  const mixes = [
    { keys: 1, values: 1_000, get: 4, put: 3, append: 3, delete: 0, cas: 0 },
    { keys: 1, values: 10, get: 4, put: 2, append: 2, delete: 1, cas: 2 },
    { keys: 1, values: 1_000, get: 1, put: 0, append: 9, delete: 0, cas: 0 },
    { keys: 1, values: 3, get: 5, put: 5, append: 0, delete: 0, cas: 0 },
  ];
  for (const mix of mixes) {
    const subject = kvSubject(mix);
    for (let seed = 1; seed <= 10; seed++) {
      const shape = { operations: 100, clients: 15, oneLostIn: 6, oneWrongIn: seed % 2 === 0 ? 50 : 0 };
      const result = check(subject.model, randomHistory(subject, shape, drawSeeded(seed)), {
        budget: 100_000,
      });
      expect(result.verdict, `seed ${seed} of ${JSON.stringify(mix)}`).not.toBe("unknown");
    }
  }
});

test("an unknown verdict says which budget ended, and at whose return", () => {
  const history = hard("h", 12);
  const bySteps = check(bare, history, { budget: 3_000 }).objects[0]!;
  const byMemory = check(bare, history, { memory: 0.1 }).objects[0]!;
  expect(bySteps.ended?.budget).toBe("steps");
  expect(byMemory.verdict).toBe("unknown");
  expect(byMemory.ended?.budget).toBe("memory");
  // Words are counted a little late: after the configuration that was one too many.
  expect(byMemory.statistics.words).toBeLessThan(25_000 * 1.5);
  expect(check(bare, history, { memory: 0.1 }).steps).toBe(byMemory.steps);
  const reached = bySteps.ended!.operation;
  const longest = bySteps.partials[0]!;
  expect(longest).not.toContain(reached);
  const before = history.slice(
    0,
    history.findIndex((it) => it.kind === "response" && it.operation === reached),
  );
  for (const event of before) if (event.kind === "response") expect(longest).toContain(event.operation);
});

test("progress is told while a search goes on, and whoever throws ends it", () => {
  const told: number[] = [];
  check(bare, hard("h", 15), {
    budget: 200_000,
    onProgress: ({ steps, budget, decided, objects }) => {
      told.push(steps);
      expect([budget, objects]).toEqual([200_000, 1]);
      // The last word may be about the step that decided.
      if (told.length === 1) expect(decided).toBe(0);
    },
  });
  expect(told.length).toBeGreaterThan(3);
  expect(told).toEqual([...told].sort((a, b) => a - b));
  const stop = () => {
    throw new Error("stop");
  };
  expect(() => check(bare, hard("h", 15), { onProgress: stop })).toThrow("stop");
  expect(check(kv, violation("z")).verdict).toBe("illegal");
});

test("statistics name the algorithm, and carry times only if there is a clock", () => {
  const alone = check(kv, violation("z")).objects[0]!.statistics;
  expect(alone).toEqual({ algorithm: "sequence", operations: 1, cached: 0, words: 0, time: null });
  const get: KvInput = { kind: "get", key: "z" };
  const together = script<KvInput, KvOutput>().begin(1, get).begin(2, get);
  const { history } = together.end(1, { kind: "value", value: "never written" });
  expect(check(kv, history).objects[0]!.statistics.algorithm).toBe("epochs");
  let now = 0;
  const clock = () => now++;
  const timed = check(bare, history, { clock }).objects[0]!.statistics;
  expect(timed).toMatchObject({ algorithm: "search", cached: 1, time: 1 });
  const versioned = script().begin(1, { kind: "get" }).begin(2, { kind: "get" });
  const { model } = versionedSubject(3);
  const seen = versioned.end(1, { kind: "no key" }).history as Parameters<typeof check>[1];
  expect(check(model, seen).objects[0]!.statistics.algorithm).toBe("versions");
});

test("timed operations are judged like the events that they stand for: touching ones are concurrent", () => {
  const write = {
    operation: 1,
    client: "a",
    input: { kind: "write", value: 1 },
    output: done,
    call: 0,
    return: 5,
  };
  const read = { operation: 2, client: "b", input: { kind: "read" }, output: { kind: "value", value: null } };
  const after = (call: number) => [write, { ...read, call, return: call }] as Parameters<typeof check>[1];
  const model = register as unknown as Parameters<typeof check>[0];
  expect(check(model, after(5)).verdict).toBe("ok");
  expect(check(model, after(6)).verdict).toBe("illegal");
});

test("what a result shows is not disturbed by the checks that come after it, and survives JSON", () => {
  const subject = kvSubject({ keys: 2, values: 3, get: 3, put: 3, append: 0, delete: 0, cas: 2 });
  const draw = (seed: number) =>
    randomHistory(
      subject,
      { operations: 12, clients: 4, oneLostIn: 5, oneWrongIn: seed % 2 === 0 ? 4 : 0 },
      drawSeeded(seed),
    );
  const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
  const kept = seeds.map((seed) => check(kv, draw(seed)));
  const shown = (result: (typeof kept)[number]): string => JSON.stringify(result);
  for (const [i, seed] of seeds.entries()) expect(shown(kept[i]!)).toBe(shown(check(kv, draw(seed))));
  const [first] = JSON.parse(shown(kept[0]!)).objects;
  expect(first).toMatchObject({
    verdict: "ok",
    linearization: kept[0]!.objects[0]!.linearization,
    ended: null,
  });
});

test("a history that is refused leaves nothing behind", () => {
  const twice = script<KvInput, KvOutput>().call(
    1,
    { kind: "get", key: "a" },
    { kind: "value", value: null },
  );
  twice.end(1, { kind: "value", value: null });
  const good = script<KvInput, KvOutput>().call(1, { kind: "get", key: "a" }, { kind: "value", value: null });
  expect(() => check(kv, twice.history)).toThrow(HistoryError);
  expect(check(kv, good.history).verdict).toBe("ok");
  expect(() => check(kv, twice.history)).toThrow(HistoryError);
});

test("100 clients on one key, long appends and lost replies are decided without a search", () => {
  const mixes = [
    { keys: 1, values: 1_000_000, get: 4, put: 3, append: 3, delete: 0, cas: 0 },
    { keys: 1, values: 1_000_000, get: 5, put: 5, append: 0, delete: 0, cas: 0 },
  ];
  for (const mix of mixes) {
    for (const oneLostIn of [0, 10]) {
      for (const oneWrongIn of [0, 50]) {
        const shape = { operations: 2_000, clients: 100, oneLostIn, oneWrongIn };
        const history = randomHistory(kvSubject(mix), shape, drawSeeded(5));
        const result = check(kv, history, { budget: 1 });
        expect(result.verdict).toBe(oneWrongIn === 0 ? "ok" : "illegal");
        expect(result.objects[0]!.statistics.algorithm).toBe("epochs");
      }
    }
  }
});
