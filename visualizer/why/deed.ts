/** What servers and clients did wrong, lettered for the picture and the list beside it. */

import type { Reason } from "../../lab/run/why.ts";
import type { Drawn } from "../drawn.ts";

export interface Deed extends Reason {
  /** A for the reason, then in order of time. */
  readonly letter: string;
}

/** More would be a list of echoes. */
const MOST_DEEDS = 6;

/** The reason first, then what followed from it. Empty if no rule fits, or nobody looked. */
export function deedsOf({ why }: Drawn): readonly Deed[] {
  if (why === undefined || why.reason === null) return [];
  return [why.reason, ...why.consequences]
    .slice(0, MOST_DEEDS)
    .map((reason, i) => ({ ...reason, letter: String.fromCharCode(65 + i) }));
}
