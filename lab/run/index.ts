/** One run from a seed to a report, and the deliberate bugs that it must notice. */
export {
  type ClientActor,
  type ClientBoot,
  type ClientCommand,
  Cluster,
  type ClusterOptions,
} from "./cluster.ts";
export type { Decider, Manners, RunWorld } from "./decider.ts";
export { guarded } from "./guard.ts";
export { Invariants, type RaftServers } from "./invariants.ts";
export { LIVENESS_BOUND } from "./liveness.ts";
export { MARKS } from "./marks.ts";
export { findMutant, type Mutant, mutants } from "./mutants/index.ts";
export type { Line } from "./narrator.ts";
export { defaultOptions, FAULT_SWITCHES, READS, type RunOptions, WORKLOADS } from "./options.ts";
export { flagsOf, quoted, replayCommand, replayCommandOfSet } from "./replay.ts";
export type { FaultBand, Outcome, Report, Violation } from "./report.ts";
export { type GivenSchedule, type Run, type RunExtras, run, scheduleOf } from "./run.ts";
export { defaultSettings, type Settings } from "./settings.ts";
export { Sights } from "./sight.ts";
export { summarise } from "./summary.ts";
export { intendedSystem, type System } from "./system.ts";
export { LINLAB_VERSION } from "./version.ts";
export { type Watchers, watch } from "./watch.ts";
export { TOPICS, type Topic, wordingOf } from "./wording.ts";
