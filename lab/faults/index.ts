/** What can go wrong, as data, and who decides what does. */
export type { Cut, Fault, FaultClass, Target, TimedFault } from "./fault.ts";
export { drawSchedule, type NemesisOptions } from "./nemesis.ts";
export { assertNodesExist, makeSchedule, readSchedule, type Schedule, writeSchedule } from "./schedule.ts";
