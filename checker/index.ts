/** The public entry of porcupine-ts. */
export { type CheckOptions, type CheckResult, check, type ObjectResult } from "./check.ts";
export { HistoryError } from "./error.ts";
export { type ExplainOptions, explain } from "./explain/explain.ts";
export type {
  Alternative,
  CoreOperation,
  Explanation,
  ImpossibleReply,
  Relation,
  Staleness,
  Undecided,
  Violation,
  ViolationClass,
} from "./explain/explanation.ts";
export { explanationText, timelineText } from "./explain/text.ts";
export type { History, HistoryEvent, Indeterminate, Invocation, Response } from "./history.ts";
export { type Effect, ILLEGAL, type Model, type Traits } from "./model.ts";
export {
  type CasRegisterInput,
  type CasRegisterOutput,
  casRegister,
} from "./models/cas-register.ts";
export { models } from "./models/index.ts";
export { type KvInput, type KvOutput, type KvState, kv } from "./models/kv.ts";
export { type RegisterInput, type RegisterOutput, type RegisterValue, register } from "./models/register.ts";
export {
  assertFits,
  HISTORY_FORMAT,
  HISTORY_VERSION,
  type HistoryHeader,
  readHistory,
  writeHistory,
} from "./ndjson.ts";
export { historyOf, type Operation, operationsOf } from "./operation.ts";
export type { Verdict } from "./verdict.ts";
