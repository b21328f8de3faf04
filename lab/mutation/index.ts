/** The lab measured by the bugs that it kills: how soon, by which oracle, under which faults. */
export type { Assay, Clock, Effort } from "./assay.ts";
export { COLUMNS, type Column, EQUAL_SECONDS, measure } from "./column.ts";
export { noticedBy } from "./kill.ts";
export { aloneFinds, CLASSES, type ClassName, type MatrixRow, measureUnder, optionsUnder } from "./matrix.ts";
export {
  type Fate,
  fateOf,
  noticedIn,
  type Row,
  type Score,
  scoreOf,
  secondsToKill,
  soughtBy,
} from "./score.ts";
