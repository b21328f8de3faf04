/** What servers and clients did wrong, lettered for the picture and for the words above it. */

import type { Reason } from "../../lab/run/why.ts";
import type { Drawn } from "../drawn.ts";

export interface Deed extends Reason {
  /** A for the reason, then in order of time. */
  readonly letter: string;
  /** Where the picture shows it: twice if it was done twice. */
  readonly marks: readonly Mark[];
}

interface Mark {
  /** The letter, with a number if there are several. */
  readonly label: string;
  readonly node: string;
  readonly at: number;
}

/** More would be a list of echoes: every letter in the picture is explained before it. */
const MOST_DEEDS = 4;

/** The reason first, then what followed from it. Empty if no rule fits, or nobody looked. */
export function deedsOf({ why }: Drawn): readonly Deed[] {
  if (why === undefined || why.reason === null) return [];
  return [why.reason, ...why.consequences].slice(0, MOST_DEEDS).map((reason, i) => {
    const letter = String.fromCharCode(65 + i);
    return { ...reason, letter, marks: marksOf(reason, letter) };
  });
}

/** How many more there are than have letters. */
export function unletteredOf({ why }: Drawn): number {
  return why === undefined ? 0 : Math.max(0, why.consequences.length + 1 - MOST_DEEDS);
}

function marksOf({ node, at, earlier }: Reason, letter: string): readonly Mark[] {
  if (earlier === undefined) return [{ label: letter, node, at }];
  return [
    { label: `${letter}1`, ...earlier },
    { label: `${letter}2`, node, at },
  ];
}
