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

  get covered(): number {
    return this.first.size;
  }

  /** Seeds without a result, as ranges in order. */
  get missing(): readonly Seeds[] {
    const [from, to] = this.seeds;
    const ranges: [number, number][] = [];
    for (let seed = from; seed <= to; seed++) {
      if (this.first.has(seed)) continue;
      const last = ranges.at(-1);
      if (last?.[1] === seed - 1) last[1] = seed;
      else ranges.push([seed, seed]);
    }
    return ranges;
  }

  get doubles(): readonly Double[] {
    return Array.from(this.others, ([seed, others]) => {
      const sightings = [this.first.get(seed)!, ...others];
      const digests = new Set(sightings.map(({ digest }) => digest));
      return { seed, places: sightings.map(({ place }) => placeText(place)), differing: digests.size > 1 };
    }).sort((a, b) => a.seed - b.seed);
  }
}
