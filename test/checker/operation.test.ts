/** The two spellings of a history, and what is refused. */
import {
  check,
  type History,
  HistoryError,
  historyOf,
  type Operation,
  operationsOf,
  type RegisterInput,
  type RegisterOutput,
  register,
} from "porcupine-ts";
import { expect, test } from "vitest";
import { drawSeeded, kvSubject, randomHistory } from "./random.ts";

const done = { kind: "done" } as const;
const read = { kind: "read" } as const;
const write = { kind: "write", value: 1 } as const;

function operation(
  id: number,
  input: RegisterInput,
  output: RegisterOutput | null,
  call: number,
  end: number | null,
): Operation<RegisterInput, RegisterOutput> {
  return { operation: id, client: `c${id}`, input, output, call, return: end };
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof HistoryError) return `${error.event}: ${error.message}`;
    throw error;
  }
  return "nothing was thrown";
}

test("operations come in the order of their calls, with positions as times", () => {
  const history: History<RegisterInput, RegisterOutput> = [
    { kind: "invoke", operation: 7, client: "a", input: write, time: 5 },
    { kind: "invoke", operation: 3, client: "b", input: read, time: 5 },
    { kind: "response", operation: 7, output: done, time: 5 },
    { kind: "indeterminate", operation: 3, time: 6 },
    { kind: "invoke", operation: 4, client: "c", input: read, time: 7 },
  ];
  expect(operationsOf(history)).toEqual([
    { operation: 7, client: "a", input: write, output: done, call: 0, return: 2 },
    { operation: 3, client: "b", input: read, output: null, call: 1, return: null },
    { operation: 4, client: "c", input: read, output: null, call: 4, return: null },
  ]);
});

test("operations made into events and back are the same, and so is the verdict", () => {
  const subject = kvSubject({ keys: 2, values: 3, get: 3, put: 2, append: 2, delete: 1, cas: 1 });
  for (let seed = 1; seed <= 100; seed++) {
    const shape = { operations: 30, clients: 4, oneLostIn: 5, oneWrongIn: seed % 3 === 0 ? 9 : 0 };
    const history = randomHistory(subject, shape, drawSeeded(seed));
    const operations = operationsOf(history);
    const again = historyOf(operations);
    expect(again.map(({ kind, operation }) => `${kind} ${operation}`)).toEqual(
      history
        .filter(({ kind }) => kind !== "indeterminate")
        .map(({ kind, operation }) => `${kind} ${operation}`),
    );
    expect(check(subject.model, again).verdict).toBe(check(subject.model, history).verdict);
  }
});

test("intervals are closed: operations that touch in one instant are concurrent, also those without length", () => {
  const old = { kind: "value", value: null } as const;
  const touching = historyOf([operation(1, write, done, 0, 10), operation(2, read, old, 10, 20)]);
  expect(touching.map(({ kind, operation }) => `${kind} ${operation}`)).toEqual([
    "invoke 1",
    "invoke 2",
    "response 1",
    "response 2",
  ]);
  expect(check(register, touching).verdict).toBe("ok");
  const apart = historyOf([operation(1, write, done, 0, 10), operation(2, read, old, 11, 20)]);
  expect(check(register, apart).verdict).toBe("illegal");
  const points = historyOf([operation(1, write, done, 5, 5), operation(2, read, old, 5, 5)]);
  expect(check(register, points).verdict).toBe("ok");
});

test("an operation that never returns stays pending, and unsorted operations are put in order", () => {
  const history = historyOf([
    operation(2, read, { kind: "value", value: 1 }, 8, 9),
    operation(1, write, null, 0, null),
  ]);
  expect(history.map(({ kind, time }) => `${kind} ${time}`)).toEqual(["invoke 0", "invoke 8", "response 9"]);
  expect(check(register, history).verdict).toBe("ok");
});

const invoke = { kind: "invoke", operation: 1, client: "a", input: read, time: 0 } as const;
const response = { kind: "response", operation: 1, output: done, time: 0 } as const;
const indeterminate = { kind: "indeterminate", operation: 1, time: 0 } as const;

const malformed: readonly [string, readonly unknown[], string][] = [
  [
    "a response without an invocation",
    [invoke, { ...response, operation: 2 }],
    "1: event 1: response for operation 2, which was not invoked before; " +
      "record the invocation before the call is sent",
  ],
  [
    "a response before its invocation",
    [response, invoke],
    "0: event 0: response for operation 1, which was not invoked before; " +
      "record the invocation before the call is sent",
  ],
  [
    "a second response",
    [invoke, response, response],
    "2: event 2: response for operation 1, whose outcome was recorded before; " +
      "record one outcome for each operation, and drop an answer that comes after giving up",
  ],
  [
    "a response after giving up",
    [invoke, indeterminate, response],
    "2: event 2: response for operation 1, whose outcome was recorded before; " +
      "record one outcome for each operation, and drop an answer that comes after giving up",
  ],
  [
    "giving up after a response",
    [invoke, response, indeterminate],
    "2: event 2: indeterminate for operation 1, whose outcome was recorded before; " +
      "record one outcome for each operation, and drop an answer that comes after giving up",
  ],
  [
    "one id for two operations",
    [invoke, response, invoke],
    "2: event 2: operation 1 is invoked again, first at event 0; give every call an id of its own, a retry too",
  ],
  [
    "an id that is no integer",
    [{ ...invoke, operation: 1.5 }],
    "0: event 0: operation id 1.5 is not an integer; number the operations",
  ],
  [
    "an unknown kind",
    [{ ...invoke, kind: "fail" }],
    '0: event 0: unknown event kind "fail"; use "invoke", "response" or "indeterminate"',
  ],
];

for (const [what, events, message] of malformed) {
  test(`a history with ${what} is refused`, () => {
    const history = events as History<RegisterInput, RegisterOutput>;
    expect(messageOf(() => check(register, history))).toBe(message);
    expect(messageOf(() => operationsOf(history))).toBe(message);
  });
}

test("operations with impossible times or ids are refused", () => {
  const refusal = (...operations: Operation<RegisterInput, RegisterOutput>[]) =>
    messageOf(() => historyOf(operations));
  expect(refusal(operation(1, read, null, 5, 4))).toBe(
    "null: operation 1 returns at 4, before its call at 5; " +
      "take both times from one clock, or give return null if the answer never came",
  );
  expect(refusal(operation(1, read, null, 5, Number.NaN))).toContain("a time that is not a number");
  expect(refusal(operation(1, read, null, 0, 1), operation(1, read, null, 2, 3))).toContain(
    "is listed twice",
  );
  expect(refusal(operation(0.5, read, null, 0, 1))).toContain("is not an integer");
});
