/**
 * Who wants which value, where an operation sees a state exactly if it is the one that it wants (a cell that nothing
 * is appended to): what looking ahead asks of future operations is then found at once instead of one by one.
 */
import { DEMANDS, INITIAL_STATE, type Lens, OVERWRITES, REFUSES } from "./lens.ts";
import { atLeast } from "./pool.ts";

/** The columns of a Subhistory that this goes by. */
interface Layout {
  readonly operations: number;
  readonly returns: number;
  readonly classOf: Int32Array;
  readonly flagsOf: Int32Array;
  readonly returning: Int32Array;
  readonly calledBefore: Int32Array;
  readonly pending: Int32Array;
  readonly pendingBefore: Int32Array;
}

/** The end of a chain of operations: later than any, so that "called before" ends a walk along it. */
const NOBODY = 0x7fffffff;

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
  /** Returns of operations that demand a state, sorted by the state; and where each state's part starts. */
  private seers: Int32Array = new Int32Array(0);
  private starts: Int32Array = new Int32Array(0);
  private lastMaker: Int32Array = new Int32Array(0);
  private returns = 0;
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

  /** The lens must have exact wants. */
  load(layout: Layout, lens: Lens): void {
    const { operations, returns, classOf, flagsOf, returning, calledBefore } = layout;
    const states = lens.states;
    this.returns = returns;
    this.wantedBy = atLeast(this.wantedBy, operations);
    this.madeBy = atLeast(this.madeBy, operations);
    this.sourceOf = atLeast(this.sourceOf, returns);
    this.seers = atLeast(this.seers, returns);
    this.starts = atLeast(this.starts, states + 2).fill(0, 0, states + 2);
    this.lastMaker = atLeast(this.lastMaker, states).fill(-1, 0, states);
    const { wantedBy, madeBy, sourceOf, seers, starts, lastMaker } = this;
    const { wanted: wantedByClass, made: madeByClass } = lens;
    let called = 0;
    this.isHopeless = false;
    for (let at = 0; at < returns; at++) {
      for (; called < calledBefore[at]!; called++) {
        const classId = classOf[called]!;
        const made = madeByClass[classId]!;
        wantedBy[called] = wantedByClass[classId]!;
        madeBy[called] = made;
        if (made >= 0) lastMaker[made] = called;
      }
      const operation = returning[at]!;
      const flags = flagsOf[operation]!;
      if ((flags & DEMANDS) === 0) continue;
      const wanted = wantedBy[operation]!;
      const source = wanted < 0 ? -1 : lastMaker[wanted]!;
      sourceOf[at] = source;
      if (source < 0 && wanted !== INITIAL_STATE && (flags & REFUSES) === 0) this.isHopeless = true;
      if (wanted >= 0) starts[wanted + 2]!++;
    }
    for (let state = 1; state < states + 2; state++) starts[state]! += starts[state - 1]!;
    for (let at = 0; at < returns; at++) {
      const operation = returning[at]!;
      const wanted = wantedBy[operation]!;
      if ((flagsOf[operation]! & DEMANDS) !== 0 && wanted >= 0) seers[starts[wanted + 1]!++] = at;
    }
    this.chain(layout, lens);
  }

  private chain({ operations, returns, classOf, flagsOf, pending, pendingBefore }: Layout, lens: Lens): void {
    const { states, wanted: wantedByClass, made: madeByClass } = lens;
    this.firstWanting = atLeast(this.firstWanting, states).fill(NOBODY, 0, states);
    this.firstMaking = atLeast(this.firstMaking, states).fill(NOBODY, 0, states);
    this.nextWanting = atLeast(this.nextWanting, operations);
    this.nextMaking = atLeast(this.nextMaking, operations);
    this.nextOverwriting = atLeast(this.nextOverwriting, operations);
    const { firstWanting, nextWanting, firstMaking, nextMaking, nextOverwriting } = this;
    this.firstOverwriting = NOBODY;
    for (let i = pendingBefore[returns]! - 1; i >= 0; i--) {
      const operation = pending[i]!;
      const wanted = wantedByClass[classOf[operation]!]!;
      const made = madeByClass[classOf[operation]!]!;
      if (wanted >= 0) {
        nextWanting[operation] = firstWanting[wanted]!;
        firstWanting[wanted] = operation;
      }
      if (made >= 0) {
        nextMaking[operation] = firstMaking[made]!;
        firstMaking[made] = operation;
      }
      if ((flagsOf[operation]! & OVERWRITES) !== 0) {
        nextOverwriting[operation] = this.firstOverwriting;
        this.firstOverwriting = operation;
      }
    }
  }

  /** The place in `returnAt` of the first return at or after that one whose operation demands the state. */
  firstPlace(state: number, from: number): number {
    let low = this.starts[state]!;
    let high = this.starts[state + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.seers[middle]! < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The return at a place that `firstPlace` or counting on from there gave; no return if they are used up. */
  returnAt(state: number, place: number): number {
    return place < this.starts[state + 1]! ? this.seers[place]! : this.returns;
  }
}
