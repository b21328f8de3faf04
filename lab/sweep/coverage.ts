/** Whether every seed of a range was run exactly once: which are missing, and which stand in more than one place. */

import { type Place, placeText } from "./line.ts";
import type { SeedResult } from "./result.ts";
import type { Seeds } from "./shard.ts";

/** A seed with more than one result. */
export interface Double {
  readonly seed: number;
  /** Such as `out/sweep.ndjson:17`. */
  readonly places: readonly string[];
  /** Its results are not even the same. */
  readonly differing: boolean;
}

interface Sighting {
  readonly place: Place;
  readonly digest: string | null;
}

export class Coverage {
  private readonly seeds: Seeds;
  private readonly first = new Map<number, Sighting>();
  private readonly others = new Map<number, Sighting[]>();

  constructor(seeds: Seeds) {
    this.seeds = seeds;
  }

  /** True if it is the first result of its seed. */
  add({ seed, digest }: SeedResult, place: Place): boolean {
    const isFirst = !this.first.has(seed);
    if (isFirst) this.first.set(seed, { place, digest });
    else this.others.set(seed, [...(this.others.get(seed) ?? []), { place, digest }]);
    return isFirst;
  }

  has(seed: number): boolean {
    return this.first.has(seed);
  }

  /** Seeds without a result, as ranges in order. */
  get missing(): readonly Seeds[] {
    const [from, to] = this.seeds;
    const ranges: Seeds[] = [];
    let next = from;
    for (const seed of [...this.first.keys()].sort((a, b) => a - b)) {
      if (seed > next) ranges.push([next, seed - 1]);
      next = seed + 1;
    }
    return next > to ? ranges : [...ranges, [next, to]];
  }

  get doubles(): readonly Double[] {
    return Array.from(this.others, ([seed, others]) => {
      const sightings = [this.first.get(seed)!, ...others];
      const digests = new Set(sightings.map(({ digest }) => digest));
      return { seed, places: sightings.map(({ place }) => placeText(place)), differing: digests.size > 1 };
    }).sort((a, b) => a.seed - b.seed);
  }
}
