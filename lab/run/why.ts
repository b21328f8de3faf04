/**
 * What a failed run has to tell beyond its report: who did what wrong first, and what happened around the operations
 * that prove it. Plain data, found by watching the same seed again. Times are virtual microseconds.
 */

import type { ServerStatus } from "./status.ts";

export interface Why {
  /** What a server, a disk or a client did wrong first, and all else follows from; null if no rule fits. */
  readonly reason: Reason | null;
  /** What else went wrong, one of a kind, in order of time. */
  readonly consequences: readonly Reason[];
  /** Who answered the operations of the core. */
  readonly answers: readonly ServerAnswer[];
  /** Messages of the core's operations: requests and answers, the entries that carried them, acknowledgements. */
  readonly messages: readonly SeenMessage[];
  /** All servers when the run was over; where an invariant broke, that is when. */
  readonly ending: readonly SeenServer[];
}

export interface Reason {
  /** The rule that was broken, such as `voted-twice`. */
  readonly rule: string;
  /** Likely: a correct system may do it, so something else may be to blame. */
  readonly certainty: "exact" | "likely";
  /** In words that can follow "because". */
  readonly words: string;
  readonly at: number;
  /** Whose deed it was. */
  readonly node: string;
  /** The operation that it concerned; null if none. */
  readonly operation: number | null;
  /** The log entries that the words name; absent if they name none. */
  readonly entries?: readonly number[];
  /** Of what was done twice: who did it for the first time, and when. */
  readonly earlier?: { readonly node: string; readonly at: number };
}

export interface ServerAnswer {
  readonly operation: number;
  readonly server: string;
  readonly at: number;
  /** The client took this one; of several answers to one operation, others came late or never. */
  readonly isTaken?: boolean;
  /** All servers just then. */
  readonly servers: readonly SeenServer[];
}

export interface SeenServer {
  readonly id: string;
  readonly status: ServerStatus;
  readonly term: number;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly lastIndex: number;
  readonly lastTerm: number;
  /** Where the log on its disk ends. Absent from reports of earlier versions. */
  readonly onDisk?: number;
  readonly votedFor: string | null;
  /** What it holds under the core's key; null: nothing, or there is no core. */
  readonly value: string | null;
}

export interface SeenMessage {
  readonly kind: "request" | "answer" | "append" | "acknowledge";
  readonly operation: number;
  readonly from: string;
  readonly to: string;
  readonly sent: number;
  /** Null if it never arrived. */
  readonly received: number | null;
  /** The log entry that the request became; absent if it became none. */
  readonly entry?: number;
}
