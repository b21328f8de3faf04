import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Clock, type ClockChange } from "../../lab/sim/clock.ts";

describe("a clock", () => {
  test("shows the world's time as long as nothing happens to it", () => {
    const clock = new Clock();
    expect([clock.at(0), clock.at(12_345), clock.when(500, 20)]).toEqual([0, 12_345, 500]);
  });

  test.each([
    [100_000, 1_100_000],
    [-100_000, 900_000],
    [1, 1_000_001],
    [-1_000_000, 0],
    [1_000_000, 2_000_000],
  ])("that is %i parts per million fast counts %i microseconds in a second", (ppm, counted) => {
    const clock = new Clock();
    clock.change({ kind: "rate", ppm }, 0);
    expect(clock.at(1_000_000)).toBe(counted);
  });

  test("jumps, and goes on from there; what it showed before stays known", () => {
    const clock = new Clock();
    clock.change({ kind: "step", by: -300 }, 1000);
    expect([clock.at(999), clock.at(1000), clock.at(2000)]).toEqual([999, 700, 1700]);
  });

  test("that stands still shows nothing later, ever, until it runs again", () => {
    const clock = new Clock();
    clock.change({ kind: "rate", ppm: -1_000_000 }, 1000);
    expect([clock.when(1001, 5000), clock.when(1000, 5000)]).toEqual([null, 5000]);
    clock.change({ kind: "rate", ppm: 0 }, 6000);
    expect(clock.when(1001, 6000)).toBe(6001);
  });

  test("is due when it first shows what is waited for, whatever was done to it", () => {
    const change = fc.oneof(
      fc.record({ kind: fc.constant("rate" as const), ppm: fc.integer({ min: -900_000, max: 1_000_000 }) }),
      fc.record({ kind: fc.constant("step" as const), by: fc.integer({ min: -2000, max: 2000 }) }),
    );
    const law = (changes: readonly (readonly [number, ClockChange])[], ahead: number) => {
      const clock = new Clock();
      let world = 0;
      for (const [later, each] of changes) {
        world += later;
        clock.change(each, world);
      }
      const shown = clock.at(world) + ahead;
      const due = clock.when(shown, world)!;
      expect(due).toBeGreaterThanOrEqual(world);
      expect(clock.at(due)).toBeGreaterThanOrEqual(shown);
      // At most a reading's rounding too late.
      if (due > world + 11) expect(clock.at(due - 11)).toBeLessThan(shown);
    };
    const changes = fc.array(fc.tuple(fc.nat(5000), change), { maxLength: 6 });
    fc.assert(fc.property(changes, fc.nat(400_000), law), { seed: 1, numRuns: 500 });
  });
});
