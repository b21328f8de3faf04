/** What a leader knows of one follower (Figure 2: nextIndex[], matchIndex[]). */

import { assert } from "../base/index.ts";

export class Progress {
  /** The next entry to send. */
  nextIndex: number;
  /** The highest entry known to be replicated there. */
  matchIndex = 0;
  /** The call that has not come back; null if none. One at a time: what is proposed meanwhile leaves as one batch. */
  inFlight: number | null = null;
  /** Calls in a row that were never answered. */
  unanswered = 0;

  constructor(lastIndex: number) {
    this.nextIndex = lastIndex + 1;
  }

  /** Never backwards: replies overtake one another. */
  acknowledge(matchIndex: number): void {
    this.matchIndex = Math.max(this.matchIndex, matchIndex);
    this.nextIndex = Math.max(this.nextIndex, this.matchIndex + 1);
  }

  /** Try again from here, but never below what is known to match. */
  backUpTo(nextIndex: number): void {
    this.nextIndex = Math.max(this.matchIndex + 1, Math.min(this.nextIndex - 1, nextIndex));
    assert(this.nextIndex >= 1, `nextIndex ${this.nextIndex} is below 1`);
  }
}
