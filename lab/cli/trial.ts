/** One test of the Go labs under one seed: what a worker thread does for `linlab suite`. */

import { performance } from "node:perf_hooks";
import { findMutant } from "../run/mutants/index.ts";
import { kvSuites, kvVariants, raftSuites, type SuiteResult, suites } from "../suites/index.ts";
import { EXIT } from "./exit.ts";

export interface Trial {
  readonly name: string;
  readonly seed: number;
  /** A deliberate bug by name; null for the system as it is meant to be. */
  readonly mutant: string | null;
}

/** What came of it; a test that threw has no figures. */
export interface Outcome
  extends Pick<
    SuiteResult,
    "variant" | "problems" | "undecided" | "virtualSeconds" | "servers" | "rpcs" | "bytes" | "commands"
  > {
  readonly wallSeconds: number;
}

const NOTHING = {
  variant: null,
  undecided: false,
  virtualSeconds: 0,
  servers: 0,
  rpcs: 0,
  bytes: 0,
  commands: 0,
};

export const remoteTry = { module: import.meta.url, name: "attempt" };

/** All tests, by name; with a mutant those that have a system under test which could be mutated. */
export function namesFor(mutant: string | null): readonly string[] {
  const tested = mutant === null ? suites : [...raftSuites, ...kvSuites, ...kvVariants];
  return tested.map(({ name }) => name);
}

/** What throws here, of all that can go wrong in a simulated system, is a problem of this seed and of no other. */
export function attempt(trial: Trial): Outcome {
  const began = performance.now();
  const wallSeconds = () => (performance.now() - began) / 1000;
  try {
    return { ...run(trial), wallSeconds: wallSeconds() };
  } catch (error) {
    const [what, where] = String((error as Error).stack).split("\n");
    return { ...NOTHING, problems: [`it threw ${what} ${where?.trim()}`], wallSeconds: wallSeconds() };
  }
}

/** What an outcome means to whoever called. */
export function exitOfTrial({ problems, undecided }: Pick<Outcome, "problems" | "undecided">): number {
  if (problems.length === 0) return EXIT.ok;
  return undecided ? EXIT.undecided : EXIT.violation;
}

function run({ name, seed, mutant }: Trial): SuiteResult {
  const isIt = (suite: { readonly name: string }) => suite.name === name;
  const system = mutant === null ? null : findMutant(mutant)!.system;
  if (system === null) return suites.find(isIt)!.run(seed);
  const raft = raftSuites.find(isIt);
  if (raft !== undefined) return raft.run(seed, system);
  return [...kvSuites, ...kvVariants].find(isIt)!.run(seed, system);
}
