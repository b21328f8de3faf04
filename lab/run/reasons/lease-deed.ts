/** Deeds that concern leases (thesis, section 6.4.1): how long leaders rely on promises, and who breaks one. */

import type { Duration, NodeId } from "../../../src/base/index.ts";
import type { Done } from "./done.ts";

/** A leader holds a lease that it must not hold any more. */
export interface Overheld extends Done {
  readonly kind: "overheld";
  readonly term: number;
  /** Whom it has told to take over; null if nobody. */
  readonly successor: NodeId | null;
  /** By its own clock: how long ago it sent what a majority has answered; null if a majority never answered. */
  readonly sentFor: Duration | null;
  /** How long a promise may be relied on from then. */
  readonly length: Duration;
}

/** A server votes although it may have promised a leader to elect nobody. */
export interface Granted extends Done {
  readonly kind: "granted";
  readonly candidate: NodeId;
  readonly term: number;
  /** What its own clock has counted since. */
  readonly passed: Duration;
  readonly since: "leader" | "start";
  readonly electionTimeout: Duration;
}
