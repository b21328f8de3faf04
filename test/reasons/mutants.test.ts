import { describe, expect, test } from "vitest";
import { defaultOptions, type RunOptions, run } from "../../lab/run/index.ts";
import { mutants } from "../../lab/run/mutants/index.ts";
import { rules } from "../../lab/run/reasons/rules/index.ts";
import { Witness } from "../../lab/run/reasons/witness.ts";
import { swarmOptions } from "../../lab/sweep/index.ts";
import { SECOND } from "../../src/base/index.ts";
import { CAUSES } from "./causes.ts";
import { investigate } from "./said.ts";

/** One of each way to be wrong, with a seed that shows it; the whole table takes minutes: test/bench/reasons.ts. */
const SHOWN: readonly (readonly [mutant: string, seed: number])[] = [
  ["noUpToDateCheck", 1],
  ["truncateAlways", 1],
  ["commitWithoutMajority", 1],
  ["voteTwice", 1],
  ["quorumHalf", 1],
  ["readBeforeOwnEntry", 61],
  ["voteNotReset", 1],
  ["leaderNeverForgotten", 1],
  ["noElectionTimer", 1],
  ["fixedTimeouts", 13],
  ["noBackUp", 1],
  ["ackBeforeFsync", 1],
  ["fsyncLies", 3],
  ["leaderKeepsOffice", 6],
  ["deposedLeaderObeyed", 22],
  ["compactedAppendedAgain", 2],
  ["snapshotNotRestored", 2],
  ["snapshotOfWrongTerm", 1],
  ["anyReplicaReads", 2],
  ["readWithoutQuorum", 20],
  ["noSessions", 4],
  ["noSessionsInSnapshot", 1],
  ["evictionByLocalOrder", 1],
  ["answerByIndex", 12],
  ["replyBeforeCommit", 1],
  ["newNumberPerRetry", 4],
  ["numberReused", 1],
  ["silenceIsDone", 1],
  ["jointForGood", 1],
  ["checksumNotChecked", 1],
  ["voteBeforeRepair", 1],
];

/** The same, for what only the nemesis of leases brings out. */
const LEASES: typeof SHOWN = [
  ["leaseFromReceipt", 1],
  ["leaseWithoutDrift", 5],
  ["leaseKeptThroughTransfer", 16],
  ["noWaitAfterRestart", 33],
  ["promiseNotKept", 33],
];

describe("the reason that is said", () => {
  test.each(SHOWN)("of %s, seed %i, is what the mutant breaks", (mutant, seed) => {
    expect(CAUSES[mutant]).toContain(investigate(mutant, seed)!.reason?.rule);
  });

  test.each(LEASES)("of %s, seed %i, is what the mutant of leases breaks", (mutant, seed) => {
    const options = { ...defaultOptions, nemesis: "staleLease" };
    expect(CAUSES[mutant]).toContain(investigate(mutant, seed, options)!.reason?.rule);
  });
});

test("every mutant that can be told from a correct system has a cause", () => {
  // A crash of the mutant's own code speaks for itself, and what only the specification forbids has done no harm.
  const speaks = ["assertion", "refinement"];
  const told = mutants.filter(({ equivalent, oracle }) => equivalent === null && !speaks.includes(oracle));
  expect(told.map(({ name }) => name).filter((name) => !(name in CAUSES))).toEqual([]);
});

/** Swarms of sweeps, the short ones: leases, faulty disks, clocks that drift, members that change, one server alone. */
const SHORT = Array.from({ length: 240 }, (_, i) => i + 1).filter(
  (seed) => swarmOptions(seed).duration <= 3 * SECOND,
);

/**
 * A leader that has removed itself answers a read and leaves with the same step; one commits by the configuration that it
 * had and appends the next; a duplicate of an old request is late; a damaged server is asked for a pre-vote; a vote is
 * said again after the one that it elected was heard.
 */
const PECULIAR = [46, 60, 77, 542, 684, 786];

describe("no exact rule says anything of the system as it is meant to be", () => {
  const exact = rules.filter(({ certainty }) => certainty === "exact");

  function said(witness: Witness): readonly string[] {
    witness.ended();
    return witness.deeds.flatMap((deed) =>
      exact.filter((rule) => rule.of === deed.kind && rule.says(deed) !== null).map(({ name }) => name),
    );
  }

  test("and watching it changes nothing", () => {
    for (let seed = 1; seed <= 12; seed++) {
      const witness = new Witness();
      const { report } = run(seed, defaultOptions, { attendance: witness });
      expect(said(witness), `seed ${seed}`).toEqual([]);
      expect(report.digest).toBe(run(seed, defaultOptions).report.digest);
    }
  });

  test("whatever the swarm has drawn", () => {
    for (const seed of [...SHORT, ...PECULIAR]) {
      const witness = new Witness();
      run(seed, swarmOptions(seed), { attendance: witness });
      expect(said(witness), `seed ${seed} of the swarm`).toEqual([]);
    }
  });

  test("and the swarm has drawn everything that servers must bear", () => {
    const drawn = SHORT.map(swarmOptions);
    expect(SHORT.length).toBeGreaterThan(50);
    for (const bears of [
      (each: RunOptions) => each.reads === "lease",
      (each: RunOptions) => each.membership,
      (each: RunOptions) => each.disks === "faulty",
      (each: RunOptions) => each.clocks === "drift",
      (each: RunOptions) => each.clocks === "wild",
      (each: RunOptions) => each.servers === 1,
      (each: RunOptions) => each.encode,
    ])
      expect(drawn.filter(bears).length).toBeGreaterThan(2);
  });
});
