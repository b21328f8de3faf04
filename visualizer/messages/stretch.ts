/** Which stretch of time a diagram of messages shows. All instants are virtual microseconds. */

import type { Film, Flight } from "../cluster/film.ts";
import { kindOf, type MessageKind } from "../cluster/kind.ts";

export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** No message takes less: closer than this there is nothing to see. */
const SHORTEST = 400;
const LONGEST = 2_000_000;

/** The stretch around an instant that holds about so many messages of these kinds, sent last before it for the most part. */
export function stretchAround(
  { flights }: Pick<Film, "flights">,
  instant: number,
  kinds: ReadonlySet<MessageKind>,
  count: number,
): Stretch {
  const shown = flights.filter((flight) => kinds.has(kindOf(flight)));
  const next = shown.findIndex(({ sentAt }) => sentAt > instant);
  const middle = next < 0 ? shown.length : next;
  // What led to it tells more than what came after.
  const first = shown[Math.max(0, middle - Math.ceil(count * 0.75))]?.sentAt ?? instant;
  const last = shown[Math.min(shown.length - 1, middle + Math.floor(count * 0.25))]?.sentAt ?? instant;
  const from = Math.max(first, instant - LONGEST / 2);
  const until = Math.min(Math.max(last, instant), instant + LONGEST / 2);
  const air = Math.max(SHORTEST / 2, (until - from) * 0.05);
  return { from: Math.round(from - air), until: Math.round(until + air) };
}

/** Positive is later, in stretches. */
export function moved({ from, until }: Stretch, by: number): Stretch {
  const distance = Math.round((until - from) * by);
  return { from: from + distance, until: until + distance };
}

/** Around the same middle; below 1 is closer. */
export function zoomed({ from, until }: Stretch, factor: number): Stretch {
  const middle = (from + until) / 2;
  const half = Math.min(LONGEST, Math.max(SHORTEST, (until - from) * factor)) / 2;
  return { from: Math.round(middle - half), until: Math.round(middle + half) };
}

export function overlaps({ from, until }: Stretch, { sentAt, endedAt }: Flight): boolean {
  return sentAt <= until && endedAt >= from;
}
