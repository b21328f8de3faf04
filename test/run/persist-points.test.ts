/** A crash at every persist point of a scenario: what survives all of them, and what dies though the scenario is harmless. */

import { describe, expect, test } from "vitest";
import {
  crashAtEveryPersist,
  defaultOptions,
  type PersistPoint,
  persistPoints,
  type Report,
  type RunOptions,
  run,
} from "../../lab/run/index.ts";

/** Elections with two candidates, and what a few clients ask for between them. */
const SEED = 98;
const OPTIONS: RunOptions = {
  ...{ ...defaultOptions, clients: 3, duration: 1_500_000, nemesis: "splitVote" },
  ...{ unreliable: false, reorder: false },
};
/** Microseconds: who has voted is back before the next candidate asks. */
const DOWN_FOR = 500;

const scenario = run(SEED, OPTIONS).schedule;

const alone = (mutant: string) =>
  run(SEED, { ...OPTIONS, mutant }, { given: { file: "scenario", schedule: scenario } }).report;

const judged = (mutant: string | null): { point: PersistPoint; report: Report }[] => [
  ...crashAtEveryPersist(SEED, { ...OPTIONS, mutant }, scenario, DOWN_FOR),
];

describe("the persist points of a run", () => {
  const points = persistPoints(SEED, OPTIONS, scenario);

  test("are before, in the middle and after of every fsync of every server", () => {
    expect(points.length).toBeGreaterThan(200);
    expect([...new Set(points.map(({ server }) => server))].sort()).toEqual(["n1", "n2", "n3", "n4", "n5"]);
    for (const group of fsyncsOf(points).values()) {
      const [{ writes, at }] = group as [PersistPoint];
      expect(group.map(({ kept }) => kept)).toEqual([...Array(writes + 1).keys(), null]);
      for (const point of group) expect(point.at).toBe(at);
    }
  });

  test("are struck: each run has one crash more than the scenario, of that server at that instant", () => {
    const before = run(SEED, OPTIONS).report.bands.length;
    for (const { point, report } of judged(null).slice(0, 30)) {
      const { server, at, kept } = point;
      const struck = report.bands.filter(({ kind, nodes, label }) => {
        return kind === "crash" && nodes[0] === server && label.includes("its disk keeps");
      });
      // One that is down already at that instant cannot crash: then its fsync does not end.
      expect(struck.map((band) => band.at)).toEqual([kept === null ? at + 1 : at]);
      expect(report.bands.length).toBeGreaterThanOrEqual(before);
    }
  });
});

describe("a crash at every persist point", () => {
  test("is survived by the system as it is meant to be", () => {
    const wrong = judged(null).filter(({ report }) => report.outcome !== "ok");
    expect(wrong.map(({ point, report }) => [point, report.sentence])).toEqual([]);
  });

  test.each([
    ["voteNotPersisted", "one vote per term"],
    ["leaderCountsUndurable", "committed is durable"],
  ])("kills %s, which the scenario alone does not", (mutant, oracle) => {
    expect(alone(mutant).outcome).toBe("ok");
    const names = judged(mutant).flatMap(({ report }) => report.violation?.name ?? []);
    expect(new Set(names)).toEqual(new Set([oracle]));
  });
});

function fsyncsOf(points: readonly PersistPoint[]): Map<string, PersistPoint[]> {
  const groups = new Map<string, PersistPoint[]>();
  for (const point of points) {
    const name = `${point.server} ${point.fsync}`;
    groups.set(name, [...(groups.get(name) ?? []), point]);
  }
  return groups;
}
