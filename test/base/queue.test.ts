/** The event queue against a list that is sorted after every push. */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventQueue } from "../../src/base/index.ts";

describe("the event queue", () => {
  test("begins empty", () => {
    const queue = new EventQueue<string>();
    expect(queue.size).toBe(0);
    expect(queue.nextTime).toBeNull();
    expect(() => queue.pop()).toThrow("popped an empty event queue");
  });

  test("gives the earliest event first", () => {
    const queue = new EventQueue<string>();
    for (const time of [30, 10, 20]) queue.push(time, `at ${time}`);
    expect(queue.nextTime).toBe(10);
    expect([queue.pop(), queue.pop(), queue.pop()]).toEqual(["at 10", "at 20", "at 30"]);
    expect(queue.nextTime).toBeNull();
  });

  test("gives events of one instant in the order in which they came", () => {
    const queue = new EventQueue<number>();
    for (let i = 0; i < 100; i++) queue.push(7, i);
    expect(Array.from({ length: 100 }, () => queue.pop())).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  test("keeps that order when events come and go in between", () => {
    const queue = new EventQueue<string>();
    queue.push(5, "a");
    queue.push(5, "b");
    queue.push(1, "first");
    expect(queue.pop()).toBe("first");
    queue.push(5, "c");
    expect(queue.pop()).toBe("a");
    queue.push(5, "d");
    expect([queue.pop(), queue.pop(), queue.pop()]).toEqual(["b", "c", "d"]);
  });

  test("agrees with a sorted list, whatever is pushed and popped", () => {
    // A few times only, so that ties are the rule; null pops.
    const push = fc.record({ time: fc.integer({ min: 0, max: 4 }), early: fc.boolean() });
    const script = fc.array(fc.option(push, { freq: 3 }), { maxLength: 200 });
    fc.assert(
      fc.property(script, (moves) => {
        const queue = new EventQueue<number>();
        const list: { time: number; early: boolean; event: number }[] = [];
        for (const [event, move] of moves.entries()) {
          if (move !== null) {
            if (move.early) queue.pushEarly(move.time, event);
            else queue.push(move.time, event);
            list.push({ ...move, event });
            // Array.prototype.sort is stable: ties stay in the order of pushing, but for those that come early.
            list.sort((a, b) => a.time - b.time || Number(b.early) - Number(a.early));
          } else if (list.length > 0) {
            expect(queue.pop()).toBe(list.shift()!.event);
          }
          expect(queue.size).toBe(list.length);
          expect(queue.nextTime).toBe(list[0]?.time ?? null);
        }
        while (list.length > 0) expect(queue.pop()).toBe(list.shift()!.event);
      }),
      { numRuns: 200 },
    );
  });
});
