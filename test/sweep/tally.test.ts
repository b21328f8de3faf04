import { describe, expect, test } from "vitest";
import { exitOfTally } from "../../lab/cli/exit.ts";
import { MARKS } from "../../lab/marks/index.ts";
import type { RunOptions } from "../../lab/run/index.ts";
import { Coverage, type SeedResult, type SweepOutcome, Tally } from "../../lab/sweep/index.ts";

const ALL_MARKS = MARKS.map((_, number) => number);

function result(seed: number, changed: Partial<SeedResult> = {}): SeedResult {
  return {
    seed,
    outcome: "ok",
    failure: null,
    digest: seed.toString(16).padStart(16, "0"),
    virtualMicroseconds: 6_000_000,
    events: 100,
    operations: 10,
    acknowledged: 9,
    rechecked: false,
    faults: { partition: 1, crash: 2 },
    marks: ALL_MARKS,
    replay: `npx linlab run --seed ${seed}`,
    ...changed,
  };
}

function tallyOf(results: readonly SeedResult[], given: Partial<RunOptions> = {}): Tally {
  const tally = new Tally({ given });
  for (const each of results) tally.add(each);
  return tally;
}

const seeds = (count: number, changed: Partial<SeedResult> = {}) =>
  Array.from({ length: count }, (_, i) => result(i + 1, changed));

const failed = (seed: number, outcome: SweepOutcome) =>
  result(seed, { outcome, failure: { oracle: "history", message: "It is." } });

describe("a tally", () => {
  test("is green if every run was, every enabled class struck and every situation came up", () => {
    const tally = tallyOf(seeds(500));
    expect(tally.vacuous).toEqual([]);
    expect(exitOfTally(tally)).toBe(0);
    expect(tally.faults).toEqual({ partition: 500, crash: 1000 });
    expect(tally.marks[MARKS[0]]).toBe(500);
  });

  test.each<[string, readonly SeedResult[], Partial<RunOptions>, number, readonly string[]]>([
    [
      "a class that was enabled and never struck",
      seeds(9, { faults: { pause: 0 } }),
      {},
      3,
      ["pause was enabled but never struck"],
    ],
    [
      "one that struck once",
      [...seeds(9, { faults: { pause: 0 } }), result(10, { faults: { pause: 1 } })],
      {},
      0,
      [],
    ],
    ["nothing acknowledged", seeds(9, { acknowledged: 0 }), {}, 3, ["no operation was acknowledged"]],
    ["nothing run", [], {}, 3, ["no operation was acknowledged"]],
    [
      "500 runs without two situations",
      seeds(500, { marks: ALL_MARKS.slice(2) }),
      {},
      3,
      [`never in 500 runs: ${MARKS[0]}, ${MARKS[1]}`],
    ],
    ["499 runs without a situation", seeds(499, { marks: ALL_MARKS.slice(1) }), {}, 0, []],
    [
      "options that may keep it from coming up",
      seeds(500, { marks: ALL_MARKS.slice(1) }),
      { crashes: false },
      0,
      [],
    ],
    [
      "options that may not",
      seeds(500, { marks: ALL_MARKS.slice(1) }),
      { encode: true, checkBudget: 9 },
      3,
      [`never in 500 runs: ${MARKS[0]}`],
    ],
    [
      "a nemesis that never brought about its situation",
      seeds(9, { marks: ALL_MARKS.filter((mark) => MARKS[mark] !== "an old request is superseded") }),
      { nemesis: "staleRequest" },
      3,
      ["staleRequest never brought about that an old request is superseded"],
    ],
    ["one that did", seeds(9), { nemesis: "staleRequest" }, 0, []],
    ["an undecided run", [...seeds(9), failed(10, "unknown")], {}, 3, []],
    ["an illegal history", [...seeds(9), failed(10, "illegal")], {}, 1, []],
    ["two runs of one seed", [...seeds(9), failed(10, "diverged")], {}, 1, []],
    ["a crash among undecided ones", [failed(1, "unknown"), failed(2, "crash")], {}, 1, []],
  ])("exits as it should: %s", (_name, results, given, code, vacuous) => {
    const tally = tallyOf(results, given);
    expect(tally.vacuous).toEqual(vacuous);
    expect(exitOfTally(tally)).toBe(code);
  });

  test("comes to the same in whatever order results come, and to something else for other results", () => {
    const results = seeds(20);
    const { digest } = tallyOf(results);
    expect(tallyOf(results.toReversed()).digest).toBe(digest);
    expect(tallyOf([...results.slice(1), failed(1, "illegal")]).digest).not.toBe(digest);
    expect(tallyOf([...results.slice(1), result(1, { digest: "0".repeat(16) })]).digest).not.toBe(digest);
    expect(tallyOf(results.slice(1)).digest).not.toBe(digest);
  });

  test("tells failures in the order of their seeds", () => {
    const tally = tallyOf([failed(9, "illegal"), result(1), failed(3, "unknown")]);
    expect(tally.failures.map(({ seed }) => seed)).toEqual([3, 9]);
    expect(tally.violations).toBe(1);
  });
});

describe("coverage", () => {
  test("names what is missing in ranges, and what stands in several places", () => {
    const coverage = new Coverage([1, 12]);
    const found = [3, 4, 5, 9, 4, 12, 4];
    const added = found.map((seed, i) => coverage.add(result(seed), { file: "a.ndjson", line: i + 2 }));
    expect(added).toEqual([true, true, true, true, false, true, false]);
    expect(coverage.missing).toEqual([
      [1, 2],
      [6, 8],
      [10, 11],
    ]);
    expect(coverage.doubles).toEqual([
      { seed: 4, places: ["a.ndjson:3", "a.ndjson:6", "a.ndjson:8"], differing: false },
    ]);
  });

  test("sees that two results of a seed differ", () => {
    const coverage = new Coverage([1, 1]);
    coverage.add(result(1), { file: "a", line: 2 });
    coverage.add(result(1, { digest: "f".repeat(16) }), { file: "b", line: 2 });
    expect(coverage.missing).toEqual([]);
    expect(coverage.doubles).toEqual([{ seed: 1, places: ["a:2", "b:2"], differing: true }]);
  });
});
