/**
 * Scratch memory that outlives a check. Making typed arrays costs more than deciding a short history in them, so
 * whoever is done with them gives them back. What they hold is never read before it is written: no check can learn
 * anything from the one before.
 */

export interface Pooled {
  /** 32-bit words in all its arrays, about. */
  readonly words: number;
}

/** Beyond this, memory goes back to the engine, not to the pool. */
const MOST_WORDS = 1 << 20;

/** A check inside of a check (by a model, say) finds the pool empty and gets memory of its own. */
export class Pool<Item extends Pooled> {
  private readonly make: () => Item;
  private readonly free: Item[] = [];

  constructor(make: () => Item) {
    this.make = make;
  }

  take(): Item {
    return this.free.pop() ?? this.make();
  }

  give(item: Item): void {
    if (this.free.length < 2 && item.words <= MOST_WORDS) this.free.push(item);
  }
}

/** The array itself if it has that many places, else a longer one. What it held is lost. */
export function atLeast(array: Int32Array, length: number): Int32Array {
  return array.length >= length ? array : new Int32Array(roomFor(length));
}

/** The array, or a longer one with the same beginning. */
export function grown(array: Int32Array, length: number): Int32Array {
  if (array.length >= length) return array;
  const longer = new Int32Array(roomFor(length));
  longer.set(array);
  return longer;
}

function roomFor(length: number): number {
  return Math.max(64, length + (length >>> 1));
}

/** Empties a map; emptying an empty one costs too. */
export function emptied<Key, Value>(map: Map<Key, Value>): void {
  if (map.size > 0) map.clear();
}
