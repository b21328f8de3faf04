/**
 * The configurations that a search has reached, and from where. Two ways to the same one have the same future (Lowe,
 * "Testing for linearizability", 2017), so only the first is followed; and not only to the same one. A configuration
 * *dominates* another if both have the next return, the state and the linearized updates, overwrites and dependent
 * operations in common, and the first has all reads of the other, none but its never-returning operations, and all
 * its absorbed ones. Every completion of the other one, without those reads, then completes the first.
 *
 * Everything lies in two pooled arrays: no object per configuration.
 */

import { grown, type Pooled } from "../intake/pool.ts";
import type { Configuration } from "./configuration.ts";
import { READ_ONLY } from "./lens.ts";
import type { Subhistory } from "./subhistory.ts";

/** Places in a configuration's words. The mask and the absorbed operations follow. */
const HASH = 0;
const RETURN = 1;
const STATE = 2;
const PARENT = 3;
const OPERATION = 4;
const MASK = 5;

/** The parent of the first configuration, and the answer for one that is dominated. */
export const NONE = -1;

export class Visited implements Pooled {
  count = 0;
  /** Words in a mask. */
  width = 1;
  private readonly subhistory: Subhistory;
  private stride = MASK + 2;
  private entries: Int32Array = new Int32Array(1_024);
  /** Open addressing, at most half full; 0 is free, else the configuration's number + 1. */
  private table: Int32Array = new Int32Array(256);
  /** Places in use: a power of two. */
  private size = 256;
  /** Bits of never-returning operations, and of reads among the in-flight operations in question. */
  private pendingBits: Int32Array = new Int32Array(1);
  private readBits: Int32Array = new Int32Array(1);
  private readsAt = NONE;
  private isExact = false;

  constructor(subhistory: Subhistory) {
    this.subhistory = subhistory;
  }

  /** Words of memory that are in use, whatever is allocated: the same in every run. */
  get used(): number {
    return this.count * this.stride + this.size;
  }

  get words(): number {
    return this.entries.length + this.table.length;
  }

  /** Forgets everything, for a subhistory that is new. */
  reset(width: number, isExact: boolean): void {
    this.count = 0;
    this.width = width;
    this.stride = MASK + 2 * width;
    this.isExact = isExact;
    this.table.fill(0, 0, this.size);
    this.size = 256;
    this.readsAt = NONE;
    if (this.pendingBits.length < width) {
      this.pendingBits = new Int32Array(width);
      this.readBits = new Int32Array(width);
    }
  }

  returnOf(configuration: number): number {
    return this.entries[configuration * this.stride + RETURN]!;
  }

  parentOf(configuration: number): number {
    return this.entries[configuration * this.stride + PARENT]!;
  }

  operationOf(configuration: number): number {
    return this.entries[configuration * this.stride + OPERATION]!;
  }

  maskWord(configuration: number, word: number): number {
    return this.entries[configuration * this.stride + MASK + word]!;
  }

  load(configuration: number, into: Configuration): void {
    const { entries, width } = this;
    const start = configuration * this.stride;
    into.at = entries[start + RETURN]!;
    into.state = entries[start + STATE]!;
    for (let i = 0; i < width; i++) {
      into.mask[i] = entries[start + MASK + i]!;
      into.absorbed[i] = entries[start + MASK + width + i]!;
    }
  }

  /** The number of the new configuration, or NONE if one that was there dominates it. */
  add(here: Configuration, parent: number, operation: number): number {
    if (this.count * 2 === this.size) this.grow();
    if (here.at !== this.readsAt) this.findReads(here.at);
    const { table, stride, width } = this;
    const mask = this.size - 1;
    const hash = this.hashOf(here);
    let place = hash & mask;
    for (let entry = table[place]!; entry !== 0; entry = table[place]!) {
      if (this.dominates((entry - 1) * stride, hash, here)) return NONE;
      place = (place + 1) & mask;
    }
    const configuration = this.count++;
    table[place] = configuration + 1;
    const start = configuration * stride;
    if (start + stride > this.entries.length) this.entries = grown(this.entries, start + stride);
    const { entries } = this;
    entries[start + HASH] = hash;
    entries[start + RETURN] = here.at;
    entries[start + STATE] = here.state;
    entries[start + PARENT] = parent;
    entries[start + OPERATION] = operation;
    for (let i = 0; i < width; i++) {
      entries[start + MASK + i] = here.mask[i]!;
      entries[start + MASK + width + i] = here.absorbed[i]!;
    }
    return configuration;
  }

  private findReads(at: number): void {
    const { flight, flightStart, flagsOf, slotOf, returns, readMask, pendingMask } = this.subhistory;
    this.readsAt = at;
    if (this.width === 1) {
      this.readBits[0] = at === returns ? 0 : readMask[at]!;
      this.pendingBits[0] = at === returns ? 0 : pendingMask[at]!;
      return;
    }
    this.readBits.fill(0);
    this.pendingBits.fill(0);
    if (at === returns) return;
    const { pending, pendingBefore } = this.subhistory;
    for (let i = 0; i < pendingBefore[at]!; i++) {
      const slot = slotOf[pending[i]!]!;
      this.pendingBits[slot >>> 5]! |= 1 << (slot & 31);
    }
    for (let i = flightStart[at]!; i < flightStart[at + 1]!; i++) {
      if ((flagsOf[flight[i]!]! & READ_ONLY) === 0) continue;
      const slot = slotOf[flight[i]!]!;
      this.readBits[slot >>> 5]! |= 1 << (slot & 31);
    }
  }

  /** Equal for all that could dominate each other. Hashes choose places only; what counts is compared in full. */
  private hashOf(here: Configuration): number {
    let hash = Math.imul(here.at, 0x9e3779b1) ^ Math.imul(here.state + 1, 0x85ebca6b);
    for (let i = 0; i < this.width; i++) {
      const same = here.mask[i]! & ~(this.readBits[i]! | this.pendingBits[i]!);
      hash = Math.imul(hash ^ (hash >>> 15) ^ same, 0xc2b2ae35);
    }
    return hash ^ (hash >>> 16);
  }

  private dominates(start: number, hash: number, here: Configuration): boolean {
    const { entries, width, readBits, pendingBits } = this;
    if (entries[start + HASH] !== hash || entries[start + RETURN] !== here.at) return false;
    if (entries[start + STATE] !== here.state) return false;
    for (let i = 0; i < width; i++) {
      const old = entries[start + MASK + i]!;
      const now = here.mask[i]!;
      const reads = readBits[i]!;
      const pending = pendingBits[i]!;
      const absorbed = entries[start + MASK + width + i]!;
      if (this.isExact && (old !== now || here.absorbed[i]! !== absorbed)) return false;
      const differs =
        ((old ^ now) & ~(reads | pending)) |
        (now & ~old & reads) |
        (old & ~now & pending) |
        (here.absorbed[i]! & ~absorbed);
      if (differs !== 0) return false;
    }
    return true;
  }

  private grow(): void {
    this.size *= 2;
    if (this.table.length < this.size) this.table = new Int32Array(this.size);
    else this.table.fill(0, 0, this.size);
    const { table, entries, stride, size } = this;
    for (let configuration = 0; configuration < this.count; configuration++) {
      let place = entries[configuration * stride + HASH]! & (size - 1);
      while (table[place] !== 0) place = (place + 1) & (size - 1);
      table[place] = configuration + 1;
    }
  }
}
