/**
 * The seam between what runs and what runs it. Raft, the KV server, the clerk and a client are all actors: no clock,
 * no timer, no Promise, no ambient randomness. The same state and the same input give the same effects, so a
 * simulator, a browser page and a real process are three small drivers of one shape.
 */

import type { Instant } from "./time.ts";

export interface Actor<Input, Effect> {
  /** Wake me then (an input of kind "deadline"), if nothing happens before; null: only when something happens. */
  readonly deadline: Instant | null;
  /** `now` is the node's own clock. It never steps an actor twice at once. */
  step(now: Instant, input: Input): readonly Effect[];
}

/** Names a server or a client: "n1", "c1". */
export type NodeId = string;

/** What any driver can tell an actor. */
export type Input<Payload> =
  | { readonly kind: "deadline" }
  | { readonly kind: "request"; readonly from: NodeId; readonly call: number; readonly payload: Payload }
  | { readonly kind: "reply"; readonly from: NodeId; readonly call: number; readonly payload: Payload }
  /** labrpc's `false`: the request or its reply was lost, so it *may have been executed*. Not every network tells. */
  | { readonly kind: "unanswered"; readonly from: NodeId; readonly call: number }
  /** Every persist up to this mark is on disk. */
  | { readonly kind: "durable"; readonly mark: number };

/**
 * A message on its way out. The sender numbers its requests, upwards from 1; a reply repeats the number that came
 * with the request.
 */
export type Message<Payload> =
  | { readonly kind: "request"; readonly to: NodeId; readonly call: number; readonly payload: Payload }
  | { readonly kind: "reply"; readonly to: NodeId; readonly call: number; readonly payload: Payload };

/**
 * Write the record, and only when it is durable send the messages: the durability law travels inside the effect, so
 * no driver can forget that a vote waits for the disk. Persists of one node reach the disk in order; without a record
 * it only waits for those before it.
 */
export interface Persist<Payload, DiskRecord> {
  readonly kind: "persist";
  /** Numbered upwards; the driver answers with `durable`. */
  readonly mark: number;
  readonly record: DiskRecord | null;
  readonly thenSend: readonly Message<Payload>[];
}

/** What any driver can do for an actor. */
export type Effect<Payload, DiskRecord> = Message<Payload> | Persist<Payload, DiskRecord>;
