/**
 * Contradictions between puts and gets, found in time linear in the history.
 *
 * Gibbons & Korach ("Testing shared memories", SIAM J. Comput. 1997): if every value is written once, then a value's
 * *cluster* is its write with the reads of it, and its *zone* lies between the earliest return and the latest call in
 * it. If that return comes first, the value was certainly there all that time: a *forward* zone. No order exists
 * exactly if (a) a value is read that nobody wrote, (b) a read returned before its write was called, (c) two forward
 * zones overlap, or (d) a zone that is not forward lies within one that is. So two clusters are enough to prove it,
 * and of each the write, the earliest to return and the latest to be called: six operations.
 *
 * To look at two clusters only is a chain of shrink steps: the other reads are dropped, the results of the other
 * writes forgotten, and then nobody observes those. That holds whether or not these other values were written once,
 * so a value that was written more often is passed over; what takes one to contradict is not found here.
 */
import type { KvState } from "../models/kv.ts";
import { Ranks } from "./ranks.ts";
import type { KvCall } from "./translation.ts";

/** Stands for no call, and for the imagined write of the initial value, which returned before everything. */
const NONE = -1;

export class Zones {
  /** Some value was written more than once, so to find nothing proves nothing. */
  readonly isPartial: boolean;
  private readonly calls: readonly KvCall[];
  private readonly ranks: Ranks;
  /** By call: the number of its value; NONE for a read whose answer nobody saw. */
  private readonly valueOf: Int32Array;
  private readonly numbers = new Map<KvState, number>();
  private readonly initial: number;
  /** By value: its only write, or NONE. */
  private readonly writer: Int32Array;
  /** By value: written more than once, the initial one at all. */
  private readonly isShared: Uint8Array;
  /** By value, of its cluster at the last look: who returned first, who was called last, how many reads. */
  private readonly earliest: Int32Array;
  private readonly latest: Int32Array;
  private readonly reads: Int32Array;
  /** By rank: the value whose zone begins there, or NONE. */
  private readonly forwardAt: Int32Array;
  private readonly backwardAt: Int32Array;

  /** Null if there is more than puts, deletes and gets. */
  static of(calls: readonly KvCall[], initial: KvState): Zones | null {
    const isPlain = calls.every(
      ({ input, output }) =>
        input.kind === "put" ||
        input.kind === "delete" ||
        (input.kind === "get" && (output === null || output.kind === "value")),
    );
    return isPlain ? new Zones(calls, initial) : null;
  }

  private constructor(calls: readonly KvCall[], initial: KvState) {
    this.calls = calls;
    this.ranks = new Ranks(calls);
    this.initial = this.number(initial);
    this.valueOf = Int32Array.from(calls, ({ input, output }) => {
      if (input.kind === "put") return this.number(input.value);
      if (input.kind === "delete") return this.number(null);
      return output?.kind === "value" ? this.number(output.value) : NONE;
    });
    const values = this.numbers.size;
    this.writer = new Int32Array(values).fill(NONE);
    this.isShared = new Uint8Array(values);
    for (let i = 0; i < calls.length; i++) {
      if (!this.isWrite(i)) continue;
      const value = this.valueOf[i]!;
      if (this.writer[value] !== NONE || value === this.initial) this.isShared[value] = 1;
      this.writer[value] = i;
    }
    this.isPartial = this.isShared.includes(1);
    this.earliest = new Int32Array(values);
    this.latest = new Int32Array(values);
    this.reads = new Int32Array(values);
    this.forwardAt = new Int32Array(this.ranks.count);
    this.backwardAt = new Int32Array(this.ranks.count);
  }

  /** The call whose reply is the first that contradicts the ones before; null if none is found to. */
  firstImpossible(): KvCall | null {
    const { replies } = this.ranks;
    const first = this.conflictBy(this.ranks.count);
    if (first === null) return null;
    /** By so many replies there is no conflict, by so many there is one. */
    let low = 0;
    let high = this.repliesBy(this.shownBy(first));
    // Most often the conflict that was found is the first one: then the reply before it settles that.
    for (let isNear = true; high - low > 1; isNear = !isNear) {
      const probe = isNear ? high - 1 : (low + high) >>> 1;
      const conflict = this.conflictBy(this.ranks.end[replies[probe - 1]!]!);
      if (conflict === null) low = probe;
      else high = Math.min(probe, this.repliesBy(this.shownBy(conflict)));
    }
    return this.calls[replies[high - 1]!]!;
  }

  /** The rank of the reply by which a conflict that was just found had shown. */
  private shownBy(values: readonly number[]): number {
    const { end } = this.ranks;
    return Math.max(
      ...values.map((value) => {
        const [first, last] = [this.earliest[value]!, this.latest[value]!];
        // Of a write it matters that it began.
        return Math.max(first === NONE ? NONE : end[first]!, this.isWrite(last) ? NONE : end[last]!);
      }),
    );
  }

  private repliesBy(rank: number): number {
    const { replies, end } = this.ranks;
    let low = 0;
    let high = replies.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (end[replies[middle]!]! <= rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Few calls that already contradict each other, up to the reply of this one, which is the first to be impossible. */
  contradictionOf(reader: KvCall): readonly KvCall[] {
    const i = this.calls.indexOf(reader);
    const values = this.conflictBy(this.ranks.end[i]!)!;
    const chosen = new Set([i, ...(this.overwriteOf(i) ?? values.flatMap((value) => this.zoneOf(value)))]);
    return [...chosen].sort((a, b) => a - b).map((each) => this.calls[each]!);
  }

  /** Whether the get could have returned the value, given every reply before its own; null if zones cannot tell. */
  admits(reader: KvCall, value: KvState): boolean | null {
    const number = this.numbers.get(value);
    if (number === undefined) return false;
    if (this.isPartial) return null;
    const i = this.calls.indexOf(reader);
    const given = this.valueOf[i]!;
    this.valueOf[i] = number;
    const conflict = this.conflictBy(this.ranks.end[i]!);
    this.valueOf[i] = given;
    return conflict === null;
  }

  /** A stale read is told best by the first write that had certainly replaced what it read. */
  private overwriteOf(reader: number): readonly number[] | null {
    const { begin, end } = this.ranks;
    const value = this.valueOf[reader]!;
    const source = this.writer[value]!;
    if (this.isShared[value] === 1 || (source === NONE && value !== this.initial)) return null;
    const written = source === NONE ? NONE : end[source]!;
    let first = NONE;
    for (let i = 0; i < this.calls.length && begin[i]! < begin[reader]!; i++) {
      if (!this.isWrite(i) || this.valueOf[i] === value) continue;
      if (begin[i]! < written || end[i]! > begin[reader]!) continue;
      if (first === NONE || end[i]! < end[first]!) first = i;
    }
    if (first === NONE) return null;
    return source === NONE ? [first] : [source, first];
  }

  private zoneOf(value: number): readonly number[] {
    const members = [this.writer[value]!, this.earliest[value]!, this.latest[value]!];
    return members.filter((member) => member !== NONE);
  }

  /** The values, one or two, whose clusters contradict in what had happened up to that rank; null if none do. */
  private conflictBy(place: number): readonly number[] | null {
    this.gather(place);
    this.forwardAt.fill(NONE);
    this.backwardAt.fill(NONE);
    const { begin, end } = this.ranks;
    for (let value = 0; value < this.writer.length; value++) {
      if (this.isShared[value] === 1) continue;
      const writer = this.writer[value]!;
      if (this.reads[value]! > 0 && value !== this.initial) {
        if (writer === NONE || begin[writer]! > end[this.earliest[value]!]!) return [value];
      }
      const first = this.earliest[value]!;
      // Nobody was told of it yet.
      if (first === NONE || value === this.initial) continue;
      const last = begin[this.latest[value]!]!;
      if (end[first]! < last) this.forwardAt[end[first]!] = value;
      else this.backwardAt[last] = value;
    }
    return this.sweep(Math.min(place, this.ranks.count - 1));
  }

  private gather(place: number): void {
    const { begin, end } = this.ranks;
    this.earliest.fill(NONE);
    this.latest.fill(NONE);
    this.reads.fill(0);
    for (let i = 0; i < this.calls.length && begin[i]! <= place; i++) {
      const value = this.valueOf[i]!;
      if (value === NONE || this.isShared[value] === 1) continue;
      const returned = end[i]! <= place;
      if (!this.isWrite(i)) {
        if (!returned) continue;
        this.reads[value]!++;
      }
      this.latest[value] = i;
      if (!returned) continue;
      const first = this.earliest[value]!;
      if (first === NONE || end[i]! < end[first]!) this.earliest[value] = i;
    }
  }

  /** Looks for zones that overlap or contain each other, from left to right. */
  private sweep(last: number): readonly number[] | null {
    const { begin, end } = this.ranks;
    let current = this.initial;
    let until =
      this.reads[current] === 0 || this.isShared[current] === 1 ? NONE : begin[this.latest[current]!]!;
    for (let rank = 0; rank <= last; rank++) {
      const forward = this.forwardAt[rank]!;
      if (forward !== NONE) {
        if (rank < until) return [current, forward];
        current = forward;
        until = begin[this.latest[forward]!]!;
      }
      const backward = this.backwardAt[rank]!;
      if (backward !== NONE && end[this.earliest[backward]!]! < until) return [current, backward];
    }
    return null;
  }

  private isWrite(call: number): boolean {
    return this.calls[call]!.input.kind !== "get";
  }

  private number(value: KvState): number {
    const known = this.numbers.get(value);
    if (known !== undefined) return known;
    this.numbers.set(value, this.numbers.size);
    return this.numbers.size - 1;
  }
}
