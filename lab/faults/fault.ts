/** Faults as plain data: what can be done to a cluster, and to whom. Roles are resolved when the fault strikes. */

import type { Duration, Instant, NodeId } from "../../src/base/index.ts";
import type { ClockChange } from "../sim/index.ts";

/** Whom a fault strikes. */
export type Target =
  | { readonly kind: "node"; readonly id: NodeId }
  /** Whoever leads the highest term at that instant. */
  | { readonly kind: "leader" }
  /** Every server. */
  | { readonly kind: "all" };

/** Which messages a partition stops. Nodes that it does not name reach everybody. */
export type Cut =
  /** Nothing passes between two groups. */
  | { readonly kind: "groups"; readonly groups: readonly (readonly NodeId[])[] }
  /** The target and these companions on one side, every other server on the other. */
  | { readonly kind: "isolate"; readonly target: Target; readonly companions: readonly NodeId[] }
  /** The target still sends but does not hear the other servers ("in"), or hears but is not heard ("out"). */
  | { readonly kind: "oneWay"; readonly target: Target; readonly direction: "in" | "out" };

export type Fault =
  | { readonly kind: "partition"; readonly cut: Cut }
  /**
   * Memory and unsynced writes are lost; healing is the restart. Of the writes, the disk has the first so many all the
   * same: `kept`, or as many as are drawn, if that is not said.
   */
  | { readonly kind: "crash"; readonly target: Target; readonly kept?: number }
  /** Memory stays, time is lost. */
  | { readonly kind: "pause"; readonly target: Target }
  /** What was changed of its rate is as it was after the healing; where it has jumped to it stays. */
  | { readonly kind: "clock"; readonly target: Target; readonly change: ClockChange }
  /** The next fsync fails, which is a crash; healing is the restart. */
  | { readonly kind: "fsync"; readonly target: Target }
  /** A crash; meanwhile a synced entry rots: the last, or one so many before it, counted round. */
  | { readonly kind: "rot"; readonly target: Target; readonly fromEnd: number }
  | { readonly kind: "loss"; readonly permille: number }
  | { readonly kind: "delay"; readonly upTo: Duration }
  | { readonly kind: "duplication"; readonly permille: number }
  | { readonly kind: "reordering"; readonly permille: number }
  /** The leader is told to hand over to this server; if it is that server, to the next one. */
  | { readonly kind: "transfer"; readonly to: NodeId }
  /** The leader is told to take these servers in and to let those go; as far as it finds them outside, or inside. */
  | { readonly kind: "membership"; readonly add: readonly NodeId[]; readonly remove: readonly Target[] };

/**
 * What any system can be asked to bear. A transfer is what an operator does on a good day, and members change only where
 * somebody can change them.
 */
export type FaultClass = Exclude<Fault["kind"], "transfer" | "membership">;

/** What a run can be asked for and must have seen. */
export type CountedClass = FaultClass | "membership";

/** What any system can be struck with. */
export const COMMON_CLASSES = [
  "partition",
  "crash",
  "pause",
  "loss",
  "delay",
  "duplication",
  "reordering",
] as const satisfies readonly FaultClass[];

export type CommonClass = (typeof COMMON_CLASSES)[number];

/** All of them, in the order in which people are told of them. */
export const FAULT_CLASSES = [
  ...COMMON_CLASSES,
  "clock",
  "fsync",
  "rot",
] as const satisfies readonly FaultClass[];

/** What a fault may wait for. */
export const CUES = ["answer", "election"] as const;
type Cue = (typeof CUES)[number];

/** A fault with its healing: taking it out of a schedule takes both. */
export interface TimedFault {
  readonly at: Instant;
  readonly until: Instant;
  readonly fault: Fault;
  /**
   * Strikes on the heels of the first answer that a client gets from `at` on, or when the next leader takes office; not
   * at all, if that does not come in time.
   */
  readonly on?: Cue;
}
