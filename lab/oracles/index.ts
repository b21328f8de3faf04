/** What judges while a run goes on: invariants at every event, and bounds on how long things may take. */

export { durableAt, overestimated } from "./durable.ts";
export { Invariants, type RaftServers } from "./invariants.ts";
export { LIVENESS_BOUND, Liveness } from "./liveness.ts";
export type { Violation } from "./violation.ts";
