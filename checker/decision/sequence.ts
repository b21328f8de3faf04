/**
 * Deciding what is no question: where no two operations were ever in flight together, each returned before the next was
 * called, so there is one order, and the model is asked whether it allows it. An operation that never returned is in
 * flight for ever; so there is one at most, the last, and leaving it out is always right.
 */
import type { Calls } from "../intake/calls.ts";
import { NEVER_RETURNS } from "../intake/intake.ts";
import { ILLEGAL, type Model } from "../model/model.ts";

export class Sequence {
  /** Nobody knows. */
  readonly suspect = -1;
  private length = 0;

  /** Whether this is about such operations. */
  static takes(calls: Calls<unknown, unknown>): boolean {
    return calls.mostInFlight === 1;
  }

  /** The verdict on the events before the position `cut`. */
  decide(
    calls: Calls<unknown, unknown>,
    model: Model<unknown, unknown, unknown>,
    cut = NEVER_RETURNS,
  ): "ok" | "illegal" {
    const { returnAt, count } = calls;
    let state = model.initial;
    this.length = 0;
    while (this.length < count && returnAt[this.length]! < cut) {
      const after = model.step(state, calls.inputOf(this.length), calls.outputOf(this.length));
      if (after === ILLEGAL) return "illegal";
      state = after;
      this.length++;
    }
    return "ok";
  }

  /** The linearization after "ok", as operation numbers. */
  order(): number[] {
    return Array.from({ length: this.length }, (_, operation) => operation);
  }
}
