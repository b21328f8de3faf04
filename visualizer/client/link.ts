/**
 * What is in view, as the page's fragment: copying the address copies the view. Names that are not the timeline's own
 * are left alone.
 */

import type { Filter } from "../filter.ts";
import { fragment, setFragment } from "./fragment.ts";

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
  return NAMES.some((name) => fragment(name) !== null);
}

export function readLink(): Place {
  const outcome = fragment("outcome");
  return {
    from: whole(fragment("from")),
    until: whole(fragment("until")),
    operation: whole(fragment("op")),
    filter: {
      object: fragment("key"),
      client: fragment("client"),
      kind: fragment("kind"),
      outcome:
        outcome === "acknowledged" || outcome === "indeterminate" || outcome === "pending" ? outcome : null,
      words: fragment("find") ?? "",
    },
    isRanked: fragment("axis") === "rank",
  };
}

export function writeLink(place: Place): void {
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
  for (const name of NAMES) setFragment(name, fitting(values[name]));
}

/** Half of a character is none in an address. */
function fitting(value: string | null): string | null {
  return value === null || value.length > LONGEST || /\p{Cs}/u.test(value) ? null : value;
}

function whole(text: string | null): number | null {
  return text !== null && /^-?\d{1,15}$/.test(text) ? Number(text) : null;
}
