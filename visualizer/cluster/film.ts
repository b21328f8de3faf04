/**
 * A film of a run: what every server was, and where every message went, moment by moment. Recorded once while the run
 * is executed again; scrubbing only looks things up. Nothing is copied that can be shared: commands and messages are
 * frozen, and a log that only grows is one array for all its frames.
 */

import type { Condition, TraceKind } from "../../lab/sim/index.ts";
import type { Instant, NodeId } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import type { Entry, Role } from "../../src/raft/index.ts";

export interface Film {
  readonly servers: readonly NodeId[];
  readonly clients: readonly NodeId[];
  /** Of all events: 16 hexadecimal digits, as in the report of the run. */
  readonly digest: string;
  /** How many events the digest covers. */
  readonly events: number;
  /** In order of time; never empty. */
  readonly moments: readonly Moment[];
  /** By server: its frames in order, the first one at moment 0. */
  readonly frames: ReadonlyMap<NodeId, readonly Frame[]>;
  /** In the order in which they were sent. */
  readonly flights: readonly Flight[];
  /** In order: links that were cut, and healed. */
  readonly cuts: readonly LinkChange[];
}

/** Something happens, and all that it causes at once: a message arrives, and its receiver answers and changes. */
export interface Moment {
  readonly time: Instant;
  readonly kind: TraceKind;
  readonly from: NodeId;
  readonly to: NodeId;
  /** The message that arrives, or the setting that changes; null if none. */
  readonly payload: unknown;
  /** The number of its first event, from 1. */
  readonly event: number;
}

/** A server from one moment until its next frame. */
export interface Frame {
  readonly moment: number;
  readonly condition: Condition;
  /** Null while it is down; then the rest is what its disk keeps. */
  readonly role: Role | null;
  readonly term: number;
  readonly votedFor: NodeId | null;
  readonly leaderId: NodeId | null;
  readonly commitIndex: number;
  readonly lastApplied: number;
  /** What the snapshot covers; null while there is none. */
  readonly snapshot: { readonly index: number; readonly term: number; readonly bytes: number } | null;
  readonly log: FilmedLog;
}

/** The entries `first` ... `last`; the one at an index stands at `index - origin` of an array that frames share. */
export interface FilmedLog {
  readonly first: number;
  readonly last: number;
  readonly origin: number;
  readonly entries: readonly Entry[];
}

/**
 * What became of a message:
 * - `arrived`
 * - `lost`: the network dropped it
 * - `blocked`: the link was cut
 * - `missed`: its receiver was down, or crashed before it came
 * - `unwanted`: an answer for which nobody waited any more
 * - `open`: the run ended first
 */
export type Fate = "arrived" | "lost" | "blocked" | "missed" | "unwanted" | "open";

export interface Flight {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly reply: boolean;
  readonly payload: KvMessage;
  /** An AppendEntries without entries, or the answer to one. */
  readonly heartbeat: boolean;
  /** The network delivered it a second time; this is the second time. */
  readonly copy: boolean;
  /** The moment in which it was sent. */
  readonly sent: number;
  readonly sentAt: Instant;
  readonly fate: Fate;
  /** The moment at which its fate was known: it is under way from `sent` until before `ended`. */
  readonly ended: number;
  readonly endedAt: Instant;
}

export interface LinkChange {
  readonly moment: number;
  readonly from: NodeId;
  readonly to: NodeId;
  /** How many faults cut this direction from now on. */
  readonly depth: number;
}

/** The entry at an index that the log has. */
export function entryAt({ entries, origin }: FilmedLog, index: number): Entry {
  return entries[index - origin]!;
}

/** The last moment that is not after this instant; the first one if all are. */
export function momentAt({ moments }: Pick<Film, "moments">, time: Instant): number {
  return Math.max(0, countUpTo(moments, (moment) => moment.time <= time) - 1);
}

/** What a server was at a moment. */
export function frameAt(film: Film, id: NodeId, moment: number): Frame {
  const frames = film.frames.get(id)!;
  return frames[Math.max(0, countUpTo(frames, (frame) => frame.moment <= moment) - 1)]!;
}

/** How many of the first ones `hold`, where none does after the first that does not. */
function countUpTo<T>(list: readonly T[], holds: (item: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(list[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
