/** What a world keeps of one of its nodes. */

import type { Actor, Effect, Input, Instant, NodeId } from "../../src/base/index.ts";
import type { Clock } from "./clock.ts";
import type { Disk } from "./disk.ts";

export interface SimNode<Payload, DiskRecord, Image, Notice> {
  readonly id: NodeId;
  readonly disk: Disk<Payload, DiskRecord, Image>;
  /** Null while it shows the world's time. */
  clock: Clock | null;
  /** Is told when an fsync has failed that was meant to; null while none is. */
  failed: (() => void) | null;
  actor: Actor<Input<Payload>, Effect<Payload, DiskRecord> | Notice> | null;
  /** Of the current life, or of the next one while the node is down. */
  incarnation: number;
  life: number | null;
  paused: boolean;
  /** What came while the node was paused. */
  inbox: (() => void)[];
  /** When a wake-up is queued; null if none is. Later deadlines reuse it, earlier ones queue another. */
  wakeAt: Instant | null;
}

/** A node that has not started yet. */
export function nodeOn<Payload, DiskRecord, Image, Notice>(
  id: NodeId,
  disk: Disk<Payload, DiskRecord, Image>,
): SimNode<Payload, DiskRecord, Image, Notice> {
  const off = { clock: null, failed: null, actor: null, incarnation: 0, life: null };
  return { id, disk, ...off, paused: false, inbox: [], wakeAt: null };
}
