/**
 * Whoever decides in the place of chance: a replay, which knows what was drawn, or a script. Asked after the draw, so
 * that one decision more or less shifts no other.
 */

import type { Duration, NodeId } from "../../src/base/index.ts";
import type { Fate } from "./link.ts";

export interface Chance<Payload> {
  fate(way: Way, drawn: Fate, payload: Payload): Fate;
  /** How long until the caller of an end that is cut off or dead learns of it. */
  unanswered(way: Way, drawn: Duration): Duration;
  /** By how much an fsync takes longer than it must. */
  syncJitter(drawn: Duration): Duration;
  /** How many of its unsynced records, oldest first, a disk has kept in the `nth` crash of its node, from 1. */
  survivors(node: NodeId, nth: number, unsynced: number, drawn: number): number;
}

/** One message: the `nth` that was sent on its link, requests and replies alike, from 1. */
export interface Way {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly nth: number;
}
