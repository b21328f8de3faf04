/**
 * Servers differ by their names only, so worlds that a renaming makes equal are one (Ip and Dill 1996, "Better
 * verification through symmetry"): the digest of a world is the least of those that its renamings have.
 */

import { Digest, type NodeId } from "../../src/base/index.ts";
import { ALLOWANCES } from "./bounds.ts";
import type { World } from "./world.ts";

export type Renaming = ReadonlyMap<NodeId, number>;

/** All of them; the first leaves every name as it is. */
export function renamingsOf(servers: readonly NodeId[]): readonly Renaming[] {
  return ordersOf(servers).map((order) => new Map(order.map((id, label) => [id, label])));
}

function ordersOf<T>(items: readonly T[]): readonly T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first, i) => ordersOf(items.toSpliced(i, 1)).map((rest) => [first, ...rest]));
}

/** 64 bits, in two halves. */
export interface Halves {
  readonly high: number;
  readonly low: number;
}

export function digestOf({ cells, memory, spent }: World, renamings: readonly Renaming[]): Halves {
  const base = new Digest();
  for (const what of ALLOWANCES) base.word(spent[what]);
  let least: Halves | null = null;
  for (const [number, labels] of renamings.entries()) {
    let { high, low } = memory.digest(number, labels);
    for (const cell of cells) {
      const digest = cell.digest(number, labels);
      high = (high + digest.high) | 0;
      low = (low + digest.low) | 0;
    }
    if (least === null || high < least.high || (high === least.high && low < least.low))
      least = { high, low };
  }
  // What is spent is the same under every name.
  return { high: (least!.high + base.high) | 0, low: (least!.low + base.low) | 0 };
}
