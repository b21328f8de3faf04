import { explain, type KvInput, type KvOutput, kv } from "porcupine-ts";
import { describe, expect, test } from "vitest";
import { script } from "./build.ts";

const put = (value: string): KvInput => ({ kind: "put", key: "x", value });
const get: KvInput = { kind: "get", key: "x" };
const read = (value: string | null): KvOutput => ({ kind: "value", value });
const DONE: KvOutput = { kind: "done" };

function attemptsOf(history: Parameters<typeof explain<string | null, KvInput, KvOutput>>[1]) {
  const [explanation] = explain(kv, history);
  if (explanation?.kind !== "violation") throw new Error("it is explained by an order");
  return explanation.attempts;
}

describe("the orders that were tried", () => {
  test("of a stale read end at the read, in the state that it should have shown", () => {
    const { history } = script<KvInput, KvOutput>()
      .call(1, put("1"), DONE)
      .call(2, put("2"), DONE)
      .call(3, get, read("1"));
    expect(attemptsOf(history)).toEqual([
      {
        steps: [
          { operation: 1, state: '"1"' },
          { operation: 2, state: '"2"' },
        ],
        blocked: 3,
        state: '"2"',
      },
    ]);
  });

  test("respect who finished before whom, and come the longest first", () => {
    const { history } = script<KvInput, KvOutput>()
      .begin(1, put("1"))
      .begin(2, put("2"))
      .end(1, DONE)
      .end(2, DONE)
      .call(3, get, read("1"))
      .call(4, get, read("2"));
    const attempts = attemptsOf(history);
    expect(attempts.length).toBeGreaterThan(1);
    for (const { steps, blocked } of attempts) {
      const order = [...steps.map(({ operation }) => operation), blocked];
      // The last read began when all others had returned.
      if (order.includes(4)) expect(order.indexOf(4)).toBe(order.length - 1);
    }
    const lengths = attempts.map(({ steps }) => steps.length);
    expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
  });

  test("of a core that has too many are few", () => {
    const many = script<KvInput, KvOutput>();
    for (let i = 0; i < 12; i++) many.begin(i, put(`${i}`));
    many.call(20, get, read("none"));
    expect(attemptsOf(many.history).length).toBeLessThanOrEqual(6);
  });
});
