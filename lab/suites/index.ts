/** The suites that students of the Go labs know, without a test runner in them. */

import { kvSuites, kvVariants } from "./kv/index.ts";
import { labrpcSuites } from "./labrpc/index.ts";
import { membershipSuites } from "./membership/index.ts";
import { raftSuites } from "./raft/index.ts";
import type { Suite } from "./suite.ts";

export { type Directed, DirectedStage, type Direction, direct } from "./directed.ts";
export { appendProblem, type KvSuite, kvSuites, kvVariants } from "./kv/index.ts";
export { type LabrpcSuite, labrpcSuites } from "./labrpc/index.ts";
export { membershipSuites } from "./membership/index.ts";
export { type RaftSuite, raftSuites } from "./raft/index.ts";
export { passedLine, replayCommand, type Suite, type SuiteResult } from "./suite.ts";

/** All of them, each under a name of its own: labrpc's, then 3A to 3D, 4A and 4B, then what the Go labs lack. */
export const suites: readonly Suite[] = [
  ...labrpcSuites,
  ...raftSuites,
  ...kvSuites,
  ...kvVariants,
  ...membershipSuites,
];
