/**
 * The configurations that a search has reached, and from where. Two ways to the same one have the same future (Lowe,
 * "Testing for linearizability", 2017), so only the first is followed; and not only to the same one. A configuration
 * *dominates* another if both have the next return, the state and the linearized updates, overwrites and dependent
 * operations in common, and the first has all reads of the other, none but its never-returning operations, and all
 * its absorbed ones. Every completion of the other one, without those reads, then completes the first.
 *
 * Everything lies in two pooled arrays: no object per configuration.
 */
import type { Configuration } from "./configuration.ts";
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

export class Visited {
  count = 0;
  /** Words in a mask. */
  readonly width: number;
  private readonly subhistory: Subhistory<unknown, unknown>;
  private readonly stride: number;
  private words: Int32Array;
  /** Open addressing, at most half full; 0 is free, else the configuration's number + 1. */
  private table: Int32Array;
  /** Bits of never-returning operations, and of reads among the in-flight operations in question. */
  private readonly pendingBits: Int32Array;
  private readonly readBits: Int32Array;

  constructor(subhistory: Subhistory<unknown, unknown>, width: number) {
    this.subhistory = subhistory;
    this.width = width;
    this.stride = MASK + 2 * width;
    let capacity = 16;
    while (capacity < subhistory.returning.length + 1) capacity *= 2;
    this.words = new Int32Array(capacity * this.stride);
    this.table = new Int32Array(capacity * 2);
    this.pendingBits = new Int32Array(width);
    for (let slot = subhistory.completedSlots; slot < subhistory.slots; slot++) {
      this.pendingBits[slot >>> 5]! |= 1 << (slot & 31);
    }
    this.readBits = new Int32Array(width);
  }

  returnOf(configuration: number): number {
    return this.words[configuration * this.stride + RETURN]!;
  }

  parentOf(configuration: number): number {
    return this.words[configuration * this.stride + PARENT]!;
  }

  operationOf(configuration: number): number {
    return this.words[configuration * this.stride + OPERATION]!;
  }

  maskWord(configuration: number, word: number): number {
    return this.words[configuration * this.stride + MASK + word]!;
  }

  load(configuration: number, into: Configuration<unknown, unknown, unknown>): void {
    const { words, width } = this;
    const start = configuration * this.stride;
    into.at = words[start + RETURN]!;
    into.state = words[start + STATE]!;
    for (let i = 0; i < width; i++) {
      into.mask[i] = words[start + MASK + i]!;
      into.absorbed[i] = words[start + MASK + width + i]!;
    }
  }

  /** The number of the new configuration, or NONE if one that was there dominates it. */
  add(here: Configuration<unknown, unknown, unknown>, parent: number, operation: number): number {
    if (this.count * 2 === this.table.length) this.grow();
    this.findReads(here.at);
    const { words, table, stride, width } = this;
    const hash = this.hashOf(here);
    let place = hash & (table.length - 1);
    for (let entry = table[place]!; entry !== 0; entry = table[place]!) {
      if (this.dominates((entry - 1) * stride, hash, here)) return NONE;
      place = (place + 1) & (table.length - 1);
    }
    const configuration = this.count++;
    table[place] = configuration + 1;
    const start = configuration * stride;
    words[start + HASH] = hash;
    words[start + RETURN] = here.at;
    words[start + STATE] = here.state;
    words[start + PARENT] = parent;
    words[start + OPERATION] = operation;
    for (let i = 0; i < width; i++) {
      words[start + MASK + i] = here.mask[i]!;
      words[start + MASK + width + i] = here.absorbed[i]!;
    }
    return configuration;
  }

  private findReads(at: number): void {
    const { flight, flightStart, classes, classOf, slotOf, returning } = this.subhistory;
    this.readBits.fill(0);
    if (at === returning.length) return;
    for (let i = flightStart[at]!; i < flightStart[at + 1]!; i++) {
      if (!classes[classOf[flight[i]!]!]!.readOnly) continue;
      const slot = slotOf[flight[i]!]!;
      this.readBits[slot >>> 5]! |= 1 << (slot & 31);
    }
  }

  /** Equal for all that could dominate each other. Hashes choose places only; what counts is compared in full. */
  private hashOf(here: Configuration<unknown, unknown, unknown>): number {
    let hash = Math.imul(here.at, 0x9e3779b1) ^ Math.imul(here.state + 1, 0x85ebca6b);
    for (let i = 0; i < this.width; i++) {
      const same = here.mask[i]! & ~(this.readBits[i]! | this.pendingBits[i]!);
      hash = Math.imul(hash ^ (hash >>> 15) ^ same, 0xc2b2ae35);
    }
    return hash ^ (hash >>> 16);
  }

  private dominates(start: number, hash: number, here: Configuration<unknown, unknown, unknown>): boolean {
    const { words, width, readBits, pendingBits } = this;
    if (words[start + HASH] !== hash || words[start + RETURN] !== here.at) return false;
    if (words[start + STATE] !== here.state) return false;
    for (let i = 0; i < width; i++) {
      const old = words[start + MASK + i]!;
      const now = here.mask[i]!;
      const reads = readBits[i]!;
      const pending = pendingBits[i]!;
      const absorbed = words[start + MASK + width + i]!;
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
    const words = new Int32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
    const table = new Int32Array(this.table.length * 2);
    for (let configuration = 0; configuration < this.count; configuration++) {
      let place = words[configuration * this.stride + HASH]! & (table.length - 1);
      while (table[place] !== 0) place = (place + 1) & (table.length - 1);
      table[place] = configuration + 1;
    }
    this.table = table;
  }
}
