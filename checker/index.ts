/** The public entry of porcupine-ts. */

export { check } from "./check.ts";
export { type ExplainOptions, explain } from "./explain/explain.ts";
export type {
  Alternative,
  CoreOperation,
  Explanation,
  ImpossibleReply,
  OrderAttempt,
  OrderStep,
  Relation,
  Staleness,
  Undecided,
  Violation,
  ViolationClass,
} from "./explain/explanation.ts";
export { explanationText, timelineText } from "./explain/text.ts";
export { type Data, parseEdn } from "./formats/edn.ts";
export type { Source } from "./formats/feed.ts";
export { FORMATS, type FormatName } from "./formats/guess.ts";
export { type ImportedHistory, type ImportOptions, importHistory } from "./formats/import.ts";
export { writeJepsen } from "./formats/jepsen/export.ts";
export type { JepsenOptions } from "./formats/jepsen/import.ts";
export { type Annotation, type AnnotationInput, annotationOf } from "./history/annotation.ts";
export { HistoryError } from "./history/error.ts";
export type { History, HistoryEvent, Indeterminate, Invocation, Response } from "./history/history.ts";
export {
  assertFits,
  HISTORY_FORMAT,
  HISTORY_VERSION,
  type HistoryHeader,
  type ReadHistory,
  readHistory,
  writeHistory,
} from "./history/ndjson.ts";
export { areOperations, historyOf, type Operation, operationsOf } from "./history/operation.ts";
export { type Impossible, IncrementalChecker, type IncrementalOptions } from "./live/incremental.ts";
export type { StateKey } from "./model/key.ts";
export { modelLaws } from "./model/laws.ts";
export {
  type CellAccess,
  type CellValue,
  type Effect,
  ILLEGAL,
  type Model,
  type Traits,
  type VersionAccess,
} from "./model/model.ts";
export type { Samples } from "./model/trials.ts";
export {
  type CasRegisterInput,
  type CasRegisterOutput,
  casRegister,
} from "./models/cas-register.ts";
export { type CounterInput, type CounterOutput, counter } from "./models/counter.ts";
export { type ModelName, models } from "./models/index.ts";
export { type AnyModel, startedIn } from "./models/initial.ts";
export { type KvInput, type KvOutput, type KvState, kv } from "./models/kv.ts";
export { type LogInput, type LogOutput, log } from "./models/log.ts";
export {
  type MultiRegisterInput,
  type MultiRegisterOutput,
  type MultiRegisterState,
  multiRegister,
  type RegisterStep,
} from "./models/multi-register.ts";
export { type MutexInput, type MutexOutput, mutex } from "./models/mutex.ts";
export { type Choice, nondeterministic } from "./models/nondeterministic.ts";
export { type QueueInput, type QueueOutput, queue } from "./models/queue.ts";
export { type RegisterInput, type RegisterOutput, register } from "./models/register.ts";
export { type SetInput, type SetOutput, type SetState, set } from "./models/set.ts";
export { type StackInput, type StackOutput, stack } from "./models/stack.ts";
export type { Value } from "./models/value.ts";
export {
  type VersionedKvInput,
  type VersionedKvOutput,
  type VersionedKvState,
  versionedKv,
} from "./models/versioned-kv.ts";
export type { Optimisations } from "./optimisations.ts";
export type {
  CheckOptions,
  CheckResult,
  Ended,
  ObjectResult,
  Progress,
  Statistics,
} from "./result.ts";
export type { Verdict } from "./verdict.ts";
