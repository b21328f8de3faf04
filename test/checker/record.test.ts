/** The recorder: what callers of a client see, and nothing that they cannot know. */
import { check, type KvInput, type KvOutput, kv } from "porcupine-ts";
import { Recording, type RecordOptions, record } from "porcupine-ts/record";
import { expect, test } from "vitest";

/** A store with a private field, a method that throws, and one whose answers come when the test says so. */
class Store {
  readonly #values = new Map<string, string>();
  readonly name = "store";
  readonly waiting: (() => void)[] = [];

  async get(key: string): Promise<string | null> {
    return this.#values.get(key) ?? null;
  }

  async put(key: string, value: string): Promise<void> {
    this.#values.set(key, value);
  }

  /** Calls another method of its own. */
  async swap(key: string, value: string): Promise<string | null> {
    const before = await this.get(key);
    await this.put(key, value);
    return before;
  }

  async losing(key: string, value: string): Promise<void> {
    await this.put(key, value);
    throw new Error("connection reset");
  }

  refusing(): Promise<void> {
    throw new TypeError("no such key");
  }

  slow(key: string): Promise<string | null> {
    return new Promise((resolve) => {
      this.waiting.push(() => resolve(this.#values.get(key) ?? null));
    });
  }

  size(): number {
    return this.#values.size;
  }
}

function recorded(more: Partial<RecordOptions<KvInput, KvOutput>> = {}) {
  let time = 0;
  const recording = new Recording<KvInput, KvOutput>(() => time++);
  const store = new Store();
  const as = (client: string) =>
    record(store, {
      recording,
      client,
      input(method, [key, value]): KvInput | null {
        if (method === "get" || method === "slow") return { kind: "get", key: String(key) };
        if (method === "size") return null;
        return { kind: "put", key: String(key), value: String(value) };
      },
      output: ({ kind }, result): KvOutput =>
        kind === "get" ? { kind: "value", value: result as string | null } : { kind: "done" },
      ...more,
    });
  return { recording, store, as };
}

test("calls and answers of several clients become one history, in the order in which they happened", async () => {
  const { recording, store, as } = recorded();
  const [a, b] = [as("a"), as("b")];
  const answer = a.slow("x");
  await b.put("x", "1");
  store.waiting[0]!();
  expect(await answer).toBe("1");
  expect(recording.history).toEqual([
    { kind: "invoke", operation: 0, client: "a", input: { kind: "get", key: "x" }, time: 0 },
    { kind: "invoke", operation: 1, client: "b", input: { kind: "put", key: "x", value: "1" }, time: 1 },
    { kind: "response", operation: 1, output: { kind: "done" }, time: 2 },
    { kind: "response", operation: 0, output: { kind: "value", value: "1" }, time: 3 },
  ]);
  expect(check(kv, recording.history).verdict).toBe("ok");
});

test("a call that is under way is pending", async () => {
  const { recording, as } = recorded();
  void as("a").slow("x");
  expect(recording.history.map(({ kind }) => kind)).toEqual(["invoke"]);
});

test("what throws may have happened: the error reaches the caller, and the outcome is unknown", async () => {
  const { recording, as } = recorded();
  const a = as("a");
  await expect(a.losing("x", "1")).rejects.toThrow("connection reset");
  // Even an error before anything was awaited.
  await expect(a.refusing()).rejects.toThrow("no such key");
  expect(recording.history.map(({ kind }) => kind)).toEqual([
    "invoke",
    "indeterminate",
    "invoke",
    "indeterminate",
  ]);
  expect(await a.get("x")).toBe("1");
  expect(check(kv, recording.history).verdict).toBe("ok");
});

test("what the author knows to have failed is no part of the history", async () => {
  const { recording, as } = recorded({ failed: (error) => error instanceof TypeError });
  const a = as("a");
  await expect(a.refusing()).rejects.toThrow("no such key");
  expect(recording.history).toEqual([]);
  await expect(a.losing("x", "1")).rejects.toThrow();
  expect(recording.history.map(({ kind }) => kind)).toEqual(["invoke", "indeterminate"]);
});

test("what is no call of the model, and a client's calls of itself, are not recorded", async () => {
  const { recording, as } = recorded();
  const a = as("a");
  expect(a.name).toBe("store");
  expect(a.size()).toBe(0);
  expect(recording.history).toEqual([]);
  await a.swap("x", "1");
  expect(recording.history.length).toBe(2);
});

test("a result that tells nothing says only that it happened", async () => {
  const { recording, as } = recorded({ output: () => null });
  await as("a").get("x");
  expect(recording.history[1]).toEqual({ kind: "response", operation: 0, output: null, time: 1 });
  expect(check(kv, recording.history).verdict).toBe("ok");
});
