/** States' keys that are lists, as short texts: their parts are numbered, for most states have most of them in common. */

import { emptied } from "../intake/pool.ts";
import type { StateKey } from "../model/key.ts";

/** Engines take only so many arguments at once. */
const MOST_UNITS = 8_192;

export class Keys {
  private readonly numbers = new Map<string, number>();
  private units = new Uint16Array(32);

  clear(): void {
    emptied(this.numbers);
  }

  /** The same for the same key only, of keys that are all texts or all lists: a part is two characters. */
  shortened(key: StateKey): string {
    if (typeof key === "string") return key;
    const { length } = key;
    if (this.units.length < 2 * length) this.units = new Uint16Array(4 * length);
    const { units } = this;
    for (let i = 0; i < length; i++) {
      const number = this.numberOf(key[i]!);
      units[2 * i] = number;
      units[2 * i + 1] = number >>> 16;
    }
    let text = "";
    for (let from = 0; from < 2 * length; from += MOST_UNITS) {
      const some = units.subarray(from, Math.min(from + MOST_UNITS, 2 * length));
      // To spread a typed array goes through an iterator: the whole search took half as long again.
      text += String.fromCharCode.apply(null, some as unknown as number[]);
    }
    return text;
  }

  private numberOf(part: string): number {
    const known = this.numbers.get(part);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.numbers.set(part, number);
    return number;
  }
}
