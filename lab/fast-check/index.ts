/**
 * Arbitraries for the lab: `linlab/fast-check`. A property over scenarios lets `fc.assert` find a failure and shrink it.
 * Only who imports this needs fast-check.
 */

import * as fc from "fast-check";
import { type AnySystem, perfectConditions, type Scenario } from "../own/index.ts";
import { type ScheduleOptions, schedules } from "./schedules.ts";
import { type WorkloadOptions, workloads } from "./workloads.ts";

export { type ScheduleOptions, schedules, type WorkloadOptions, workloads };

/**
 * All that `run` and `runAsync` take. Between faults the network is perfect, so that a failure needs the faults that
 * are told with it; whether it tells of losses, as labrpc does, is up to the scenario.
 */
export function scenarios<Operation, Result>(
  system: AnySystem<Operation, Result>,
  most: Pick<ScheduleOptions, "mostFaults"> & Pick<WorkloadOptions<Operation>, "mostOperations"> = {},
): fc.Arbitrary<Scenario<Operation>> {
  return fc.record({
    seed: fc.integer({ min: 1, max: 1000 }),
    conditions: fc.boolean().map((detectsLoss) => ({ ...perfectConditions, detectsLoss })),
    slowDisks: fc.constantFrom("none", "few", "all"),
    schedule: schedules({ ...system, ...most }),
    workload: workloads({ ...system, ...most }),
  });
}
