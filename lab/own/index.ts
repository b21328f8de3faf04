/**
 * The lab for systems of one's own: `linlab/lab`. A system is described once (its servers, its promise, what clients ask
 * for) and then run from seeds, or from scenarios that a test makes up. See README.md beside this file.
 */

export {
  type Actor,
  type Duration,
  type Effect,
  type Input,
  type Instant,
  MILLISECOND,
  type NodeId,
  Random,
  SECOND,
} from "../../src/base/index.ts";
export { clientNames, serverNames } from "../cluster/index.ts";
export {
  COMMON_CLASSES as FAULT_CLASSES,
  type CommonClass as FaultClass,
  type Fault,
  makeSchedule,
  type Schedule,
} from "../faults/index.ts";
export { type Conditions, perfectConditions } from "../sim/index.ts";
export type { Protocol, ProtocolEffect, ProtocolInput } from "../workload/index.ts";
export { blamed } from "./cluster.ts";
export { Direct } from "./direct.ts";
export { Experiment, type Watching } from "./experiment.ts";
export { copyOf, textOf } from "./plain.ts";
export { run, sweep } from "./run.ts";
export type { Given, PlannedOperation, Scenario, Workload } from "./scenario.ts";
export { type Sweep, Sweeping, type SweepOptions } from "./sweep.ts";
export {
  type AnySystem,
  type Boot,
  defaultScale,
  type OwnSystem,
  type Scale,
  type ServerActor,
  type ServerBoot,
  scaleOf,
} from "./system.ts";
export { assertOk, type Trial } from "./trial.ts";
