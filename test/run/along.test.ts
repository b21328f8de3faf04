import { type History, type KvInput, type KvOutput, kv } from "porcupine-ts";
import { expect, test } from "vitest";
import { orderOf, statesAlong } from "../../lab/run/index.ts";

const history: History<KvInput, KvOutput> = [
  { kind: "invoke", operation: 4, client: "c1", time: 0, input: { kind: "put", key: "k", value: "a" } },
  {
    kind: "invoke",
    operation: 7,
    client: "c2",
    time: 1,
    input: { kind: "append", key: "k", value: "b".repeat(200) },
  },
  { kind: "response", operation: 4, time: 2, output: { kind: "done" } },
  { kind: "invoke", operation: 9, client: "c1", time: 3, input: { kind: "get", key: "k" } },
  { kind: "response", operation: 9, time: 4, output: { kind: "value", value: "a" } },
];

test("tells the state before everything and after each operation, of a long one both ends", () => {
  const b = "b".repeat(60);
  expect(statesAlong(kv, history)([4, 9, 7])).toEqual([
    "absent",
    '"a"',
    '"a"',
    `"a${b.slice(1)}"…"${b}" (201 characters)`,
  ]);
});

test.each([
  ["an order that the model refuses", [9]],
  ["an operation that is not in the history", [4, 5]],
])("tells nothing of %s", (_, order) => {
  expect(statesAlong(kv, history)(order)).toBeNull();
});

test("tells nothing of states that are no data", () => {
  const model = { ...kv, initial: new Map() };
  expect(statesAlong(model, history)([])).toBeNull();
});

test("the order that people are shown is the one found, or else the first of the longest attempts", () => {
  expect(orderOf({ linearization: [1], partials: [[2, 3]] })).toEqual([1]);
  expect(orderOf({ linearization: null, partials: [[1], [2, 3], [4, 5]] })).toEqual([2, 3]);
  expect(orderOf({ linearization: null, partials: [] })).toEqual([]);
});
