/** A deliberate bug under every interleaving: a path to what it breaks, or an argument that it breaks nothing. */

import { InputError } from "../../src/base/index.ts";
import { intendedSystem } from "../cluster/index.ts";
import { findMutant, mutants } from "../run/mutants/index.ts";
import { type Exploration, type ExploreOptions, explore } from "./explore.ts";

/**
 * Exhausted: within these bounds no interleaving shows the bug to any invariant. If `space` is that of the intended
 * system too, both reach the very same worlds, so nothing could tell them apart there. Throws InputError.
 */
export function exploreMutant(name: string, options: Omit<ExploreOptions, "system"> = {}): Exploration {
  const mutant = findMutant(name);
  if (mutant === null) throw new InputError(`mutant ${name}: expected one of ${explorable().join(", ")}`);
  if (mutant.system.Raft === intendedSystem.Raft) {
    throw new InputError(
      `mutant ${name} is not in Raft, which is all that is explored: expected one of ${explorable().join(", ")}`,
    );
  }
  return explore({ ...options, system: mutant.system });
}

/** The names of those that have their bug in Raft. */
export function explorable(): readonly string[] {
  return mutants.filter(({ system }) => system.Raft !== intendedSystem.Raft).map(({ name }) => name);
}
