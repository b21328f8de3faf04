/**
 * Who may have written what a read saw. A write is a candidate if nothing that every order has to respect speaks
 * against it:
 * - it was called before the read returned;
 * - no other write came between for certain. Of the writes that returned before the read was called, let the latest
 *   *called* one be called at `barrier`: a candidate that returned before it would be overwritten by it.
 *
 * Both only drop what no linearization can have. So no candidate at all is a violation, and a single one is certain.
 */
import { NOTHING } from "../intake/intake.ts";
import { atLeast, emptied } from "../intake/pool.ts";
import type { CellValue } from "../model/model.ts";
import { type Accesses, WRITE } from "./accesses.ts";

/** In the place of a write: the value that the cell starts with. */
export const START = -1;

/** In the place of a write: there is none. */
export const NOBODY = -2;

export class Writers {
  /** By read: the call of the latest called write that returned before it was called; -1 if there is none. */
  barrier: Int32Array = new Int32Array(0);
  /** Whether the last read that was asked about has more candidates than the one found. */
  isAmbiguous = false;
  private accesses: Accesses | null = null;
  /** By value: the last write of it among those that are known by now; `before` leads to the one before. */
  private readonly latest = new Map<CellValue, number>();
  private before: Int32Array = new Int32Array(0);
  private known = 0;

  load(accesses: Accesses, events: Int32Array, from: number, to: number): void {
    this.accesses = accesses;
    emptied(this.latest);
    this.known = 0;
    this.barrier = atLeast(this.barrier, accesses.count);
    this.before = atLeast(this.before, accesses.count);
    const { kinds, callAt, count } = accesses;
    const { barrier } = this;
    let latest = -1;
    for (let i = from; i < to; i++) {
      const event = events[i]!;
      if (event === NOTHING) continue;
      if (event >= 0) {
        if (event >= count) break;
        barrier[event] = latest;
      } else if (kinds[~event] === WRITE && callAt[~event]! > latest) latest = callAt[~event]!;
    }
  }

  clear(): void {
    emptied(this.latest);
    this.accesses = null;
  }

  /**
   * The candidate that was called last, or the start, or NOBODY. Candidates that are too old for this read are too old
   * for all reads that are called later, and forgotten.
   */
  find(value: CellValue, read: number): number {
    this.learn(read);
    const { callAt, returnAt, initial } = this.accesses!;
    const end = returnAt[read]!;
    const limit = this.barrier[read]!;
    let found = value === initial && limit < 0 ? START : NOBODY;
    this.isAmbiguous = false;
    let later = NOBODY;
    for (let write = this.latest.get(value) ?? NOBODY; write !== NOBODY; write = this.before[write]!) {
      if (callAt[write]! < end) {
        if (returnAt[write]! < limit) {
          this.forget(value, write, later);
          continue;
        }
        if (found !== NOBODY) {
          this.isAmbiguous = true;
          return found === START ? write : found;
        }
        found = write;
      }
      later = write;
    }
    return found;
  }

  private forget(value: CellValue, write: number, later: number): void {
    const before = this.before[write]!;
    if (later !== NOBODY) this.before[later] = before;
    else if (before === NOBODY) this.latest.delete(value);
    else this.latest.set(value, before);
  }

  /** All writes that were called before the read returned. */
  private learn(read: number): void {
    const { kinds, values, callAt, returnAt, count } = this.accesses!;
    const end = returnAt[read]!;
    for (; this.known < count && callAt[this.known]! < end; this.known++) {
      if (kinds[this.known] !== WRITE) continue;
      const value = values[this.known]!;
      this.before[this.known] = this.latest.get(value) ?? NOBODY;
      this.latest.set(value, this.known);
    }
  }
}
