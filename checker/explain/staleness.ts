/** How old an answer was: in versions, and in time. Only what is certain counts, in whatever order the rest stands. */

import type { KvState } from "../models/kv.ts";
import { type Call, finishedBefore } from "./call.ts";
import type { Code } from "./code.ts";
import { Core, markOf } from "./core.ts";
import type { Staleness } from "./explanation.ts";
import type { KvCall } from "./translation.ts";

/**
 * Of a read, or a cas that swapped, and everything up to its return: the writes that had returned before it
 * began, and were called after the value that it saw had been there, and do not show in it. Null if there are none.
 */
export function stalenessOf(
  calls: readonly KvCall[],
  impossible: number,
  initial: KvState,
  code: Code,
): Staleness | null {
  const all = new Core(calls, impossible, initial, code);
  const reader = all.impossible;
  const sight = all.sightOf(reader);
  if (sight === null) return null;
  const there = headReturned(all, sight.head);
  if (there === null) return null;
  let versions = 0;
  let first: KvCall | null = null;
  for (const write of all.writes) {
    if (!finishedBefore(write, reader) || write.call < there || all.shows(sight, write)) continue;
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
function headReturned(all: Core, head: KvState): number | null {
  const sources = all.writes.filter((write) => {
    const mark = markOf(write);
    return mark?.kind === "value" && mark.value === head;
  });
  if (sources.length === 0) return head === all.initial ? -1 : null;
  let place = 0;
  for (const source of sources) place = Math.max(place, source.return);
  if (sources.length > 1 || head === all.initial) return place;
  for (const read of all.otherReads) {
    if (read.return < place && all.sightOf(read)!.head === head) place = read.return;
  }
  return place;
}
