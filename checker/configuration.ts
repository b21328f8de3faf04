/**
 * Where a search stands: the next return, which in-flight operations are linearized already, and the state after
 * them. Everything that returned earlier is linearized.
 */
import { IMPOSSIBLE, INITIAL_STATE, type States } from "./states.ts";
import type { Subhistory } from "./subhistory.ts";

export class Configuration<State, Input, Output> {
  /** The number of the next return; equal to the number of returns when all is linearized. */
  at = 0;
  state = INITIAL_STATE;
  readonly mask: Int32Array;
  private readonly subhistory: Subhistory<Input, Output>;
  private readonly states: States<State, Input, Output>;

  constructor(subhistory: Subhistory<Input, Output>, states: States<State, Input, Output>) {
    this.subhistory = subhistory;
    this.states = states;
    this.mask = new Int32Array(Math.max(1, (subhistory.slots + 31) >>> 5));
  }

  isFinal(): boolean {
    return this.at === this.subhistory.returning.length;
  }

  /** Whether an operation that is in flight here is linearized. */
  has(operation: number): boolean {
    const slot = this.subhistory.slotOf[operation]!;
    return ((this.mask[slot >>> 5]! >>> (slot & 31)) & 1) === 1;
  }

  /** Linearizes an in-flight operation that is possible here. */
  take(operation: number): void {
    this.state = this.states.step(this.state, this.subhistory.classOf[operation]!);
    const slot = this.subhistory.slotOf[operation]!;
    this.mask[slot >>> 5]! |= 1 << (slot & 31);
  }

  /** Whether an in-flight operation is possible here. */
  allows(operation: number): boolean {
    return this.states.step(this.state, this.subhistory.classOf[operation]!) !== IMPOSSIBLE;
  }

  /**
   * Does all that needs no decision, so that the next return's operation is still to be linearized; what it
   * linearizes is appended to `order`.
   *
   * Reads first: a read-only operation that is possible now is linearized now. In any completion it can be moved to
   * the front: it is in flight, so nothing unlinearized has to come before it, and the others see the same states
   * with or without it.
   */
  settle(order: number[] | null): void {
    const { returning, flight, flightStart, classes, classOf, slotOf } = this.subhistory;
    while (this.at < returning.length) {
      for (let i = flightStart[this.at]!; i < flightStart[this.at + 1]!; i++) {
        const operation = flight[i]!;
        const classId = classOf[operation]!;
        if (!classes[classId]!.readOnly || this.has(operation)) continue;
        // A trait that lies about changing the state is not followed here.
        if (this.states.step(this.state, classId) !== this.state) continue;
        this.take(operation);
        order?.push(operation);
      }
      const next = returning[this.at]!;
      if (!this.has(next)) return;
      const slot = slotOf[next]!;
      this.mask[slot >>> 5]! &= ~(1 << (slot & 31));
      this.at++;
    }
  }
}
