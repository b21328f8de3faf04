/**
 * Where a search stands: the next return, which in-flight operations are linearized already, and the state after
 * them. Everything that returned earlier is linearized.
 *
 * *Absorbed* operations are in flight, and may count as linearized or not: whatever is needed. Right before an
 * overwrite every operation that is possible in any state could have been linearized without a trace, so instead of
 * trying which of them were, all are marked. One configuration then stands for all choices among its absorbed
 * operations.
 */

import type { Optimisations } from "../optimisations.ts";
import {
  BLANK,
  IMPOSSIBLE,
  INITIAL_STATE,
  type Lens,
  OBSERVES,
  OVERWRITES,
  READ_ONLY,
  UPDATES,
} from "./lens.ts";
import { isBlank } from "./lookahead.ts";
import type { Subhistory } from "./subhistory.ts";

/** Hears what is linearized, in order. */
export interface Trail {
  take(operation: number): void;
  /** From now on the operation may count as linearized at this place of the order. */
  absorb(operation: number): void;
  /** It does count. */
  settle(operation: number): void;
}

export class Configuration {
  /** The number of the next return; equal to the number of returns when all is linearized. */
  at = 0;
  state = INITIAL_STATE;
  /** A bit for each slot of an in-flight operation that is linearized. */
  mask: Int32Array = new Int32Array(1);
  /** A bit for each slot of an absorbed operation; never one that is in `mask` too. */
  absorbed: Int32Array = new Int32Array(1);
  /** Words in a mask. The arrays may be longer. */
  width = 1;
  trail: Trail | null = null;
  readonly subhistory: Subhistory;
  lens: Lens;
  optimisations: Optimisations;

  constructor(subhistory: Subhistory, lens: Lens, optimisations: Optimisations) {
    this.subhistory = subhistory;
    this.lens = lens;
    this.optimisations = optimisations;
  }

  /** To the start of the subhistory. */
  reset(): void {
    this.at = 0;
    this.state = INITIAL_STATE;
    this.width = Math.max(1, (this.subhistory.slots + 31) >>> 5);
    if (this.mask.length < this.width) {
      this.mask = new Int32Array(this.width);
      this.absorbed = new Int32Array(this.width);
    }
    this.mask.fill(0);
    this.absorbed.fill(0);
  }

  isFinal(): boolean {
    return this.at === this.subhistory.returns;
  }

  /** The operation whose return is next. */
  due(): number {
    return this.subhistory.returning[this.at]!;
  }

  isInFlight(operation: number): boolean {
    return operation < this.subhistory.calledBefore[this.at]!;
  }

  /** Whether an operation that is in flight here is linearized for certain. */
  has(operation: number): boolean {
    const slot = this.subhistory.slotOf[operation]!;
    return (this.mask[slot >>> 5]! & (1 << (slot & 31))) !== 0;
  }

  isAbsorbed(operation: number): boolean {
    const slot = this.subhistory.slotOf[operation]!;
    return (this.absorbed[slot >>> 5]! & (1 << (slot & 31))) !== 0;
  }

  /** The state after an operation, or IMPOSSIBLE. */
  after(operation: number): number {
    return this.lens.step(this.state, this.subhistory.classOf[operation]!);
  }

  /** Linearizes an in-flight operation that is possible here. */
  take(operation: number): void {
    const { classOf, flagsOf, slotOf } = this.subhistory;
    this.state = this.lens.step(this.state, classOf[operation]!);
    set(this.mask, slotOf[operation]!);
    clear(this.absorbed, slotOf[operation]!);
    // What is due is not absorbed, though it could be: linearized first and overwritten after its return, it is
    // explored anyway.
    if ((flagsOf[operation]! & OVERWRITES) !== 0) this.absorb(false);
    this.trail?.take(operation);
  }

  /** Decides that the absorbed operation that is due does count as linearized. */
  skip(): void {
    const due = this.due();
    set(this.mask, this.subhistory.slotOf[due]!);
    clear(this.absorbed, this.subhistory.slotOf[due]!);
    this.trail?.settle(due);
  }

  /** Decides that an absorbed operation does not count as linearized. */
  unabsorb(operation: number): void {
    clear(this.absorbed, this.subhistory.slotOf[operation]!);
  }

  /**
   * Does all that needs no decision, so that the operation that is due is still to be linearized.
   *
   * Reads first: a read that is possible now is linearized now. In any completion it can be moved to the front: it
   * is in flight, so nothing unlinearized has to come before it, and the others see the same states with or without
   * it. And a state that nobody will see is replaced by BLANK, where updates leave no trace.
   */
  settle(): void {
    const { readsFirst, blanks } = this.optimisations;
    const { returns } = this.subhistory;
    if (readsFirst && this.at < returns) this.read();
    while (this.at < returns) {
      const due = this.due();
      if (!this.has(due)) {
        if (blanks && this.state !== BLANK && isBlank(this, this.state, null)) this.state = BLANK;
        if (this.state === BLANK) this.absorb(true);
        return;
      }
      clear(this.mask, this.subhistory.slotOf[due]!);
      this.at++;
      this.subhistory.reach(this.at);
      // What was called before has been refused in this state.
      if (readsFirst && this.at < returns) this.readCalls();
    }
  }

  /** Whether an overwrite that is not due would absorb something. */
  canAbsorb(): boolean {
    if (!this.optimisations.absorption) return false;
    const { flight, flightStart, flagsOf } = this.subhistory;
    for (let i = flightStart[this.at]! + 1; i < flightStart[this.at + 1]!; i++) {
      const operation = flight[i]!;
      if ((flagsOf[operation]! & OBSERVES) !== 0 || this.has(operation)) continue;
      if (!this.isAbsorbed(operation)) return true;
    }
    return false;
  }

  private read(): void {
    const { flight, flightStart, flagsOf, classOf, readMask } = this.subhistory;
    if (this.width === 1 && (readMask[this.at]! & ~this.mask[0]!) === 0) return;
    for (let i = flightStart[this.at]!; i < flightStart[this.at + 1]!; i++) {
      const operation = flight[i]!;
      if ((flagsOf[operation]! & READ_ONLY) === 0 || this.has(operation)) continue;
      if (this.lens.step(this.state, classOf[operation]!) !== IMPOSSIBLE) this.take(operation);
    }
  }

  /** Reads among what was called since the last return. */
  private readCalls(): void {
    const { calledBefore, flagsOf, classOf } = this.subhistory;
    for (let operation = calledBefore[this.at - 1]!; operation < calledBefore[this.at]!; operation++) {
      if ((flagsOf[operation]! & READ_ONLY) === 0) continue;
      if (this.lens.step(this.state, classOf[operation]!) !== IMPOSSIBLE) this.take(operation);
    }
  }

  /** Marks what could be linearized here, but for what is due, without a trace. */
  private absorb(onlyUpdates: boolean): void {
    if (!this.optimisations.absorption) return;
    const { flight, flightStart, flagsOf, slotOf } = this.subhistory;
    for (let i = flightStart[this.at]! + 1; i < flightStart[this.at + 1]!; i++) {
      const operation = flight[i]!;
      const flags = flagsOf[operation]!;
      if ((flags & (onlyUpdates ? UPDATES : UPDATES | OVERWRITES)) === 0 || this.has(operation)) continue;
      set(this.absorbed, slotOf[operation]!);
      this.trail?.absorb(operation);
    }
  }
}

function set(words: Int32Array, slot: number): void {
  words[slot >>> 5]! |= 1 << (slot & 31);
}

function clear(words: Int32Array, slot: number): void {
  words[slot >>> 5]! &= ~(1 << (slot & 31));
}
