/** Everything that the world did, as it did it: a running digest always, and the events themselves for whoever asks. */

import { Digest, type Instant, type NodeId } from "../../src/base/index.ts";

/** What can happen, in the order of the numbers that the digest knows them by: add at the end. */
const TRACE_KINDS = [
  "request",
  "reply",
  "deliver",
  "lost",
  "blocked",
  "duplicated",
  "unanswered",
  "wake",
  "durable",
  "start",
  "crash",
  "pause",
  "resume",
  "cut",
  "heal",
  "conditions",
  "inject",
  "enable",
  "disable",
  "held",
  "clock",
] as const;

export type TraceKind = (typeof TRACE_KINDS)[number];

export interface TraceEvent {
  readonly time: Instant;
  readonly kind: TraceKind;
  readonly from: NodeId;
  readonly to: NodeId;
  /** The message or setting concerned; null if none. */
  readonly payload: unknown;
}

const KIND_NUMBERS = Object.fromEntries(TRACE_KINDS.map((kind, number) => [kind, number])) as Record<
  TraceKind,
  number
>;

export class Trace {
  readonly digest = new Digest();
  /** Events so far. */
  count = 0;
  /** Gets every event, if set. */
  listener: ((event: TraceEvent) => void) | null = null;

  record(time: Instant, kind: TraceKind, from: NodeId, to: NodeId, payload: unknown = null): void {
    this.count++;
    this.digest.integer(time * 32 + KIND_NUMBERS[kind]);
    this.digest.text(from);
    this.digest.text(to);
    if (this.listener !== null) this.listener({ time, kind, from, to, payload });
  }
}
