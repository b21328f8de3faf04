/** The state machine, by table and against the model that judges it. */

import * as fc from "fast-check";
import { ILLEGAL, type KvState, kv } from "porcupine-ts";
import { describe, expect, test } from "vitest";
import { Machine, type Operation, type Result } from "../../src/kv/index.ts";

const get: Operation = { kind: "get", key: "x" };
const put = (value: string): Operation => ({ kind: "put", key: "x", value });
const append = (value: string): Operation => ({ kind: "append", key: "x", value });
const remove: Operation = { kind: "delete", key: "x" };
const cas = (expected: string | null, value: string): Operation => ({
  kind: "cas",
  key: "x",
  expected,
  value,
});

const done: Result = { kind: "done" };
const value = (value: string | null): Result => ({ kind: "value", value });
const swapped = (swapped: boolean): Result => ({ kind: "swapped", swapped });

describe("what an operation answers, and what it leaves in the key", () => {
  test.each<[string, string | null, Operation, Result, string | null]>([
    ["a get of an absent key", null, get, value(null), null],
    ["a get of a key", "a", get, value("a"), "a"],
    ["a get of an empty string, which is not absent", "", get, value(""), ""],
    ["a put into an absent key", null, put("b"), done, "b"],
    ["a put over a value", "a", put("b"), done, "b"],
    ["a put of an empty string", "a", put(""), done, ""],
    ["an append to an absent key, which is a put", null, append("b"), done, "b"],
    ["an append to a value", "a", append("b"), done, "ab"],
    ["an append of nothing to an absent key, which makes it present", null, append(""), done, ""],
    ["a delete of an absent key", null, remove, done, null],
    ["a delete of a value", "a", remove, done, null],
    ["a cas that finds what it expects", "a", cas("a", "b"), swapped(true), "b"],
    ["a cas that finds something else", "a", cas("c", "b"), swapped(false), "a"],
    ["a cas that expects absence and finds it", null, cas(null, "b"), swapped(true), "b"],
    ["a cas that expects absence and finds a value", "a", cas(null, "b"), swapped(false), "a"],
    ["a cas that expects a value and finds absence", null, cas("a", "b"), swapped(false), null],
    ["a cas that takes absence for the empty string, wrongly", null, cas("", "b"), swapped(false), null],
    ["a cas that takes the empty string for absence, wrongly", "", cas(null, "b"), swapped(false), ""],
    ["a cas that writes what is there", "a", cas("a", "a"), swapped(true), "a"],
  ])("%s", (_, before, operation, result, after) => {
    const machine = new Machine();
    if (before !== null) machine.apply(put(before));
    expect(machine.apply(operation)).toEqual(result);
    expect(machine.get("x")).toEqual(value(after));
  });

  test("keys are independent, whatever they are called", () => {
    const machine = new Machine();
    const keys = ["x", "", "__proto__", "constructor", "x ", "\ud800"];
    for (const key of keys) {
      expect(machine.get(key)).toEqual(value(null));
      machine.apply({ kind: "put", key, value: `of ${key}` });
    }
    for (const key of keys) expect(machine.get(key)).toEqual(value(`of ${key}`));
  });

  test("answers are frozen, because messages share them", () => {
    const machine = new Machine();
    for (const operation of [get, put("a"), append("b"), cas("ab", "c"), cas("x", "y"), remove]) {
      expect(Object.isFrozen(machine.apply(operation))).toBe(true);
    }
  });
});

const key = fc.constantFrom("x", "y", "__proto__");
const text = fc.constantFrom("", "a", "b", "ab");
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant("get" as const), key }),
  fc.record({ kind: fc.constant("put" as const), key, value: text }),
  fc.record({ kind: fc.constant("append" as const), key, value: text }),
  fc.record({ kind: fc.constant("delete" as const), key }),
  fc.record({ kind: fc.constant("cas" as const), key, expected: fc.option(text), value: text }),
);

test("the state machine answers as the checker's model says, and no other answer would do", () => {
  const wrong: readonly Result[] = [value(null), value("never"), done, swapped(true), swapped(false)];
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
      const machine = new Machine();
      const states = new Map<string, KvState>();
      for (const input of operations) {
        const state = states.get(input.key) ?? kv.initial;
        const result = machine.apply(input);
        const next = kv.step(state, input, result);
        expect(next).not.toBe(ILLEGAL);
        states.set(input.key, next as KvState);
        for (const other of wrong) {
          if (JSON.stringify(other) !== JSON.stringify(result))
            expect(kv.step(state, input, other)).toBe(ILLEGAL);
        }
      }
      for (const [name, state] of states) expect(machine.get(name)).toEqual(value(state));
    }),
  );
});
