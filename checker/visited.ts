/**
 * The configurations that a search has reached, each once, and from where it first came to them. A configuration is
 * a return, a mask over the in-flight operations and a state; two ways to the same one have the same future
 * (Lowe, "Testing for linearizability", 2017), so only the first is followed.
 *
 * Everything lies in two pooled arrays: no object per configuration, and a size that is known in advance.
 */

/** Place of a configuration's words: return, state, the one it came from, the operation that led here, mask. */
const RETURN = 0;
const STATE = 1;
const PARENT = 2;
const OPERATION = 3;
const MASK = 4;

/** The parent of the first configuration, and the answer for one that was there before. */
export const NONE = -1;

export class Visited {
  count = 0;
  /** Words in a mask. */
  readonly width: number;
  private readonly stride: number;
  private words: Int32Array;
  /** Open addressing, at most half full; 0 is free, else the configuration's number + 1. */
  private table: Int32Array;

  /** `expected` is a guess of the number of configurations. */
  constructor(width: number, expected: number) {
    this.width = width;
    this.stride = MASK + width;
    let capacity = 16;
    while (capacity < expected) capacity *= 2;
    this.words = new Int32Array(capacity * this.stride);
    this.table = new Int32Array(capacity * 2);
  }

  returnOf(configuration: number): number {
    return this.words[configuration * this.stride + RETURN]!;
  }

  stateOf(configuration: number): number {
    return this.words[configuration * this.stride + STATE]!;
  }

  parentOf(configuration: number): number {
    return this.words[configuration * this.stride + PARENT]!;
  }

  operationOf(configuration: number): number {
    return this.words[configuration * this.stride + OPERATION]!;
  }

  readMask(configuration: number, mask: Int32Array): void {
    const start = configuration * this.stride + MASK;
    for (let i = 0; i < this.width; i++) mask[i] = this.words[start + i]!;
  }

  /** The number of the new configuration, or NONE if it was there. */
  add(at: number, state: number, mask: Int32Array, parent: number, operation: number): number {
    if (this.count * 2 === this.table.length) this.grow();
    const { words, table, stride, width } = this;
    let place = hashOf(at, state, mask, 0, width) & (table.length - 1);
    for (let entry = table[place]!; entry !== 0; entry = table[place]!) {
      if (this.holds(entry - 1, at, state, mask)) return NONE;
      place = (place + 1) & (table.length - 1);
    }
    const configuration = this.count++;
    table[place] = configuration + 1;
    const start = configuration * stride;
    words[start + RETURN] = at;
    words[start + STATE] = state;
    words[start + PARENT] = parent;
    words[start + OPERATION] = operation;
    for (let i = 0; i < width; i++) words[start + MASK + i] = mask[i]!;
    return configuration;
  }

  /** Hashes choose places only; what counts is compared word for word. */
  private holds(configuration: number, at: number, state: number, mask: Int32Array): boolean {
    const words = this.words;
    const start = configuration * this.stride;
    if (words[start + RETURN] !== at || words[start + STATE] !== state) return false;
    for (let i = 0; i < this.width; i++) {
      if (words[start + MASK + i] !== mask[i]) return false;
    }
    return true;
  }

  private grow(): void {
    const words = new Int32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
    const table = new Int32Array(this.table.length * 2);
    for (let configuration = 0; configuration < this.count; configuration++) {
      const start = configuration * this.stride;
      const hash = hashOf(words[start + RETURN]!, words[start + STATE]!, words, start + MASK, this.width);
      let place = hash & (table.length - 1);
      while (table[place] !== 0) place = (place + 1) & (table.length - 1);
      table[place] = configuration + 1;
    }
    this.table = table;
  }
}

function hashOf(at: number, state: number, mask: Int32Array, start: number, width: number): number {
  let hash = Math.imul(at, 0x9e3779b1) ^ Math.imul(state + 1, 0x85ebca6b);
  for (let i = 0; i < width; i++) hash = Math.imul(hash ^ mask[start + i]!, 0xc2b2ae35) ^ (hash >>> 13);
  return hash ^ (hash >>> 16);
}
