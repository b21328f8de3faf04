/** How a server is set up. */

import type { Duration, NodeId, Random } from "../base/index.ts";
import { MILLISECOND } from "../base/index.ts";

export interface RaftTiming {
  /** Election timeouts are drawn from [electionTimeout, 2 x electionTimeout) (section 5.2). */
  readonly electionTimeout: Duration;
  /** A leader lets no more than this pass between two messages to a follower. */
  readonly heartbeatInterval: Duration;
}

/** The Go labs allow about ten heartbeats a second and want a new leader within five seconds. */
export const defaultTiming: RaftTiming = {
  electionTimeout: 250 * MILLISECOND,
  heartbeatInterval: 100 * MILLISECOND,
};

export interface RaftOptions {
  readonly id: NodeId;
  /** Every member, this one included. */
  readonly members: readonly NodeId[];
  /** For election timeouts: a stream of this server's own, and of this incarnation's. */
  readonly random: Random;
  readonly timing: RaftTiming;
  /** Most entries that one AppendEntries carries. */
  readonly maxBatch: number;
}
