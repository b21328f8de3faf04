/**
 * What is in view, as the page's fragment: copying the address copies the view. Names that are not the timeline's own
 * are left alone.
 */

import type { Filter } from "../filter.ts";

/** Times in microseconds, whatever the axis shows. */
export interface Place {
  readonly from: number | null;
  readonly until: number | null;
  /** The pinned operation's id. */
  readonly operation: number | null;
  readonly filter: Filter;
  readonly isRanked: boolean;
}

/** Fragments longer than this are cut off by what links go through: a long search is left out. */
const LONGEST = 200;

const NAMES = ["from", "until", "op", "key", "client", "kind", "outcome", "find", "axis"] as const;

/** Whether the fragment names any of the timeline's own. */
export function isLinked(): boolean {
  const given = parameters();
  return NAMES.some((name) => given.has(name));
}

export function readLink(): Place {
  const given = parameters();
  const outcome = given.get("outcome");
  return {
    from: whole(given.get("from")),
    until: whole(given.get("until")),
    operation: whole(given.get("op")),
    filter: {
      object: given.get("key"),
      client: given.get("client"),
      kind: given.get("kind"),
      outcome:
        outcome === "acknowledged" || outcome === "indeterminate" || outcome === "pending" ? outcome : null,
      words: given.get("find") ?? "",
    },
    isRanked: given.get("axis") === "rank",
  };
}

let waiting: ReturnType<typeof setTimeout> | null = null;

/** Soon, and once for many changes: browsers refuse addresses that change in every frame. */
export function writeLink(place: Place): void {
  if (waiting !== null) clearTimeout(waiting);
  waiting = setTimeout(() => {
    waiting = null;
    const { filter } = place;
    const values: Readonly<Record<(typeof NAMES)[number], string | null>> = {
      from: place.from === null ? null : String(Math.round(place.from)),
      until: place.until === null ? null : String(Math.round(place.until)),
      op: place.operation === null ? null : String(place.operation),
      key: filter.object,
      client: filter.client,
      kind: filter.kind,
      outcome: filter.outcome,
      find: filter.words === "" ? null : filter.words,
      axis: place.isRanked ? "rank" : null,
    };
    const made = parameters();
    for (const name of NAMES) {
      const value = values[name];
      if (value === null || value.length > LONGEST || /\p{Cs}/u.test(value)) made.delete(name);
      else made.set(name, value);
    }
    history.replaceState(null, "", `#${made}`);
  }, 200);
}

function parameters(): URLSearchParams {
  return new URLSearchParams(location.hash.slice(1));
}

function whole(text: string | null): number | null {
  return text !== null && /^-?\d{1,15}$/.test(text) ? Number(text) : null;
}
