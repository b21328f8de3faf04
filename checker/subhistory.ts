/**
 * One object's operations, laid out for the search.
 *
 * The search walks the object's returns in order. Before a return takes place, its operation must have been
 * linearized; so between two returns only the *in-flight* operations are in question, those called and not yet
 * returned. Operations are numbered by their call, returns by their order.
 */
import type { Calls } from "./calls.ts";
import { Demand } from "./demand.ts";
import { NEVER_RETURNS, NOTHING } from "./intake.ts";
import { DEMANDS, type Lens, OVERWRITES, READ_ONLY, REVIVES } from "./lens.ts";
import { atLeast, grown } from "./pool.ts";

export class Subhistory {
  operations = 0;
  returns = 0;
  /** By operation. */
  classOf: Int32Array = new Int32Array(0);
  flagsOf: Int32Array = new Int32Array(0);
  /**
   * By operation, its place in a configuration's mask while it is in flight. A place is used again after the
   * return, so that masks are as wide as the concurrency, not as the history. Operations that never return keep
   * theirs for good, above all others, in the order of their calls.
   */
  slotOf: Int32Array = new Int32Array(0);
  slots = 0;
  /** Slots below this one belong to operations that return. */
  completedSlots = 0;
  /** By return: its operation. */
  returning: Int32Array = new Int32Array(0);
  /** By return: how many operations were called before it; exactly those have smaller numbers. */
  calledBefore: Int32Array = new Int32Array(0);
  /** By return, and one more at the end: where its part of `flight` starts. */
  flightStart: Int32Array = new Int32Array(0);
  /** For each return, the in-flight operations that return at all, the earliest return first: its own. */
  flight: Int32Array = new Int32Array(0);
  /** By return: the slots of reads among its in-flight operations, as bits; only if all slots fit one word. */
  readMask: Int32Array = new Int32Array(0);
  /** The operations that never return and change something, by call. */
  pending: Int32Array = new Int32Array(0);
  /** By return, and one more at the end: how many of `pending` were called before it. */
  pendingBefore: Int32Array = new Int32Array(0);
  /**
   * Chains to jump along. By return, and one more at the end: the next one, itself included, of an operation that
   * demands a state, or that overwrites.
   */
  nextDemand: Int32Array = new Int32Array(0);
  nextOverwrite: Int32Array = new Int32Array(0);
  /** By call, and one more at the end: the last operation called before that may revive; -1 if there is none. */
  pastReviver: Int32Array = new Int32Array(0);
  /** Only if wants are exact. */
  readonly demand = new Demand();
  isExact = false;
  private free: Int32Array = new Int32Array(0);
  private now: Int32Array = new Int32Array(0);

  get words(): number {
    return this.classOf.length * 5 + this.returning.length * 6 + this.flight.length;
  }

  load(calls: Calls<unknown, unknown>, lens: Lens): void {
    this.reserve(calls.count);
    this.walk(calls, lens);
    for (let i = 0; i < this.pendingBefore[this.returns]!; i++) {
      this.slotOf[this.pending[i]!] = this.slots++;
    }
    this.isExact = lens.isExact;
    this.chain();
    if (lens.isExact) this.demand.load(this, lens);
  }

  private reserve(count: number): void {
    this.classOf = atLeast(this.classOf, count);
    this.flagsOf = atLeast(this.flagsOf, count);
    this.slotOf = atLeast(this.slotOf, count);
    this.returning = atLeast(this.returning, count);
    this.calledBefore = atLeast(this.calledBefore, count);
    this.flightStart = atLeast(this.flightStart, count + 1);
    this.readMask = atLeast(this.readMask, count);
    this.pending = atLeast(this.pending, count);
    this.pendingBefore = atLeast(this.pendingBefore, count + 1);
    this.nextDemand = atLeast(this.nextDemand, count + 1);
    this.nextOverwrite = atLeast(this.nextOverwrite, count + 1);
    this.pastReviver = atLeast(this.pastReviver, count + 1);
    this.free = atLeast(this.free, count);
    this.now = atLeast(this.now, count);
  }

  /** Goes through the events, with the in-flight operations kept sorted by return. */
  private walk(calls: Calls<unknown, unknown>, lens: Lens): void {
    const { classOf, flagsOf, slotOf, returning, calledBefore, flightStart, pending, pendingBefore } = this;
    const { free, now, readMask } = this;
    const { events, returnAt } = calls;
    let [called, returned, waiting, inFlight, placed, slots, spare, reads] = [0, 0, 0, 0, 0, 0, 0, 0];
    let { flight } = this;
    for (let i = calls.from; i < calls.to; i++) {
      const event = events[i]!;
      if (event === NOTHING) continue;
      if (event >= 0) {
        const classId = lens.classOf(event);
        classOf[event] = classId;
        flagsOf[event] = lens.flags[classId]!;
        called = event + 1;
        const end = returnAt[event]!;
        if (end >= NEVER_RETURNS) {
          // Without a return nothing asks for it, and without an effect nothing can need it.
          if ((flagsOf[event]! & READ_ONLY) === 0) pending[waiting++] = event;
          else flagsOf[event] = 0;
          continue;
        }
        slotOf[event] = spare > 0 ? free[--spare]! : slots++;
        if ((flagsOf[event]! & READ_ONLY) !== 0) reads |= 1 << slotOf[event]!;
        let place = inFlight++;
        for (; place > 0 && returnAt[now[place - 1]!]! > end; place--) now[place] = now[place - 1]!;
        now[place] = event;
        continue;
      }
      returning[returned] = ~event;
      calledBefore[returned] = called;
      pendingBefore[returned] = waiting;
      readMask[returned] = reads;
      reads &= ~(1 << slotOf[~event]!);
      flightStart[returned++] = placed;
      if (placed + inFlight > flight.length) flight = grown(flight, placed + inFlight);
      for (let k = 0; k < inFlight; k++) flight[placed++] = now[k]!;
      free[spare++] = slotOf[~event]!;
      inFlight--;
      for (let k = 0; k < inFlight; k++) now[k] = now[k + 1]!;
    }
    flightStart[returned] = placed;
    pendingBefore[returned] = waiting;
    this.flight = flight;
    this.operations = called;
    this.returns = returned;
    this.completedSlots = slots;
    this.slots = slots;
  }

  private chain(): void {
    const { returns, operations, returning, flagsOf, nextDemand, nextOverwrite, pastReviver } = this;
    nextDemand[returns] = returns;
    nextOverwrite[returns] = returns;
    let demand = returns;
    let overwrite = returns;
    for (let at = returns - 1; at >= 0; at--) {
      const flags = flagsOf[returning[at]!]!;
      if ((flags & DEMANDS) !== 0) demand = at;
      if ((flags & OVERWRITES) !== 0) overwrite = at;
      nextDemand[at] = demand;
      nextOverwrite[at] = overwrite;
    }
    // Where wants are exact, `demand` knows.
    if (this.isExact) return;
    let reviver = -1;
    for (let operation = 0; operation < operations; operation++) {
      pastReviver[operation] = reviver;
      if ((flagsOf[operation]! & REVIVES) !== 0) reviver = operation;
    }
    pastReviver[operations] = reviver;
  }
}
