/** A failure as a file that anybody can run again: what a run decided, recorded or scripted. */
export { type Decision, keyOf, questionOf, timeOf } from "./decision.ts";
export { type Failure, type Finding, makeFailure, type Rest, type Script, writeFailure } from "./failure.ts";
export { readFailure } from "./read.ts";
export {
  failureOf,
  type Observed,
  observe,
  observeStage,
  type Replayed,
  record,
  replay,
  scripted,
} from "./replay.ts";
export * as shape from "./shape.ts";
export { isSame, type Signature, signatureText } from "./signature.ts";
export type { Taken } from "./stage.ts";
export type { Divergence } from "./trail.ts";
