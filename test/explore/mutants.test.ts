import { describe, expect, test } from "vitest";
import { type Bounds, explorable, explore, exploreMutant } from "../../lab/explore/index.ts";
import { findMutant } from "../../lab/run/mutants/index.ts";
import type { Raft } from "../../src/raft/index.ts";
import { CommitOldTerms, ElectedByHalf, SnapshotIgnored } from "../suites/mutants.ts";
import { only } from "./bounded.ts";

const LOCAL: Readonly<Record<string, typeof Raft>> = {
  ElectedByHalf,
  SnapshotIgnored,
};

type Row = [name: string, bounds: Partial<Bounds>, steps: number, oracle: string];

/** Each within bounds that allow what it needs and nothing else, and the length of the shortest path to it. */
const FOUND: readonly Row[] = [
  ["voteTwice", { terms: 1, commands: 0 }, 2, "one vote per term"],
  ["voteNotPersisted", { terms: 1, commands: 0, crashes: 1 }, 3, "one vote per term"],
  ["preVotesElect", { terms: 1, commands: 0, preVote: true, delays: 1 }, 1, "elected by a majority"],
  ["noUpToDateCheck", { terms: 2, commands: 1 }, 4, "leader completeness"],
  ["noPrevTermCheck", { terms: 3, commands: 2 }, 7, "match is durable"],
  ["truncateAlways", { terms: 2, commands: 2, delays: 1 }, 5, "match is durable"],
  ["acksWholeLog", { terms: 2, commands: 2 }, 4, "match is durable"],
  ["commitWithoutMajority", { terms: 1, commands: 1 }, 2, "committed is durable"],
  ["leaderCountsUndurable", { terms: 1, commands: 1, stalls: 1 }, 3, "committed is durable"],
  ["countsWhatItSent", { terms: 1, commands: 2, pipelining: true }, 3, "match is durable"],
  ["readBeforeOwnEntry", { terms: 2, commands: 1, reads: 1 }, 5, "stale read"],
  ["readWithoutQuorum", { terms: 2, commands: 2, reads: 1 }, 8, "stale read"],
  ["snapshotAckedEarly", { terms: 1, commands: 2, compactions: 1 }, 6, "durability law"],
  ["snapshotNotRestored", { terms: 1, commands: 1, compactions: 1 }, 5, "applied in order"],
  ["snapshotCutsTail", { terms: 2, commands: 2, compactions: 1 }, 7, "match is durable"],
  ["ElectedByHalf", { terms: 1, commands: 0 }, 1, "elected by a majority"],
  ["SnapshotIgnored", { terms: 1, commands: 1, compactions: 1 }, 5, "durability law"],
];

describe("deliberate bugs", () => {
  test.each(FOUND)("%s is found within %j, in %i steps", (name, bounds, steps, oracle) => {
    const Raft = LOCAL[name] ?? findMutant(name)!.system.Raft;
    const { outcome, violation } = explore({ bounds: only(bounds), system: { Raft } });
    expect(outcome).toBe("violation");
    expect([violation!.script.length, violation!.name]).toEqual([steps, oracle]);
  });

  test("Figure 8: an entry of an old term, committed because a majority has it, is overwritten", () => {
    const found = explore({ bounds: only({ terms: 4, commands: 2 }), system: { Raft: CommitOldTerms } });
    expect(found.states).toBe(24_328);
    expect(found.violation).toEqual({
      name: "leader completeness",
      message: "leader n2 of term 4 has one of term 2, n1 had committed entry 1 of term 1",
      script: [
        "n1 is elected in term 1 by n1 n2",
        "n1 takes x",
        "n2 is elected in term 2 by n2 n3",
        "n1 sends x to n2, which refuses it; n1 steps down",
        "n1 is elected in term 3 by n1 n3",
        "n1 sends a heartbeat to n3, whose log does not match",
        "n1 sends x to n3; n1 applies x",
        "n2 takes y",
        "n1 sends a heartbeat to n2, whose log does not match; n2 steps down",
        "n2 is elected in term 4 by n2 n1",
      ],
    });
  });

  test("one that no interleaving shows reaches the same worlds as the system without it", () => {
    const bounds = only({ terms: 2, commands: 1, crashes: 1 });
    const intended = explore({ bounds });
    expect(exploreMutant("contactBySending", { bounds })).toEqual(intended);
    // Nothing is wrong here either, for it only waits too long; but its worlds are others.
    const waits = exploreMutant("noElectionTimer", { bounds });
    expect(waits.outcome).toBe("exhausted");
    expect(waits.space).not.toBe(intended.space);
  });

  test("one outside of Raft, or that nobody knows, is refused by name", () => {
    expect(() => exploreMutant("noSessions")).toThrow("mutant noSessions is not in Raft");
    expect(() => exploreMutant("nobody")).toThrow(`expected one of ${explorable().join(", ")}`);
  });
});
