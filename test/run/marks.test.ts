/** Every situation comes up: those of ordinary faults in default runs, and all of them in a sweep. */

import { expect, test } from "vitest";
import { defaultOptions, MARKS, run } from "../../lab/run/index.ts";
import { swarmOptions, sweepChunk, Tally } from "../../lab/sweep/index.ts";

/** What takes more than chance, and whose doing it is. */
const BY_NEMESES: Readonly<Record<string, string>> = {
  "an entry that was on a majority is overwritten": "figure8",
  "an old request enters the log again": "forgottenRequests",
};

/** What only leases bring about. */
const BY_LEASES = MARKS.filter((mark) => /\blease|withheld after a restart/.test(mark));

test("300 default runs get into every situation but those that only a nemesis brings about", () => {
  const reached = new Set<string>();
  for (let seed = 1; seed <= 300; seed++) {
    const { marks } = run(seed, defaultOptions).report;
    for (const [mark, count] of Object.entries(marks)) if (count > 0) reached.add(mark);
  }
  expect(MARKS.filter((mark) => !reached.has(mark))).toEqual([...Object.keys(BY_NEMESES), ...BY_LEASES]);
});

test("20 of them that read under leases get into every situation of leases", () => {
  const reached = new Set<string>();
  for (let seed = 1; seed <= 20; seed++) {
    const { marks } = run(seed, { ...defaultOptions, reads: "lease" }).report;
    for (const [mark, count] of Object.entries(marks)) if (count > 0) reached.add(mark);
  }
  expect(BY_LEASES.length).toBe(5);
  expect(BY_LEASES.filter((mark) => !reached.has(mark))).toEqual([]);
});

test.each(Object.entries(BY_NEMESES))("%s: where a sweep draws %s", (mark, name) => {
  const seeds = Array.from({ length: 500 }, (_, i) => i + 1);
  const drawn = seeds.filter((seed) => swarmOptions(seed).nemesis === name);
  const tally = new Tally({ given: {} });
  for (const result of sweepChunk({ seeds: drawn, given: {}, recheck: 0, untilFailure: false }))
    tally.add(result);
  expect(tally.marks[mark]).toBeGreaterThan(drawn.length / 2);
});
