import { expect, test } from "vitest";
import { defaultOptions, run } from "../../lab/run/index.ts";

test("a sweep of 300 default runs gets into every situation that it should get into sometimes", () => {
  const reached = new Map<string, number>();
  for (let seed = 1; seed <= 300; seed++) {
    for (const [mark, count] of Object.entries(run(seed, defaultOptions).report.marks)) {
      reached.set(mark, (reached.get(mark) ?? 0) + count);
    }
  }
  expect(reached.size).toBeGreaterThanOrEqual(40);
  expect([...reached].filter(([, count]) => count === 0)).toEqual([]);
});
