/** The suites about who is a member, and the bugs that they are there for. */

import { describe, expect, test } from "vitest";
import { findMutant } from "../../lab/run/mutants/index.ts";
import { membershipSuites } from "../../lab/suites/index.ts";
import { expectToPass } from "./verdict.ts";

describe("the suites about the membership", () => {
  for (const suite of membershipSuites) test(suite.name, () => expectToPass(suite));

  test("do the same for the same seed", () => {
    for (const { run } of membershipSuites.slice(0, 3)) expect(run(1)).toEqual(run(1));
  });
});

const MOST_SEEDS = 10;

/** A mutant, the suite that is there for it, and what that suite has to say. */
const NOTICED: readonly (readonly [mutant: string, suite: string, problem: RegExp])[] = [
  ["changeBeforeOwnEntry", "RivalChanges (one at a time)", /leader completeness/],
  [
    "changeAtOneStroke",
    "PartitionInEveryPhase (one at a time)",
    /leader completeness|election safety|is in its phase/,
  ],
  ["configurationAtCommit", "ReplaceEverybody", /latest configuration/],
  ["configurationNotUndone", "PartitionInEveryPhase", /latest configuration/],
  ["jointForGood", "GrowAndShrink", /it is still not so that the members are n1 n2/],
  ["foundersVote", "GrowAndShrink (one at a time)", /elected by a majority/],
  ["removedLeaderCounts", "GrowAndShrink", /committed is durable/],
  ["removedLeaderStays", "ReplaceEverybody", /it is still not so/],
  ["jointElectionByNew", "PartitionInEveryPhase", /elected by a majority/],
  ["jointCommitByNew", "PartitionInEveryPhase", /committed is durable/],
  ["learnersCount", "PartitionInEveryPhase (one at a time)", /committed is durable/],
  ["snapshotForgetsMembers", "CrashInEveryPhase", /latest configuration/],
];

describe("a deliberate bug is noticed", () => {
  test.each(NOTICED)("%s, by %s", (mutant, name, problem) => {
    const suite = membershipSuites.find((each) => each.name === name)!;
    const { system } = findMutant(mutant)!;
    const found: string[] = [];
    for (let seed = 1; seed <= MOST_SEEDS && found.length === 0; seed++) {
      found.push(...suite.run(seed, system).problems);
    }
    expect(found.join("; ")).toMatch(problem);
  });
});
