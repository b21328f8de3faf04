/** What a leader knows of one follower (Figure 2: nextIndex[], matchIndex[]), and what is under way to it. */

import { assert, type Instant } from "../base/index.ts";
import type { Snapshot } from "./log.ts";

/**
 * Probe: where the logs agree is a guess, so one message at a time. Replicate: it is known, so several may be under
 * way. Snapshot: what the follower lacks is no longer in the log.
 */
export type Mode = "probe" | "replicate" | "snapshot";

/** A snapshot on its way, and how many bytes of it the follower holds. */
export interface Transfer {
  readonly snapshot: Snapshot;
  offset: number;
}

export class Progress {
  mode: Mode = "probe";
  /** The next entry to send. */
  nextIndex: number;
  /** The highest entry known to be replicated there. */
  matchIndex = 0;
  /** In mode snapshot: what is being sent. */
  transfer: Transfer | null = null;
  /** Calls in a row that were never answered. */
  unanswered = 0;
  /** When the latest message to it was sent; null before the first. */
  sentAt: Instant | null = null;
  /** When the follower last answered in this term. */
  lastContact: Instant;
  /** The latest call that it answered: it took this server for the leader when that call arrived. */
  answeredCall = 0;
  /** Calls that have not come back, oldest first. */
  private inFlight: number[] = [];

  constructor(lastIndex: number, now: Instant) {
    this.nextIndex = lastIndex + 1;
    this.lastContact = now;
  }

  /** How many calls are under way. */
  get underWay(): number {
    return this.inFlight.length;
  }

  sent(call: number, now: Instant): void {
    this.sentAt = now;
    this.inFlight.push(call);
  }

  isUnderWay(call: number): boolean {
    return this.inFlight.includes(call);
  }

  answered(call: number, now: Instant): void {
    this.unanswered = 0;
    this.lastContact = now;
    this.answeredCall = Math.max(this.answeredCall, call);
    // Where losses are silent, an older call that has not come back by now may never.
    this.inFlight = this.inFlight.filter((each) => each > call);
  }

  /** Never backwards: replies overtake one another. */
  acknowledge(matchIndex: number): void {
    this.matchIndex = Math.max(this.matchIndex, matchIndex);
    this.nextIndex = Math.max(this.nextIndex, this.matchIndex + 1);
    if (this.mode === "snapshot" && this.transfer !== null && this.matchIndex < this.transfer.snapshot.index)
      return;
    this.transfer = null;
    this.mode = "replicate";
  }

  /**
   * Goes on with the snapshot that is on its way, though the leader may have a newer one by now: a leader that compacts
   * faster than chunks arrive would begin again for ever. Only one of which nothing has arrived is replaced.
   */
  transferOf(latest: Snapshot): Transfer {
    this.mode = "snapshot";
    if (this.transfer === null || this.transfer.offset === 0) this.transfer = { snapshot: latest, offset: 0 };
    return this.transfer;
  }

  /** The follower's disk has lost this entry: what it has acknowledged from there on does not count. */
  lost(index: number, isNews: boolean): void {
    this.matchIndex = Math.min(this.matchIndex, index - 1);
    if (isNews) this.probeFrom(index);
  }

  /** Try again from here, but never below what is known to match; and forget what is under way. */
  probeFrom(nextIndex: number): void {
    this.mode = "probe";
    this.nextIndex = Math.max(this.matchIndex + 1, nextIndex);
    this.inFlight = [];
    assert(this.nextIndex >= 1, () => `nextIndex ${this.nextIndex} is below 1`);
  }

  /** What is under way may be lost: begin again after what is known to match. */
  restart(): void {
    this.inFlight = [];
    if (this.mode === "replicate") this.probeFrom(this.matchIndex + 1);
  }
}
