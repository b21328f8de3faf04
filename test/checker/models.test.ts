/** What each model says, call by call, and that the search judges by it as trying every order does. */
import { check, ILLEGAL, type Model, models } from "porcupine-ts";
import { describe, expect, test } from "vitest";
import { isLinearizable } from "./brute.ts";
import { drawSeeded, randomHistory } from "./random.ts";
import { subjects } from "./samples.ts";

type Call = readonly [input: object, right: object, wrong: object];

const add = (value: unknown) => ({ kind: "add", value });
const push = (value: unknown) => ({ kind: "push", value });
const enqueue = (value: unknown) => ({ kind: "enqueue", value });
const append = (value: unknown) => ({ kind: "append", value });
const put = (value: string, version: number) => ({ kind: "put", key: "k", value, version });
const get = { kind: "get", key: "k" };
const read = { kind: "read" };
const done = { kind: "done" };
const empty = { kind: "empty" };
const value = (it: unknown) => ({ kind: "value", value: it });
const values = (...list: unknown[]) => ({ kind: "values", values: list });
const changed = (it: boolean) => ({ kind: "changed", changed: it });
const contained = (it: boolean) => ({ kind: "contained", contained: it });
const acquired = (it: boolean) => ({ kind: "acquired", acquired: it });
const released = (it: boolean) => ({ kind: "released", released: it });
const at = (it: string, version: number) => ({ kind: "value", value: it, version });
const txn = (...steps: object[]) => ({ kind: "txn", steps });
const x = { kind: "read", register: "x" };
const y = { kind: "read", register: "y" };
const toX = (it: number) => ({ kind: "write", register: "x", value: it });
const reads = (...list: (number | null)[]) => ({ kind: "reads", reads: list.map((it) => ({ value: it })) });

/** One client's calls, one after the other, each with the answer that it gets and one that it cannot get. */
const conversations: Partial<Record<keyof typeof models, readonly Call[]>> = {
  "multi-register": [
    [txn(x, toX(1), x, y), reads(null, 1, null), reads(null, null, null)],
    [txn(x, y), { kind: "reads", reads: [null, { value: null }] }, reads(null, null)],
    [txn(x), reads(1), reads(2)],
  ],
  "versioned-kv": [
    [get, { kind: "no key" }, at("", 0)],
    [put("a", 1), { kind: "no key" }, { kind: "wrong version" }],
    [put("a", 0), done, { kind: "no key" }],
    [get, at("a", 1), at("a", 0)],
    [put("b", 0), { kind: "wrong version" }, done],
    [put("b", 1), { kind: "maybe" }, { kind: "no key" }],
    [get, at("b", 2), at("a", 1)],
    [put("c", 1), { kind: "maybe" }, done],
    [get, at("b", 2), at("c", 3)],
  ],
  mutex: [
    [{ kind: "release" }, released(false), released(true)],
    [{ kind: "acquire" }, acquired(true), acquired(false)],
    [{ kind: "acquire" }, acquired(false), acquired(true)],
    [{ kind: "release" }, released(true), released(false)],
    [{ kind: "acquire" }, acquired(true), acquired(false)],
  ],
  counter: [
    [read, value(0), value(1)],
    [{ kind: "add", amount: 3 }, done, value(0)],
    [{ kind: "add", amount: -1 }, value(2), value(3)],
    [read, value(2), value(3)],
  ],
  set: [
    [add("b"), changed(true), changed(false)],
    [add("b"), changed(false), changed(true)],
    [add("a"), done, changed(false)],
    [add(1), done, changed(false)],
    [read, values("b", "a", 1, 1), values("a", "b", "1")],
    [{ kind: "contains", value: "1" }, contained(false), contained(true)],
    [{ kind: "remove", value: "b" }, changed(true), changed(false)],
    [{ kind: "contains", value: "b" }, contained(false), contained(true)],
    [read, values(1, "a"), values("a", "b", 1)],
  ],
  queue: [
    [{ kind: "dequeue" }, empty, value(1)],
    [enqueue(1), done, done],
    [enqueue(2), done, done],
    [{ kind: "dequeue" }, value(1), value(2)],
    [{ kind: "dequeue" }, value(2), empty],
  ],
  stack: [
    [{ kind: "pop" }, empty, value(1)],
    [push(1), done, done],
    [push(2), done, done],
    [{ kind: "pop" }, value(2), value(1)],
    [{ kind: "pop" }, value(1), empty],
  ],
  log: [
    [append("a"), done, { kind: "position", position: 1 }],
    [append("b"), { kind: "position", position: 1 }, { kind: "position", position: 0 }],
    [read, values("a", "b"), values("b", "a")],
    [read, values("a", "b"), values("a")],
    [read, values("a", "b"), values("a", "b", "c")],
  ],
};

describe("one client hears what the model says, and nothing else, from", () => {
  for (const [name, calls] of Object.entries(conversations)) {
    test(name, () => {
      const model = models[name as keyof typeof models] as unknown as Model<unknown, unknown, unknown>;
      let state = model.initial;
      for (const [input, right, wrong] of calls) {
        const call = model.describe(input, right);
        expect(model.misfit!(input, right), call).toBeNull();
        if (wrong !== right) expect(model.step(state, input, wrong), call).toBe(ILLEGAL);
        const after = model.step(state, input, right);
        expect(after, call).not.toBe(ILLEGAL);
        state = after;
      }
    });
  }
});

test("a description says the call and the answer", () => {
  const told = Object.entries(conversations).flatMap(([name, calls]) => {
    const model = models[name as keyof typeof models] as unknown as Model<unknown, unknown, unknown>;
    const last = calls.at(-1)!;
    return [model.describe(last[0], last[1]), model.describe(last[0], null)];
  });
  expect(told).toEqual([
    "txn x -> 1",
    "txn x -> ?",
    'get k -> "b" at version 2',
    "get k -> ?",
    "acquire",
    "acquire -> ?",
    "read -> 2",
    "read -> ?",
    'read -> [1 "a"]',
    "read -> ?",
    "dequeue -> 2",
    "dequeue -> ?",
    "pop -> 1",
    "pop -> ?",
    'read -> ["a" "b"]',
    "read -> ?",
  ]);
});

test("no list has the key of another", () => {
  const lists = [[], ["a", "b"], ['a"b'], ["ab"], [1, 2], [12], ["1", 2], [null], ["null"], [""], ["", ""]];
  const keys = lists.map((list) => models.queue.stateKey(list));
  expect(new Set(keys).size).toBe(lists.length);
});

test("an input's key names one of several objects", () => {
  const model = models.mutex;
  expect(model.objectOf({ kind: "acquire" })).toBe("mutex");
  expect(model.objectOf({ kind: "acquire", key: "a" })).toBe("a");
  expect(model.describe({ kind: "acquire", key: "a" }, { kind: "acquired", acquired: false })).toBe(
    "a: acquire -> refused",
  );
});

describe("the search agrees with trying every order, with and without traits, on", () => {
  for (const subject of subjects) {
    test(subject.model.name, () => {
      const { traits: _traits, ...bare } = subject.model;
      const seen = { ok: 0, illegal: 0 };
      for (let seed = 1; seed <= 600; seed++) {
        const draw = drawSeeded(seed);
        const shape = {
          operations: 3 + draw(5),
          clients: 2 + draw(3),
          oneLostIn: [0, 4][draw(2)]!,
          oneWrongIn: draw(3) * 2,
        };
        const history = randomHistory(subject, shape, draw);
        const expected = isLinearizable(subject.model, history) ? "ok" : "illegal";
        seen[expected]++;
        expect(check(subject.model, history).verdict, `seed ${seed}`).toBe(expected);
        expect(check(bare, history).verdict, `seed ${seed} without traits`).toBe(expected);
      }
      expect(Math.min(seen.ok, seen.illegal)).toBeGreaterThan(60);
    });
  }
});
