/** Raft's specification, and the oracle that holds every step of a server against it. */
export { witnessed } from "./abstraction.ts";
export { Refinement } from "./refinement.ts";
