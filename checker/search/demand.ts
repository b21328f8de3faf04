/**
 * Who wants which value, where an operation sees a state exactly if it is the one that it wants (a cell that nothing
 * is appended to): what looking ahead asks of future operations is then found at once instead of one by one.
 */

import { atLeast, grown } from "../intake/pool.ts";
import { DEMANDS, INITIAL_STATE, type Lens, OVERWRITES, REFUSES } from "./lens.ts";

/** The end of a chain of operations: later than any, so that "called before" ends a walk along it. */
const NOBODY = 0x7fffffff;

/** So many states have a place from the start: to make room by and by costs more than to look for 5 values. */
const FEWEST_STATES = 32;

export class Demand {
  /** By operation: the state that it wants, and the one that it makes; negative if there is none. */
  wantedBy: Int32Array = new Int32Array(0);
  madeBy: Int32Array = new Int32Array(0);
  /**
   * By return, if its operation demands a state: the last operation called before that makes this state; negative if
   * there is none.
   */
  sourceOf: Int32Array = new Int32Array(0);
  /** Whether some operation demands a state that nobody makes in time. */
  isHopeless = false;
  /** By state: the last operation that makes it, so far. */
  private lastMaker: Int32Array = new Int32Array(0);
  /**
   * Chains of never-returning operations, in call order: by state those that want it and those that make it, and all
   * that overwrite. There are many of them, in flight for ever, and only a few have to do with any one state.
   */
  firstWanting: Int32Array = new Int32Array(0);
  nextWanting: Int32Array = new Int32Array(0);
  firstMaking: Int32Array = new Int32Array(0);
  nextMaking: Int32Array = new Int32Array(0);
  firstOverwriting = NOBODY;
  nextOverwriting: Int32Array = new Int32Array(0);

  /** The ends of the chains, so far. */
  private lastWanting: Int32Array = new Int32Array(0);
  private lastMaking: Int32Array = new Int32Array(0);
  private lastOverwriting = NOBODY;
  /** States that have a place in the columns. */
  private states = 0;

  /** Before anything is noted of an object with so many operations. */
  reset(operations: number): void {
    this.wantedBy = atLeast(this.wantedBy, operations);
    this.madeBy = atLeast(this.madeBy, operations);
    this.sourceOf = atLeast(this.sourceOf, operations);
    this.nextWanting = atLeast(this.nextWanting, operations);
    this.nextMaking = atLeast(this.nextMaking, operations);
    this.nextOverwriting = atLeast(this.nextOverwriting, operations);
    this.firstOverwriting = NOBODY;
    this.lastOverwriting = NOBODY;
    this.isHopeless = false;
    this.states = 0;
  }

  /** An operation is called; the flags are those of one that never returns, and 0 if it does. */
  noteCall(operation: number, classId: number, lens: Lens, flags: number): void {
    if (lens.states > this.states) this.widen(Math.max(FEWEST_STATES, lens.states + (lens.states >>> 1)));
    const wanted = lens.wanted[classId]!;
    const made = lens.made[classId]!;
    this.wantedBy[operation] = wanted;
    this.madeBy[operation] = made;
    if (made >= 0) this.lastMaker[made] = operation;
    if (flags !== 0) this.link(operation, wanted, made, flags);
  }

  /** The return at that place is the operation's. */
  noteReturn(at: number, operation: number, flags: number): void {
    if ((flags & DEMANDS) === 0) return;
    const wanted = this.wantedBy[operation]!;
    const source = wanted < 0 ? -1 : this.lastMaker[wanted]!;
    this.sourceOf[at] = source;
    if (source < 0 && wanted !== INITIAL_STATE && (flags & REFUSES) === 0) this.isHopeless = true;
  }

  private link(operation: number, wanted: number, made: number, flags: number): void {
    if (wanted >= 0) {
      this.nextWanting[operation] = NOBODY;
      if (this.firstWanting[wanted] === NOBODY) this.firstWanting[wanted] = operation;
      else this.nextWanting[this.lastWanting[wanted]!] = operation;
      this.lastWanting[wanted] = operation;
    }
    if (made >= 0) {
      this.nextMaking[operation] = NOBODY;
      if (this.firstMaking[made] === NOBODY) this.firstMaking[made] = operation;
      else this.nextMaking[this.lastMaking[made]!] = operation;
      this.lastMaking[made] = operation;
    }
    if ((flags & OVERWRITES) === 0) return;
    this.nextOverwriting[operation] = NOBODY;
    if (this.firstOverwriting === NOBODY) this.firstOverwriting = operation;
    else this.nextOverwriting[this.lastOverwriting] = operation;
    this.lastOverwriting = operation;
  }

  private widen(states: number): void {
    const { states: from } = this;
    this.lastMaker = grown(this.lastMaker, states).fill(-1, from, states);
    this.firstWanting = grown(this.firstWanting, states).fill(NOBODY, from, states);
    this.firstMaking = grown(this.firstMaking, states).fill(NOBODY, from, states);
    this.lastWanting = grown(this.lastWanting, states);
    this.lastMaking = grown(this.lastMaking, states);
    this.states = states;
  }
}
