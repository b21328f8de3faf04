/** Runs systems of actors: one scenario, or many seeds. */

import { follow, guarded } from "../run/index.ts";
import { Experiment, type Watching } from "./experiment.ts";
import type { Given } from "./scenario.ts";
import { type Sweep, Sweeping, type SweepOptions } from "./sweep.ts";
import type { OwnSystem } from "./system.ts";
import type { Trial } from "./trial.ts";

/**
 * One run, from a seed or from a scenario; the same one gives the same run, always. Throws InputError if the scenario
 * does not fit the system. Host time and host entropy throw meanwhile.
 */
export function run<Operation, Result, Payload, DiskRecord>(
  system: OwnSystem<Operation, Result, Payload, DiskRecord>,
  given: Given<Operation>,
  watching: Watching = {},
): Trial<Operation, Result> {
  return guarded(() => {
    const experiment = new Experiment(system, given, watching);
    return experiment.trial(follow(experiment.course(), experiment.cluster.world), "run");
  });
}

/** Runs seed after seed until one fails. */
export function sweep<Operation, Result, Payload, DiskRecord>(
  system: OwnSystem<Operation, Result, Payload, DiskRecord>,
  options: SweepOptions = {},
): Sweep<Operation, Result> {
  const sweeping = new Sweeping<Operation, Result>(options);
  for (const { seed, watching } of sweeping.runs()) sweeping.add(run(system, seed, watching));
  return sweeping.result();
}
