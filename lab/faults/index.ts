/** What can go wrong, as data, and who decides what does. */
export {
  COMMON_CLASSES,
  type CommonClass,
  type CountedClass,
  type Cut,
  FAULT_CLASSES,
  type Fault,
  type FaultClass,
  type Target,
  type TimedFault,
} from "./fault.ts";
export { drawChanges } from "./membership.ts";
export { type MessageFault, MessageFaults } from "./message.ts";
export { drawSchedule, type NemesisOptions } from "./nemesis.ts";
export {
  assertNodesExist,
  makeSchedule,
  readSchedule,
  type Schedule,
  scheduleFrom,
  writeSchedule,
} from "./schedule.ts";
