/** The refinement oracle in runs: silent on the system as it is meant to be, and the first to notice mutants of Raft. */

import { describe, expect, test } from "vitest";
import { parseRunFlags } from "../../lab/cli/flags.ts";
import { defaultOptions, type Report, run } from "../../lab/run/index.ts";
import { swarmOptions } from "../../lab/sweep/index.ts";

const refined = { ...defaultOptions, refinement: true };

/** The first report of this mutant that the oracle ends; null if it ends none of so many. */
function firstAlarm(mutant: string, seeds: number): Report | null {
  for (let seed = 1; seed <= seeds; seed++) {
    const { report } = run(seed, { ...refined, mutant });
    if (report.violation?.name === "refinement") return report;
  }
  return null;
}

describe("the refinement oracle", () => {
  test("says nothing of the system as it is meant to be, and changes nothing in it", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const options = swarmOptions(seed);
      const watched = run(seed, { ...options, refinement: true }).report;
      expect(watched.violation, `${watched.sentence} ${watched.replay}`).toBe(null);
      expect(watched.digest).toBe(run(seed, { ...options, refinement: false }).report.digest);
    }
  });

  test("ends a run with what, who and when, and the command that runs it again", () => {
    const report = firstAlarm("voteTwice", 10)!;
    expect(report.outcome).toBe("invariant");
    expect(report.violation!.nodes).toHaveLength(1);
    expect(report.violation!.at).toBe(report.counts.virtualMicroseconds);
    expect(report.sentence).toMatch(
      /^Refinement broke at \d\.\d{3} s: n\d's step is no action of the specification: HandleRequestVoteRequest with a vote, because its vote of term \d+ is n\d's \(thesis 3\.4\)\.$/,
    );
    expect(report.replay).toBe(`npx linlab run --seed ${report.seed} --refinement --mutant voteTwice`);
    const words = report.replay.replace("npx linlab run ", "").split(" ");
    const { seeds, options } = parseRunFlags(words);
    expect(run(seeds[0], options).report).toEqual(report);
  });

  // How soon the other oracles notice each stands in test/mutation/mutants.test.ts.
  test.each([
    "noUpToDateCheck",
    "voteNotPersisted",
    "truncateAlways",
    "commitWithoutMajority",
    "voteTwice",
    "noPrevTermCheck",
    "readBeforeOwnEntry",
    "preVotesElect",
    "leaderCountsUndurable",
    "countsWhatItSent",
    "acksWholeLog",
    "staleSnapshot",
    "snapshotAckedEarly",
    "snapshotNotRestored",
    "snapshotCutsTail",
    "readWithoutQuorum",
    "readByLongLease",
    "transferUnelected",
  ])("notices %s within 20 seeds", (mutant) => {
    expect(firstAlarm(mutant, 20)).not.toBe(null);
  });

  test.each([
    ["a rule of the state machine", "noSessions"],
    ["a timer", "noElectionTimer"],
  ])("does not speak of %s", (_, mutant) => {
    expect(firstAlarm(mutant, 5)).toBe(null);
  });
});
