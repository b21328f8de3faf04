/** The public entry of porcupine-ts. */
export { check } from "./check.ts";
export { HistoryError } from "./error.ts";
export type { History, HistoryEvent, Indeterminate, Invocation, Response } from "./history.ts";
export {
  type CellAccess,
  type CellValue,
  type Effect,
  ILLEGAL,
  type Model,
  type Traits,
  type VersionAccess,
} from "./model.ts";
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
