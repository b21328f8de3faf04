/**
 * The event queue: a binary heap ordered by (time, sequence). The sequence makes ties first-in-first-out, without
 * which two engines, or two versions of the heap, would run the same seed differently.
 */

import { assert } from "./assert.ts";
import type { Instant } from "./time.ts";

export class EventQueue<Event> {
  // Three columns instead of one array of objects: sifting touches numbers only.
  private readonly times: number[] = [];
  private readonly sequences: number[] = [];
  private readonly events: Event[] = [];
  private sequence = 0;
  /** Below all that `push` gives. */
  private earlySequence = Number.MIN_SAFE_INTEGER;

  get size(): number {
    return this.times.length;
  }

  /** When the next event is due; null if there is none. */
  get nextTime(): Instant | null {
    return this.times.length === 0 ? null : this.times[0]!;
  }

  push(time: Instant, event: Event): void {
    this.insert(time, this.sequence++, event);
  }

  /** Before everything of the same time that `push` brought or will bring; behind what came this way before it. */
  pushEarly(time: Instant, event: Event): void {
    this.insert(time, this.earlySequence++, event);
  }

  private insert(time: Instant, sequence: number, event: Event): void {
    let hole = this.times.length;
    this.times.push(time);
    this.sequences.push(sequence);
    this.events.push(event);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const before = this.times[parent]!;
      if (before < time || (before === time && this.sequences[parent]! < sequence)) break;
      this.move(parent, hole);
      hole = parent;
    }
    this.place(hole, time, sequence, event);
  }

  /** Removes and returns the earliest event. */
  pop(): Event {
    assert(this.times.length > 0, "popped an empty event queue");
    const first = this.events[0]!;
    const time = this.times.pop()!;
    const sequence = this.sequences.pop()!;
    const event = this.events.pop()!;
    if (this.times.length > 0) this.sink(time, sequence, event);
    return first;
  }

  private sink(time: number, sequence: number, event: Event): void {
    const size = this.times.length;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && this.before(child + 1, child)) child++;
      const childTime = this.times[child]!;
      if (time < childTime || (time === childTime && sequence < this.sequences[child]!)) break;
      this.move(child, hole);
      hole = child;
    }
    this.place(hole, time, sequence, event);
  }

  private before(i: number, j: number): boolean {
    const a = this.times[i]!;
    const b = this.times[j]!;
    return a < b || (a === b && this.sequences[i]! < this.sequences[j]!);
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from]!;
    this.sequences[to] = this.sequences[from]!;
    this.events[to] = this.events[from]!;
  }

  private place(at: number, time: number, sequence: number, event: Event): void {
    this.times[at] = time;
    this.sequences[at] = sequence;
    this.events[at] = event;
  }
}
