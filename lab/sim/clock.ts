/**
 * A node's own clock. It may run fast or slow, jump, or stand still; what it shows is a whole number of microseconds
 * that follows from the world's time alone, so a run with wrong clocks replays like any other.
 */

import { assert, type Duration, type Instant } from "../../src/base/index.ts";

const MILLION = 1_000_000;

/** What can go wrong with a clock. */
export type ClockChange =
  /** From now on it counts so many more microseconds in a million, or fewer; a million fewer: it stands still. */
  | { readonly kind: "rate"; readonly ppm: number }
  /** It jumps forward, or back. */
  | { readonly kind: "step"; readonly by: Duration };

/** From `since`, where it showed `shown`, it runs at this rate. */
interface Stretch {
  readonly since: Instant;
  readonly shown: Instant;
  readonly ppm: number;
}

export class Clock {
  /** Oldest first. */
  private readonly stretches: Stretch[] = [{ since: 0, shown: 0, ppm: 0 }];

  /** By how much it is fast now. */
  get ppm(): number {
    return this.stretches.at(-1)!.ppm;
  }

  /** What it shows, or showed, when the world's clock shows `world`. */
  at(world: Instant): Instant {
    const { since, shown, ppm } = this.stretches.findLast(({ since }) => since <= world)!;
    const passed = world - since;
    return shown + passed + Math.floor((passed * ppm) / MILLION);
  }

  /** When it will show `shown`, if nothing happens to it; null if it stands still and has not by `world`. */
  when(shown: Instant, world: Instant): Instant | null {
    const left = shown - this.at(world);
    if (left <= 0) return world;
    if (this.ppm === -MILLION) return null;
    let due = world + Math.floor((left * MILLION) / (MILLION + this.ppm));
    // Rounding may be off by a microsecond of either clock.
    while (this.at(due) < shown) due++;
    return due;
  }

  change(change: ClockChange, world: Instant): void {
    const shown = this.at(world);
    if (change.kind === "step")
      this.stretches.push({ since: world, shown: shown + change.by, ppm: this.ppm });
    else {
      assert(
        Number.isInteger(change.ppm) && change.ppm >= -MILLION && change.ppm <= MILLION,
        () => `a clock cannot be ${change.ppm} parts per million fast`,
      );
      this.stretches.push({ since: world, shown, ppm: change.ppm });
    }
  }
}
