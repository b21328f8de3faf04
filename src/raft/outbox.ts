/**
 * The effects of one step, with the durability law in one place: a message that tells of something persistent (a
 * vote, a term, an acknowledged entry) leaves only when everything written before it is on disk.
 */

import type { Message } from "../base/index.ts";
import type { RaftEffect } from "./effect.ts";
import type { RaftMessage } from "./message.ts";
import type { RaftRecord } from "./storage.ts";

export class Outbox {
  private effects: RaftEffect[] = [];
  private dependent: Message<RaftMessage>[] = [];
  private lastMark = 0;
  private durableMark = 0;

  /** The mark of the latest write. What the step under way writes gets the next one. */
  get mark(): number {
    return this.lastMark;
  }

  /** Every write up to this mark is on disk. Returns false for what was known already. */
  durable(mark: number): boolean {
    if (mark <= this.durableMark) return false;
    this.durableMark = mark;
    return true;
  }

  /** Leaves at once, beside the disk: a leader replicates in parallel with its own write (thesis, section 10.2.1). */
  send(message: Message<RaftMessage>): void {
    this.effects.push(message);
  }

  /** Leaves when all that this server has written so far, this step included, is durable. */
  sendDurably(message: Message<RaftMessage>): void {
    this.dependent.push(message);
  }

  emit(effect: RaftEffect): void {
    this.effects.push(effect);
  }

  /** Ends the step: `record` is what it changed on disk, null if nothing. */
  take(record: RaftRecord | null): readonly RaftEffect[] {
    const thenSend = this.dependent;
    // Without a change of its own, a message still waits for writes under way: an AppendEntries that repeats an
    // entry which is not durable yet must not be acknowledged before it is.
    if (record !== null || (thenSend.length > 0 && this.durableMark < this.lastMark)) {
      this.effects.push({ kind: "persist", mark: ++this.lastMark, record, thenSend });
    } else {
      for (const message of thenSend) this.effects.push(message);
    }
    const effects = this.effects;
    // New lists, even for empty ones: what has left must not grow when the next step sends.
    this.effects = [];
    this.dependent = [];
    return effects;
  }
}
