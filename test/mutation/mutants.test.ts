import { describe, expect, test } from "vitest";
import { intendedSystem } from "../../lab/cluster/index.ts";
import { isKill, noticedBy } from "../../lab/mutation/kill.ts";
import { defaultOptions, run } from "../../lab/run/index.ts";
import { type Mutant, mutants } from "../../lab/run/mutants/index.ts";
import { swarmOptions } from "../../lab/sweep/index.ts";

const intended: Readonly<Record<string, unknown>> = { ...intendedSystem };

/** Of the swarm, and as many of the default run. */
const MOST_SEEDS = 30;

/** Too rare for a test that runs all the time: `linlab mutants` measures them. */
const RARE = [
  // By their own nemesis, in a test of their own.
  ...["leaseFromReceipt", "leaseWithoutDrift", "leaseKeptThroughTransfer"],
  ...["noWaitAfterRestart", "promiseNotKept"],
  ...[
    "lateVoteCounts",
    "ownVoteAtOnce",
    "cutEntriesCount",
    "staleReplyCounts",
    "deposedLeaderResets",
    "preVoteIsContact",
    "readBeforeOwnEntry",
  ],
  ...[
    "writesReordered",
    "readJoinsRound",
    "snapshotNotAtomic",
    "snapshotOneBehind",
    "waitersKept",
    "tailKept",
  ],
  ...["dedupGoesBack", "expiredAppliedAnyway", "expiredTriedAgain", "nameReused", "dedupAtSubmit"],
  ...["changeBeforeOwnEntry", "changeAtOneStroke"],
];

const equivalent = mutants.filter((mutant) => mutant.equivalent !== null);
const quick = mutants.filter((mutant) => mutant.equivalent === null && !RARE.includes(mutant.name));

const byName = (each: readonly Mutant[]) => each.map((mutant) => [mutant.name, mutant] as const);

describe(`a deliberate bug is noticed within ${2 * MOST_SEEDS} runs, by the oracle that is there for it`, () => {
  test.each(byName(quick))("%s", (_name, mutant) => {
    let seed = 1;
    while (seed <= MOST_SEEDS && !isKilled(mutant, seed)) seed++;
    expect(seed).toBeLessThanOrEqual(MOST_SEEDS);
  });

  test("and the system as it is meant to be is not", () => {
    for (let seed = 1; seed <= MOST_SEEDS; seed++) {
      for (const options of [swarmOptions(seed), defaultOptions]) {
        const { report } = run(seed, options);
        expect(report.outcome, `${report.sentence} ${report.replay}`).toBe("ok");
      }
    }
  });
});

describe("nobody notices what is equivalent", () => {
  test.each(byName(equivalent))("%s", (_name, mutant) => {
    for (let seed = 1; seed <= 15; seed++) expect(noticedBy(mutant, seed, swarmOptions(seed))).toBeNull();
  });
});

describe("the catalogue", () => {
  test("has at least sixty bugs, each under a name of its own and with its source", () => {
    expect(mutants.length).toBeGreaterThanOrEqual(60);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
    expect(mutants.filter(({ source, breaks }) => source === "" || breaks === "")).toEqual([]);
  });

  test("names its rare ones rightly", () => {
    expect(RARE.filter((name) => !mutants.some((mutant) => mutant.name === name))).toEqual([]);
  });

  test("replaces one part of the system, and no two bugs are the same one", () => {
    const parts = mutants.map(({ system }) =>
      Object.entries(system).filter(([name, part]) => part !== intended[name]),
    );
    expect(parts.filter((replaced) => replaced.length !== 1)).toEqual([]);
    expect(new Set(parts.map(([replaced]) => replaced![1])).size).toBe(mutants.length);
  });
});

function isKilled(mutant: Mutant, seed: number): boolean {
  return [swarmOptions(seed), defaultOptions].some((options) => {
    const oracle = noticedBy(mutant, seed, options);
    return oracle !== null && isKill(mutant, oracle);
  });
}
