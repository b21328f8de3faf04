/** How a KV test is set up, and how bad its network is where the seed may say. */

import type { Random } from "../../../src/base/index.ts";
import type { Conditions } from "../../sim/index.ts";

export interface KvSetup {
  readonly servers: number;
  /** Servers beyond these that may join; none, if not said. */
  readonly spares?: number;
  /** Members change one at a time. */
  readonly singleServerChange?: boolean;
  /** How many clerks there are at most at a time. */
  readonly clerks: number;
  /** labrpc's unreliable network: short delays, and one message of ten is lost. */
  readonly unreliable?: boolean;
  /** A network without labrpc's mercies, and the way of reading drawn. */
  readonly wild?: boolean;
  /** Bytes of log after which servers cut a snapshot; never, if not said. */
  readonly maxRaftState?: number;
}

/**
 * Of 1000 messages. A clerk waits 300 ms for an answer that was lost without a word, and 150 ms in the mean for one
 * that is held back: at their worst these add some 20 ms to an operation, which leaves room in the 33.3 ms of Speed.
 */
export function drawConditions(random: Random): Partial<Conditions> {
  return {
    detectsLoss: false,
    loss: random.between(1, 15),
    duplication: random.between(1, 50),
    reordering: random.between(1, 20),
  };
}
