/** labrpc's own tests, in their order. */

import { basic, benchmark, bytes, concurrentMany, concurrentOne, counts, types } from "./calls.ts";
import { disconnect, killed, longDelayRace, regression1, unreliable } from "./failures.ts";
import type { LabrpcSuite } from "./suite.ts";

export type { LabrpcSuite } from "./suite.ts";

export const labrpcSuites: readonly LabrpcSuite[] = [
  basic,
  types,
  disconnect,
  counts,
  bytes,
  concurrentMany,
  unreliable,
  concurrentOne,
  regression1,
  killed,
  benchmark,
  longDelayRace,
];
