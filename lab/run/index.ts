/** One run from a seed to a report. */

export { orderOf, type StatesAlong, statesAlong } from "./along.ts";
export { Course, follow, type Leg, type Oracles } from "./course.ts";
export { Director } from "./director.ts";
export { guard, guarded } from "./guard.ts";
export { Injector } from "./injector.ts";
export type { Line } from "./narrator.ts";
export { defaultOptions, FAULT_SWITCHES, READS, type RunOptions, SPARES, WORKLOADS } from "./options.ts";
export { type Crashed, crashAtEveryPersist, type PersistPoint, persistPoints } from "./persist-points.ts";
export { Phases } from "./phases.ts";
export { type GivenSchedule, scheduleOf } from "./play.ts";
export { investigated } from "./reasons/investigate.ts";
export { flagsOf, quoted, replayCommand, replayCommandOfSet } from "./replay.ts";
export { type FaultBand, type Outcome, REPORT_FORMAT, REPORT_VERSION, type Report } from "./report.ts";
export { type Run, type RunExtras, run } from "./run.ts";
export { COUNTED_CLASSES, drawConditions } from "./setup.ts";
export { outcomeOf, sentenceOf, summarise } from "./summary.ts";
export { LINLAB_VERSION } from "./version.ts";
export { recordClients, type Watchers, watch } from "./watch.ts";
export type { Reason, Why } from "./why.ts";
export { TOPICS, type Topic, wordingOf } from "./wording.ts";
