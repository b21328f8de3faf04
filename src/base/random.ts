/**
 * All randomness comes from one seed, forked by name: taking one stream or one draw away never shifts another.
 * Draws are integers, because floating point differs where integers cannot.
 */

import alea from "seedrandom/lib/alea.js";
import { assert } from "./assert.ts";

/** A stream of draws (Baagøe's alea, by way of seedrandom). */
export class Random {
  /** The seed and the names that led here: the same path is the same stream. */
  readonly path: string;
  /** Null before the first draw: making a stream costs hundreds of draws, and many are only forked. */
  private stream: { int32(): number } | null = null;

  constructor(path: string | number) {
    this.path = String(path);
  }

  /** An independent stream: `fork("n3", 2)` is the second life of node 3, whatever was drawn here before. */
  fork(...names: readonly (string | number)[]): Random {
    return new Random(`${this.path}/${names.join("/")}`);
  }

  /** 32 random bits, as an unsigned integer. */
  uint32(): number {
    this.stream ??= alea(this.path);
    return this.stream.int32() >>> 0;
  }

  /** 0 ... n-1. The bias of the remainder is below n / 2^32. */
  below(n: number): number {
    assert(
      Number.isInteger(n) && n > 0 && n <= 0x100000000,
      () => `a draw below ${n} needs an integer in 1 ... 2^32`,
    );
    return this.uint32() % n;
  }

  /** low ... high, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True in `permille` of 1000 draws. */
  chance(permille: number): boolean {
    return this.below(1000) < permille;
  }

  pick<T>(items: readonly T[]): T {
    assert(items.length > 0, "cannot pick from an empty list");
    return items[this.below(items.length)]!;
  }

  /** A new list in random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const order = [...items];
    for (let i = order.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const swapped = order[i]!;
      order[i] = order[j]!;
      order[j] = swapped;
    }
    return order;
  }
}

/**
 * Draws looked up by number instead of taken in turn: what happens to the hundredth message of a link is the same
 * whether or not the ninety-ninth was sent. One draw is two rounds of MurmurHash3's finaliser (Appleby), so it costs
 * nanoseconds and needs no stream of its own.
 */
export class KeyedRandom {
  private readonly a: number;
  private readonly b: number;

  constructor(a: number, b: number) {
    this.a = a | 0;
    this.b = b | 0;
  }

  static from(random: Random): KeyedRandom {
    return new KeyedRandom(random.uint32(), random.uint32());
  }

  /** Draws of their own for a pair of numbers, such as the two ends of a link. */
  fork(x: number, y: number): KeyedRandom {
    return new KeyedRandom(
      finalise(this.a ^ Math.imul(x + 1, 0x9e3779b1)),
      finalise(this.b ^ Math.imul(y + 1, 0x85ebca77)),
    );
  }

  /** 0 ... n-1, the same for the same number and purpose. */
  below(n: number, number: number, purpose: number): number {
    const first = finalise(this.a ^ Math.imul(number, 0x9e3779b1));
    const second = finalise(first ^ this.b ^ Math.imul(purpose + 1, 0x85ebca77));
    return (second >>> 0) % n;
  }
}

function finalise(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
