/** One run from a seed to a report, and the deliberate bugs that it must notice. */

export { findNemesis, nemeses } from "../faults/nemeses/index.ts";
export { orderOf, type StatesAlong, statesAlong } from "./along.ts";
export { CLOCKS } from "./clocks.ts";
export {
  type ClientActor,
  type ClientBoot,
  type ClientCommand,
  Cluster,
  type ClusterOptions,
} from "./cluster.ts";
export { Course, follow, type Leg, type Oracles } from "./course.ts";
export type { Decider, Manners, RunWorld } from "./decider.ts";
export { Director } from "./director.ts";
export { DISKS } from "./disks.ts";
export { guard, guarded } from "./guard.ts";
export { Injector } from "./injector.ts";
export { Invariants, type RaftServers } from "./invariants.ts";
export { LIVENESS_BOUND } from "./liveness.ts";
export { MARKS } from "./marks.ts";
export { type AnyMembers, clientNames, Members, serverNames } from "./members.ts";
export { findMutant, isExpected, type Mutant, mutants } from "./mutants/index.ts";
export type { Line } from "./narrator.ts";
export { defaultOptions, FAULT_SWITCHES, READS, type RunOptions, SPARES, WORKLOADS } from "./options.ts";
export { type Crashed, crashAtEveryPersist, type PersistPoint, persistPoints } from "./persist-points.ts";
export { Phases } from "./phases.ts";
export { type GivenSchedule, scheduleOf } from "./play.ts";
export { investigated } from "./reasons/investigate.ts";
export { flagsOf, quoted, replayCommand, replayCommandOfSet } from "./replay.ts";
export {
  type FaultBand,
  type Outcome,
  REPORT_FORMAT,
  REPORT_VERSION,
  type Report,
  type Violation,
} from "./report.ts";
export { type Run, type RunExtras, run } from "./run.ts";
export { defaultSettings, diskTimingOf, type Settings } from "./settings.ts";
export { COUNTED_CLASSES, drawConditions } from "./setup.ts";
export { type Sight, Sights, see } from "./sight.ts";
export { outcomeOf, sentenceOf, summarise } from "./summary.ts";
export { intendedSystem, type System } from "./system.ts";
export { LINLAB_VERSION } from "./version.ts";
export { recordClients, type Watchers, watch } from "./watch.ts";
export type { Reason, Why } from "./why.ts";
export { TOPICS, type Topic, wordingOf } from "./wording.ts";
