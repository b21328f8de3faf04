/** How old an answer was: in versions, and in time. Only what is certain counts, in whatever order the rest stands. */

import type { KvState } from "../models/kv.ts";
import { type Call, finishedBefore } from "./call.ts";
import { type Core, type Sight, wrote } from "./core.ts";
import type { Staleness } from "./explanation.ts";
import type { KvCall } from "./translation.ts";

/**
 * Of an answer that saw this, with everything up to its return: the writes that had returned before it began, and
 * were called after the value that it goes back to had been there, and do not show in it. Null if there are none.
 */
export function stalenessOf(prefix: Core, sight: Sight | null): Staleness | null {
  if (sight === null) return null;
  const reader = prefix.impossible;
  const there = headReturned(prefix, sight.head);
  if (there === null) return null;
  // A value may be thousands of texts long.
  const texts = new Set(sight.tail);
  const isShown = (write: KvCall): boolean =>
    write.input.kind === "append" ? texts.has(write.input.value) : prefix.shows(sight, write);
  let versions = 0;
  let first: KvCall | null = null;
  for (const write of prefix.writes) {
    if (!finishedBefore(write, reader) || write.call < there || isShown(write)) continue;
    versions++;
    if (first === null || write.return < first.return) first = write;
  }
  if (first === null) return null;
  return { versions, microseconds: Math.max(0, since(first, reader)), since: first.id };
}

/** From the return of one to the call of the other, in microseconds. */
export function since(earlier: Call<unknown, unknown>, later: Call<unknown, unknown>): number {
  return later.calledAt - (earlier.returnedAt ?? later.calledAt);
}

/** The place by which the value had certainly been there for the last time it can have been written; null: never. */
function headReturned(prefix: Core, head: KvState): number | null {
  const sources = prefix.writes.filter((write) => wrote(write, head));
  if (sources.length === 0) return head === prefix.initial ? -1 : null;
  let place = 0;
  for (const source of sources) place = Math.max(place, source.return);
  if (sources.length > 1 || head === prefix.initial) return place;
  for (const read of prefix.otherReads) {
    if (read.return < place && prefix.sightOf(read)!.head === head) place = read.return;
  }
  return place;
}
