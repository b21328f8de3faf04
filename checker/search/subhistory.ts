/**
 * One object's operations, laid out for the search.
 *
 * The search walks the object's returns in order. Before a return takes place, its operation must have been
 * linearized; so between two returns only the *in-flight* operations are in question, those called and not yet
 * returned. Operations are numbered by their call, returns by their order.
 *
 * The search of a history that is wrong ends where it went wrong, so the layout goes ahead of the search by a few
 * returns only. What it says about a return that is laid out stays true; whoever looks further than that must not
 * conclude anything from what is not there yet.
 */
import type { Calls } from "../intake/calls.ts";
import { NEVER_RETURNS, NOTHING } from "../intake/intake.ts";
import { atLeast, grown } from "../intake/pool.ts";
import { Demand } from "./demand.ts";
import { DEMANDS, type Lens, OVERWRITES, READ_ONLY, REVIVES } from "./lens.ts";

/** How many returns are laid out at least beyond the one that is asked for: what looking ahead looks at, mostly. */
const AHEAD = 1;

/** Each time a quarter of what is there is added, but at least so many returns. */
const FEWEST_MORE = 8;

export class Subhistory {
  /** Returns of the whole object, and how many of them are laid out. */
  returns = 0;
  laid = 0;
  /** Operations that are laid out: those called before the last such return. */
  operations = 0;
  /** By operation. */
  classOf: Int32Array = new Int32Array(0);
  flagsOf: Int32Array = new Int32Array(0);
  /**
   * By operation, its place in a configuration's mask while it is in flight. A place is used again after the
   * return, so that masks are as wide as the concurrency, not as the history.
   */
  slotOf: Int32Array = new Int32Array(0);
  /** No slot is as large. */
  slots = 0;
  /** By return: its operation. */
  returning: Int32Array = new Int32Array(0);
  /** By return: how many operations were called before it; exactly those have smaller numbers. */
  calledBefore: Int32Array = new Int32Array(0);
  /** By return, and one more at the end: where its part of `flight` starts. */
  flightStart: Int32Array = new Int32Array(0);
  /** For each return, the in-flight operations that return at all, the earliest return first: its own. */
  flight: Int32Array = new Int32Array(0);
  /**
   * By return, as bits: the slots of reads among its in-flight operations, and of operations that never return. Only
   * if all slots fit one word.
   */
  readMask: Int32Array = new Int32Array(0);
  pendingMask: Int32Array = new Int32Array(0);
  /** The operations that never return and change something, by call. */
  pending: Int32Array = new Int32Array(0);
  /** By return, and one more at the end: how many of `pending` were called before it. */
  pendingBefore: Int32Array = new Int32Array(0);
  /**
   * Chains to jump along. By return, and one more at the end: the next one, itself included, of an operation that
   * demands a state, or that overwrites; `laid` if there is none so far.
   */
  nextDemand: Int32Array = new Int32Array(0);
  nextOverwrite: Int32Array = new Int32Array(0);
  /** By call, and one more at the end: the last operation called before that may revive; -1 if there is none. */
  pastReviver: Int32Array = new Int32Array(0);
  /** Only if wants are exact. */
  readonly demand = new Demand();
  isExact = false;
  private calls: Calls<unknown, unknown> | null = null;
  private lens: Lens | null = null;
  /** The walk through the events: the next one, and what is in flight there, sorted by return. */
  private next = 0;
  private now: Int32Array = new Int32Array(0);
  private inFlight = 0;
  private waiting = 0;
  private placed = 0;
  /** Slots that were ever used, and the stack of those that can be used again. */
  private used = 0;
  private free: Int32Array = new Int32Array(0);
  private spare = 0;
  /** As in `readMask` and `pendingMask`. */
  private reads = 0;
  private lost = 0;

  get words(): number {
    return this.classOf.length * 5 + this.returning.length * 7 + this.flight.length;
  }

  get isWhole(): boolean {
    return this.laid === this.returns;
  }

  load(calls: Calls<unknown, unknown>, lens: Lens, atOnce: boolean): void {
    this.calls = calls;
    this.lens = lens;
    this.returns = calls.returns;
    this.slots = calls.mostInFlight;
    this.laid = 0;
    this.operations = 0;
    this.next = calls.from;
    this.inFlight = 0;
    this.waiting = 0;
    this.placed = 0;
    this.used = 0;
    this.spare = 0;
    this.reads = 0;
    this.lost = 0;
    this.isExact = lens.isExact;
    this.reserve(calls.count);
    this.nextDemand[0] = 0;
    this.nextOverwrite[0] = 0;
    if (this.isExact) this.demand.reset(calls.count);
    this.layOut(atOnce ? this.returns : FEWEST_MORE);
  }

  clear(): void {
    this.calls = null;
    this.lens = null;
  }

  /** Lays out that return, if there is one, and some more. */
  reach(at: number): void {
    if (at + AHEAD >= this.laid && !this.isWhole)
      this.layOut(this.laid + Math.max(FEWEST_MORE, this.laid >>> 2));
  }

  reachEnd(): void {
    if (!this.isWhole) this.layOut(this.returns);
  }

  private reserve(count: number): void {
    this.classOf = atLeast(this.classOf, count);
    this.flagsOf = atLeast(this.flagsOf, count);
    this.slotOf = atLeast(this.slotOf, count);
    this.returning = atLeast(this.returning, count);
    this.calledBefore = atLeast(this.calledBefore, count);
    this.flightStart = atLeast(this.flightStart, count + 1);
    this.readMask = atLeast(this.readMask, count);
    this.pendingMask = atLeast(this.pendingMask, count);
    this.pending = atLeast(this.pending, count);
    this.pendingBefore = atLeast(this.pendingBefore, count + 1);
    this.nextDemand = atLeast(this.nextDemand, count + 1);
    this.nextOverwrite = atLeast(this.nextOverwrite, count + 1);
    this.pastReviver = atLeast(this.pastReviver, count + 1);
    this.free = atLeast(this.free, count);
    this.now = atLeast(this.now, count);
  }

  private layOut(end: number): void {
    const from = this.laid;
    this.walk(Math.min(end, this.returns));
    if (!this.lens!.isExact) {
      // What revives is found by looking back from the end.
      this.isExact = false;
      this.walk(this.returns);
      this.chainRevivers();
    }
    this.chain(from);
  }

  /** Goes on through the events until so many returns are laid out; whoever is called after the last does not matter. */
  private walk(end: number): void {
    const { returning, calledBefore, flightStart, pendingBefore, now, free, slotOf, readMask, pendingMask } =
      this;
    const { events } = this.calls!;
    const { demand, isExact } = this;
    let { next, laid } = this;
    while (laid < end) {
      const event = events[next++]!;
      if (event === NOTHING) continue;
      if (event >= 0) {
        this.call(event);
        continue;
      }
      const operation = ~event;
      returning[laid] = operation;
      calledBefore[laid] = this.operations;
      pendingBefore[laid] = this.waiting;
      readMask[laid] = this.reads;
      pendingMask[laid] = this.lost;
      flightStart[laid] = this.placed;
      this.copyFlight();
      if (isExact) demand.noteReturn(laid, operation, this.flagsOf[operation]!);
      this.reads &= ~(1 << slotOf[operation]!);
      free[this.spare++] = slotOf[operation]!;
      const left = --this.inFlight;
      for (let k = 0; k < left; k++) now[k] = now[k + 1]!;
      laid++;
    }
    flightStart[laid] = this.placed;
    pendingBefore[laid] = this.waiting;
    this.next = next;
    this.laid = laid;
  }

  private call(operation: number): void {
    const { now } = this;
    const { returnAt } = this.calls!;
    const lens = this.lens!;
    const classId = lens.classOf(operation);
    const flags = lens.flags[classId]!;
    const end = returnAt[operation]!;
    this.classOf[operation] = classId;
    this.operations = operation + 1;
    const isPending = end >= NEVER_RETURNS;
    if (isPending && (flags & READ_ONLY) !== 0) {
      // Without a return nothing asks for it, and without an effect nothing can need it.
      this.flagsOf[operation] = 0;
      return;
    }
    this.flagsOf[operation] = flags;
    const slot = this.spare > 0 ? this.free[--this.spare]! : this.used++;
    this.slotOf[operation] = slot;
    if (this.isExact) this.demand.noteCall(operation, classId, lens, isPending ? flags : 0);
    if (isPending) {
      this.lost |= 1 << slot;
      this.pending[this.waiting++] = operation;
      return;
    }
    if ((flags & READ_ONLY) !== 0) this.reads |= 1 << slot;
    let place = this.inFlight++;
    for (; place > 0 && returnAt[now[place - 1]!]! > end; place--) now[place] = now[place - 1]!;
    now[place] = operation;
  }

  private copyFlight(): void {
    const { now, inFlight, placed } = this;
    if (placed + inFlight > this.flight.length) this.flight = grown(this.flight, placed + inFlight);
    const { flight } = this;
    for (let k = 0; k < inFlight; k++) flight[placed + k] = now[k]!;
    this.placed = placed + inFlight;
  }

  /** From the end back to `from`, and on while chains led nowhere so far. */
  private chain(from: number): void {
    const { laid, returning, flagsOf, nextDemand, nextOverwrite } = this;
    nextDemand[laid] = laid;
    nextOverwrite[laid] = laid;
    let demand = laid;
    let overwrite = laid;
    for (let at = laid - 1; at >= from; at--) {
      const flags = flagsOf[returning[at]!]!;
      if ((flags & DEMANDS) !== 0) demand = at;
      if ((flags & OVERWRITES) !== 0) overwrite = at;
      nextDemand[at] = demand;
      nextOverwrite[at] = overwrite;
    }
    for (let at = from - 1; at >= 0 && nextDemand[at] === from; at--) nextDemand[at] = demand;
    for (let at = from - 1; at >= 0 && nextOverwrite[at] === from; at--) nextOverwrite[at] = overwrite;
  }

  private chainRevivers(): void {
    const { operations, flagsOf, pastReviver } = this;
    let reviver = -1;
    for (let operation = 0; operation < operations; operation++) {
      pastReviver[operation] = reviver;
      if ((flagsOf[operation]! & REVIVES) !== 0) reviver = operation;
    }
    pastReviver[operations] = reviver;
  }
}
