/** How a server is set up. */

import type { Duration, NodeId, Random } from "../base/index.ts";
import { MILLISECOND } from "../base/index.ts";
import type { LeaseOptions } from "./lease.ts";

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

/** What may be turned off, to see what it is good for. */
export interface RaftFeatures {
  /** Thesis, section 9.6: ask before disturbing a term with an election that cannot be won. */
  readonly preVote: boolean;
  /** Thesis, section 6.2: a leader that hears from no quorum for an election timeout steps down. */
  readonly checkQuorum: boolean;
  /** Thesis, section 4.1: members change one at a time. If not said, by way of a joint configuration (section 4.3). */
  readonly singleServerChange?: boolean | undefined;
}

export const defaultFeatures: RaftFeatures = { preVote: true, checkQuorum: true };

export interface RaftLimits {
  /** Most entries that one AppendEntries carries. */
  readonly maxBatch: number;
  /** Most AppendEntries to one follower that are under way at a time (thesis, section 10.2.1). */
  readonly window: number;
  /** Most bytes of a snapshot that one InstallSnapshot carries. */
  readonly chunk: number;
}

export const defaultLimits: RaftLimits = { maxBatch: 64, window: 8, chunk: 4096 };

export interface RaftOptions {
  readonly id: NodeId;
  /** Who votes before the log says otherwise: the same for every server, also for one that is to join later. */
  readonly members: readonly NodeId[];
  /** For election timeouts: a stream of this server's own, and of this incarnation's. */
  readonly random: Random;
  readonly timing: RaftTiming;
  readonly features: RaftFeatures;
  readonly limits: RaftLimits;
  /** If it is there, leaders answer reads under a lease, and followers keep the promise that it rests on. */
  readonly lease?: LeaseOptions;
}
