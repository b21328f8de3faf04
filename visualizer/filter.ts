/** Which operations a person wants to see: all conditions at once. The others stay, faint: context is half of the answer. */

import type { Drawn } from "./drawn.ts";
import type { Lane, Piece, Scene } from "./layout.ts";

type Operation = Drawn["operations"][number];

/** Null or an empty text asks for nothing. */
export interface Filter {
  readonly object: string | null;
  readonly client: string | null;
  readonly kind: string | null;
  readonly outcome: Operation["outcome"] | null;
  /** Somewhere in the operation's words; upper and lower case are the same. */
  readonly words: string;
}

export const EVERYTHING: Filter = { object: null, client: null, kind: null, outcome: null, words: "" };

export interface Matching {
  readonly count: number;
  /** By operation: 1 if it matches. */
  readonly operations: Uint8Array;
  readonly pieces: ReadonlyMap<Lane, readonly Piece[]>;
}

/** Null if the filter asks for nothing. */
export function matchingOf({ operations }: Drawn, scene: Scene, filter: Filter): Matching | null {
  const { object, client, kind, outcome } = filter;
  const words = filter.words.trim().toLowerCase();
  if (object === null && client === null && kind === null && outcome === null && words === "") return null;
  const found = new Uint8Array(operations.length);
  let count = 0;
  for (let index = 0; index < operations.length; index++) {
    const operation = operations[index]!;
    const matches =
      (object === null || operation.object === object) &&
      (client === null || operation.client === client) &&
      (kind === null || operation.kind === kind) &&
      (outcome === null || operation.outcome === outcome) &&
      (words === "" || operation.words.toLowerCase().includes(words));
    if (!matches) continue;
    found[index] = 1;
    count++;
  }
  const lanes = scene.lanes.filter((lane) => lane.kind === "client");
  return {
    count,
    operations: found,
    pieces: new Map(lanes.map((lane) => [lane, lane.pieces.filter(({ index }) => found[index] === 1)])),
  };
}

/** The next matching operation after one, or before it, in the order of calls, round and round; null if none matches. */
export function nextMatch(matching: Matching, from: number | null, step: 1 | -1): number | null {
  const { operations } = matching;
  const start = from ?? (step === 1 ? -1 : operations.length);
  for (let tried = 1; tried <= operations.length; tried++) {
    const index = (((start + step * tried) % operations.length) + operations.length) % operations.length;
    if (operations[index] === 1) return index;
  }
  return null;
}
