/** Every situation comes up: those of ordinary faults in default runs, and all of them in a sweep. */

import { expect, test } from "vitest";
import { MISHAPS } from "../../lab/marks/disk-marks.ts";
import { MARKS } from "../../lab/marks/index.ts";
import { LEASES } from "../../lab/marks/lease-marks.ts";
import { MEMBERSHIP_MARKS } from "../../lab/marks/membership-marks.ts";
import { defaultOptions, run } from "../../lab/run/index.ts";
import { swarmOptions, sweepChunk, Tally } from "../../lab/sweep/index.ts";

/** What takes more than chance, and whose doing it is. */
const BY_NEMESES: Readonly<Record<string, string>> = {
  "an entry that was on a majority is overwritten": "figure8",
  "an old request enters the log again": "forgottenRequests",
};

/** What comes up only where leases are, where disks are not sound, and where members change. */
const BY_OPTIONS = [
  [{ membership: true }, MEMBERSHIP_MARKS, 100],
  [{ reads: "lease" }, LEASES, 25],
  [{ disks: "faulty" }, MISHAPS, 25],
] as const;

test("300 default runs get into every situation but those that only a nemesis brings about", () => {
  const reached = new Set<string>();
  for (let seed = 1; seed <= 300; seed++) {
    const { marks } = run(seed, defaultOptions).report;
    for (const [mark, count] of Object.entries(marks)) if (count > 0) reached.add(mark);
  }
  expect(MARKS.filter((mark) => !reached.has(mark))).toEqual([
    ...Object.keys(BY_NEMESES),
    ...BY_OPTIONS.flatMap(([, marks]) => marks),
  ]);
});

test.each(BY_OPTIONS)("runs with %j get into every situation of those", (options, marks, runs) => {
  const reached = new Set<string>();
  for (let seed = 1; seed <= runs; seed++) {
    const { report } = run(seed, { ...defaultOptions, ...options });
    for (const [mark, count] of Object.entries(report.marks)) if (count > 0) reached.add(mark);
  }
  expect(marks.filter((mark) => !reached.has(mark))).toEqual([]);
});

test.each(Object.entries(BY_NEMESES))("%s: where a sweep draws %s", (mark, name) => {
  const seeds = Array.from({ length: 500 }, (_, i) => i + 1);
  const drawn = seeds.filter((seed) => swarmOptions(seed).nemesis === name);
  const tally = new Tally({ given: {} });
  for (const result of sweepChunk({ seeds: drawn, given: {}, recheck: 0, untilFailure: false }))
    tally.add(result);
  expect(tally.marks[mark]).toBeGreaterThan(drawn.length / 2);
});
