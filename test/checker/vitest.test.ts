/** The matcher of porcupine-ts/vitest: what passes, what fails, and what a failing test says. */
import { type KvInput, type KvOutput, kv, operationsOf } from "porcupine-ts";
import { expect, test } from "vitest";
import "porcupine-ts/vitest";
import { script } from "./build.ts";
import { bare, hard } from "./hard.ts";

/** A put, and a get that began when it had returned. */
function seeing(value: string | null, key = "x", first = 1) {
  return script<KvInput, KvOutput>()
    .call(first, { kind: "put", key, value: "1" }, { kind: "done" })
    .call(first + 1, { kind: "get", key }, { kind: "value", value }).history;
}

const fresh = seeing("1");
const stale = seeing(null);

test("a linearizable history passes, as events and as operations", () => {
  expect(fresh).toBeLinearizable(kv);
  expect(operationsOf(fresh)).toBeLinearizable(kv);
  expect([]).toBeLinearizable(kv);
});

test("a violation fails with its sentence and the timeline of its core", () => {
  expect(complaint(() => expect(stale).toBeLinearizable(kv))).toMatchInlineSnapshot(`
    "c2's get x began 1 us after c1's put x "1" had finished, yet returned absent: a
    stale read, one version behind.

    2 of 2 operations on x cannot all be true (not to scale; ! is the impossible
    reply):
       1 c1 put x "1"        |------------|
    !  2 c2 get x -> absent                            |------------|

    1 finished before 2 began.

    What reply 2 could have been:
      absent: impossible (given); overwritten by c1's put x "1", which had finished
          1 us before the read began
      "1": possible; written by c1's put x "1", and not certainly overwritten"
  `);
});

test("operations with times fail like events", () => {
  expect(() => expect(operationsOf(stale)).toBeLinearizable(kv)).toThrow(/a\s+stale read/);
});

test("of many bad objects three are explained and the others counted", () => {
  const keys = ["p", "q", "r", "s", "t"];
  const history = keys.flatMap((key, i) => seeing(null, key, 2 * i));
  const text = complaint(() => expect(history).toBeLinearizable(kv));
  expect(text.match(/a\s+stale\s+read/g)?.length).toBe(3);
  expect(text).toContain("2 more objects are illegal.");
});

test("not: what is illegal passes, and what is linearizable fails", () => {
  expect(stale).not.toBeLinearizable(kv);
  expect(complaint(() => expect(fresh).not.toBeLinearizable(kv))).toMatchInlineSnapshot(
    `"expected a history that is not linearizable, but some order of its 2 operations explains every answer (kv)"`,
  );
});

test("an undecided check fails, with and without not, and says which budget ended", () => {
  const history = hard("h", 12);
  const options = { budget: 10 };
  const plain = complaint(() => expect(history).toBeLinearizable(bare, options));
  expect(plain).toContain("The budget of 10 configurations ended");
  expect(plain).toContain("a larger `budget`");
  expect(complaint(() => expect(history).not.toBeLinearizable(bare, options))).toBe(plain);
  const cramped = complaint(() => expect(history).toBeLinearizable(bare, { memory: 0.0001 }));
  expect(cramped).toContain("The memory for configurations ended");
  expect(cramped).toContain("a larger `memory`");
});

test("what is no history, or no model, is refused in words", () => {
  expect(() => expect({ history: fresh }).toBeLinearizable(kv)).toThrow(
    "of type object: give the history itself",
  );
  expect(() => expect(undefined).not.toBeLinearizable(kv)).toThrow("of type undefined");
  expect(() => expect(fresh).toBeLinearizable("kv" as never)).toThrow("needs the model");
  expect(() => expect([fresh[1]]).toBeLinearizable(kv)).toThrow("which was not invoked before");
});

function complaint(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the assertion passed");
}
