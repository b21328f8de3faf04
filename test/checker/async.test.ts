/** checkAsync: the same answers as check, on threads of real workers, and an end to all of them whatever happens. */
import { Worker } from "node:worker_threads";
import { check, HistoryError, type KvInput, type KvOutput, kv, operationsOf, register } from "porcupine-ts";
import { type AsyncOptions, type AsyncProgress, checkAsync, serve } from "porcupine-ts/async";
import { afterEach, describe, expect, test } from "vitest";
import { bareKv, quitting, throwing } from "./async-models.ts";
import { script } from "./build.ts";
import { hard } from "./hard.ts";
import { drawSeeded, kvSubject, randomHistory } from "./random.ts";

/** In the checkout a worker has to learn TypeScript first. */
const BOOTSTRAP = `
const { workerData } = require("node:worker_threads");
import(workerData.tsx).then(({ register }) => {
  register();
  return import(workerData.script);
});
`;

const made: Worker[] = [];
let ended = 0;

function createWorker(): Worker {
  const workerData = {
    tsx: import.meta.resolve("tsx/esm/api"),
    script: new URL("../../checker/worker/node.ts", import.meta.url).href,
  };
  const worker = new Worker(BOOTSTRAP, { eval: true, workerData });
  worker.once("exit", () => ended++);
  made.push(worker);
  return worker;
}

afterEach(() => {
  // Whatever the test did, nothing goes on behind it.
  expect(ended).toBe(made.length);
  made.length = 0;
  ended = 0;
});

const MODELS = new URL("./async-models.ts", import.meta.url).href;

function exported(name: string, options: Partial<AsyncOptions> = {}): AsyncOptions {
  return { createWorker, source: { module: MODELS, name }, ...options };
}

/** Good and bad keys; enough of them for several batches. */
function many(keys: number) {
  const history = script<KvInput, KvOutput>();
  for (let i = 0; i < keys; i++) {
    const key = `k${i}`;
    history.begin(10 * i, { kind: "put", key, value: "1" });
    history.begin(10 * i + 1, { kind: "append", key, value: "2" });
    history.end(10 * i, { kind: "done" });
    if (i % 3 === 0) history.giveUp(10 * i + 1);
    history.call(10 * i + 2, { kind: "get", key }, { kind: "value", value: i % 5 === 0 ? null : "1" });
  }
  return history.history;
}

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

test.each([1, 2, 3])("with %d workers the result is that of check, as plain data", async (workers) => {
  const history = many(700);
  const result = await checkAsync(kv, history, { createWorker, workers });
  expect(result).toEqual(plain(check(kv, history)));
  expect(result.verdict).toBe("illegal");
  expect(made.length).toBe(workers);
});

test("on random histories it says what check says, whichever spelling they have", async () => {
  const mix = { keys: 3, values: 2, get: 3, put: 2, append: 1, delete: 1, cas: 1 };
  const shape = { operations: 40, clients: 4, oneLostIn: 8, oneWrongIn: 20 };
  for (let seed = 1; seed <= 4; seed++) {
    const history = randomHistory(kvSubject(mix), shape, drawSeeded(seed));
    const operations = operationsOf(history);
    for (const each of [history, operations]) {
      expect(await checkAsync(kv, each, { createWorker }), `seed ${seed}`).toEqual(plain(check(kv, each)));
    }
  }
});

test("a history without operations needs no worker", async () => {
  expect(await checkAsync(register, [], { createWorker })).toEqual({ verdict: "ok", objects: [], steps: 0 });
  expect(made).toEqual([]);
});

test("no more workers are made than there are objects, and few objects are shared among all", async () => {
  await checkAsync(kv, many(3), { createWorker, workers: 8 });
  expect(made.length).toBe(3);
});

test("a model of one's own is imported from its module", async () => {
  const history = hard("h", 6);
  const result = await checkAsync(bareKv, history, exported("bareKv"));
  expect(result).toEqual(plain(check(bareKv, history)));
  // The shipped one, with its promises, needs other steps.
  expect(result.steps).not.toBe(check(kv, history).steps);
});

test("every object has the whole budget, and which one ended is told", async () => {
  const history = [...hard("h", 12), ...hard("i", 12)];
  const result = await checkAsync(bareKv, history, exported("bareKv", { budget: 3_000, workers: 2 }));
  expect(result.verdict).toBe("unknown");
  expect(result.objects.map(({ steps }) => steps)).toEqual([3_000, 3_000]);
  expect(result.objects.map(({ ended }) => ended?.budget)).toEqual(["steps", "steps"]);
  expect(result.objects[0]?.explanation?.kind).toBe("undecided");
});

test("progress is told while an object takes long, and at the end everything is decided", async () => {
  const told: AsyncProgress[] = [];
  // Nine of a size, so that some worker gets two at once.
  const history = [..."abcdefghi"].flatMap((key) => hard(key, 12));
  const { steps } = await checkAsync(
    bareKv,
    history,
    exported("bareKv", { onProgress: (each) => told.push(each) }),
  );
  expect(told.length).toBeGreaterThan(2);
  expect(told[0]).toMatchObject({ decided: 0, objects: 9 });
  expect(told[0]!.steps).toBeGreaterThan(0);
  expect(told.at(-1)).toEqual({ steps, decided: 9, objects: 9 });
  expect(told.map((each) => each.steps)).toEqual(told.map((each) => each.steps).sort((a, b) => a - b));
});

describe("calling it off", () => {
  test("a signal that is aborted already makes no worker", async () => {
    const reason = new Error("not any more");
    const check = checkAsync(kv, many(1), { createWorker, signal: AbortSignal.abort(reason) });
    await expect(check).rejects.toBe(reason);
    expect(made).toEqual([]);
  });

  test("an abort in the middle of searches rejects with the signal's reason and ends the workers", async () => {
    const reason = new Error("changed my mind");
    const controller = new AbortController();
    const check = checkAsync(
      bareKv,
      [...hard("h", 20), ...hard("i", 20)],
      exported("bareKv", {
        budget: 1e9,
        workers: 2,
        signal: controller.signal,
        onProgress: () => controller.abort(reason),
      }),
    );
    await expect(check).rejects.toBe(reason);
    expect(made.length).toBe(2);
  });

  test("an abort after the end changes nothing", async () => {
    const controller = new AbortController();
    const { verdict } = await checkAsync(kv, many(1), { createWorker, signal: controller.signal });
    controller.abort();
    expect(verdict).toBe("illegal");
  });
});

describe("what goes wrong is told, and ends the workers", () => {
  test("a malformed history, before any worker is made", async () => {
    const check = checkAsync(kv, many(1).slice(1), { createWorker });
    await expect(check).rejects.toThrow(HistoryError);
    expect(made).toEqual([]);
  });

  test("a model that throws", async () => {
    await expect(checkAsync(throwing, many(2), exported("throwing"))).rejects.toThrow("what it cannot tell");
  });

  test("a worker that ends by itself", async () => {
    await expect(checkAsync(quitting, many(2), exported("quitting"))).rejects.toThrow("exit code 7");
  });

  test("a worker whose script fails", async () => {
    const broken = (): Worker => {
      const worker = new Worker("throw new Error('no script')", { eval: true });
      worker.once("exit", () => ended++);
      made.push(worker);
      return worker;
    };
    await expect(checkAsync(kv, many(2), { createWorker: broken })).rejects.toThrow("no script");
  });

  test("a source that is no model, or no module", async () => {
    const source = (name: string, module = MODELS) => ({ createWorker, source: { module, name } });
    await expect(checkAsync(kv, many(1), source("noModel"))).rejects.toThrow("exports no model noModel");
    await expect(checkAsync(kv, many(1), source("kv", `${MODELS}x`))).rejects.toThrow("async-models.tsx");
  });

  test("a model that workers cannot know by its name", async () => {
    await expect(checkAsync(bareKv, many(1), { createWorker })).rejects.toThrow("not the shipped one");
    const mine = { ...kv, name: "mine" };
    await expect(checkAsync(mine, many(1), { createWorker })).rejects.toThrow("no model named mine");
    expect(() => serve({ postMessage() {}, on() {} }, [bareKv])).toThrow("two models are named kv");
  });

  test("what cannot be sent, workers that are no number, and an observer that throws", async () => {
    const functions = script().call(
      1,
      { kind: "get", key: "x", extra: () => 0 },
      { kind: "value", value: null },
    );
    await expect(checkAsync(kv, functions.history as never, { createWorker })).rejects.toThrow(
      "could not be cloned",
    );
    await expect(checkAsync(kv, many(1), { createWorker, workers: 0 })).rejects.toThrow("workers is 0");
    const onProgress = () => {
      throw new Error("seen enough");
    };
    await expect(checkAsync(kv, many(1), { createWorker, onProgress })).rejects.toThrow("seen enough");
  });
});
