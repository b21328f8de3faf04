/**
 * The columns of the table: ways to look for a mutant. A score over one's own catalogue with one's own nemeses proves
 * little, so the random swarm is measured alone, and what histories alone tell, and what the Go labs' suites find.
 */

import { AssertionError, Random } from "../../src/base/index.ts";
import { intendedSystem } from "../cluster/index.ts";
import { nemeses } from "../faults/nemeses/index.ts";
import type { RunOptions } from "../run/index.ts";
import type { Mutant } from "../run/mutants/index.ts";
import { kvSuites, raftSuites } from "../suites/index.ts";
import { sweepOptions } from "../sweep/index.ts";
import { type Assay, assay, type Clock, type Effort } from "./assay.ts";
import { isKill, noticedBy, type Oracle } from "./kill.ts";

/** In the order of the table. */
export const COLUMNS = ["swarm", "nemeses", "history", "suites"] as const;

export type Column = (typeof COLUMNS)[number];

/** Host seconds that a mutant gets in the suites; a kill by the swarm that took longer does not count beside them. */
export const EQUAL_SECONDS = 0.35;

/** Kills that the nemeses get to measure. */
const MOST_STARTS = 3;

/** Seeds at most that the history alone gets for one start. */
const MOST_HISTORIES = 15;

/** Throws what a bug of the lab's own throws. */
export function measure(mutant: Mutant, column: Column, effort: Effort, clock: Clock): Assay {
  switch (column) {
    case "swarm":
      return assay(
        effort,
        (seed) => noticedBy(mutant, seed, swarmAlone(seed)),
        (oracle) => isKill(mutant, oracle),
        clock,
      );
    case "nemeses":
      return assay(
        { ...effort, starts: Math.min(effort.starts, MOST_STARTS), seeds: Math.ceil(effort.seeds / 2) },
        (seed) => noticedBy(mutant, seed, withNemesis(seed)),
        (oracle) => isKill(mutant, oracle),
        clock,
      );
    case "history":
      return assay(
        { ...effort, starts: 1, seeds: Math.min(effort.seeds, MOST_HISTORIES) },
        (seed) => noticedBy(mutant, seed, swarmAlone(seed), { historyAlone: true }),
        (oracle) => oracle === "history",
        clock,
      );
    case "suites":
      return assay(
        { starts: 1, seeds: Number.MAX_SAFE_INTEGER, enough: 0, seconds: EQUAL_SECONDS },
        suitesOf(mutant),
        () => true,
        clock,
      );
  }
}

/** Chance alone decides what goes wrong. */
function swarmAlone(seed: number): RunOptions {
  return sweepOptions(seed, { nemesis: null });
}

/** The named nemeses take turns, in clusters as the swarm draws them. */
function withNemesis(seed: number): RunOptions {
  return sweepOptions(seed, { nemesis: nemeses[seed % nemeses.length]!.name });
}

/**
 * The Go labs' tests one after the other, in an order of its own for each mutant, and again under the next seed.
 * They watch the lab's invariants, which the Go labs have not: what is told of them here is more than they find.
 */
function suitesOf({ name, system }: Mutant): (trial: number) => Oracle | null {
  const needsServer = system.Server !== intendedSystem.Server || system.Clerk !== intendedSystem.Clerk;
  // Raft's own tests run neither server nor clerk.
  const all = needsServer ? kvSuites : [...raftSuites, ...kvSuites];
  const order = new Random(name).shuffle<{
    run(seed: number, system: Mutant["system"]): Tried;
    name: string;
  }>(all);
  return (trial) => {
    const suite = order[(trial - 1) % order.length]!;
    const seed = 1 + Math.floor((trial - 1) / order.length);
    const { problems, undecided } = tried(() => suite.run(seed, system));
    return problems.length > 0 && !undecided ? suite.name : null;
  };
}

interface Tried {
  readonly problems: readonly string[];
  readonly undecided: boolean;
}

/** What throws in a mutated system is a problem of this test. */
function tried(run: () => Tried): Tried {
  try {
    return run();
  } catch (error) {
    if (error instanceof AssertionError || error instanceof Error) {
      return { problems: [error.message], undecided: false };
    }
    throw error;
  }
}
