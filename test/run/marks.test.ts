/** Every situation comes up: those of ordinary faults in default runs, and all of them in a sweep. */

import { expect, test } from "vitest";
import { defaultOptions, MARKS, run } from "../../lab/run/index.ts";
import { swarmOptions, sweepChunk, Tally } from "../../lab/sweep/index.ts";

/** What takes more than chance. */
const BY_NEMESES = ["an entry that was on a majority is overwritten"];

test("300 default runs get into every situation but those that only a nemesis brings about", () => {
  const reached = new Set<string>();
  for (let seed = 1; seed <= 300; seed++) {
    const { marks } = run(seed, defaultOptions).report;
    for (const [mark, count] of Object.entries(marks)) if (count > 0) reached.add(mark);
  }
  expect(MARKS.filter((mark) => !reached.has(mark))).toEqual(BY_NEMESES);
});

test("and those that a nemesis brings about come up where a sweep draws it", () => {
  const seeds = Array.from({ length: 500 }, (_, i) => i + 1);
  const drawn = seeds.filter((seed) => swarmOptions(seed).nemesis === "figure8");
  const tally = new Tally({ given: {} });
  for (const result of sweepChunk({ seeds: drawn, given: {}, recheck: 0, untilFailure: false }))
    tally.add(result);
  for (const mark of BY_NEMESES) expect(tally.marks[mark], mark).toBeGreaterThan(drawn.length / 2);
});
