/** Which seeds of a campaign are whose, when several machines share it. */

import { assert } from "../../src/base/index.ts";

/** Seeds from ... to, both included. */
export type Seeds = readonly [from: number, to: number];

export interface Shard {
  /** 1 ... count. */
  readonly index: number;
  readonly count: number;
}

export const WHOLE: Shard = { index: 1, count: 1 };

/**
 * A shard's part: stretches whose lengths differ by one at most, in order, so that a shard that never ran is one range
 * that people can name. There must be a seed for every shard.
 */
export function seedsOfShard([from, to]: Seeds, { index, count }: Shard): Seeds {
  const size = to - from + 1;
  assert(count <= size, () => `${count} shards cannot share ${size} seeds`);
  assert(index >= 1 && index <= count, () => `shard ${index} is none of ${count}`);
  const small = Math.floor(size / count);
  const larger = size % count;
  const before = (shards: number) => from + shards * small + Math.min(shards, larger);
  return [before(index - 1), before(index) - 1];
}
