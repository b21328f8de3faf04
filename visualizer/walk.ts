/** Walking through the timeline with arrow keys: the next thing in a row, or the nearest in the row above or below. */

import { findItem, firstAfter, type Item, itemOf, type Lane, type Scene } from "./layout.ts";

export type Direction = "left" | "right" | "up" | "down";

/** From an item, or from the instant in the middle of the view if there is none yet. Stays put at an edge. */
export function walk(scene: Scene, from: Item | null, middle: number, direction: Direction): Item | null {
  const lanes = scene.lanes.filter((lane) => lane.pieces.length > 0 && lane.kind !== "problem");
  const place = from === null ? null : findItem(scene, from);
  if (place === null) return nearest(lanes[0], middle);
  const { lane, piece } = place;
  if (direction === "left" || direction === "right") {
    const next = lane.pieces[lane.pieces.indexOf(piece) + (direction === "right" ? 1 : -1)];
    return next === undefined ? from : itemOf(lane, next);
  }
  const next = lanes[lanes.indexOf(lane) + (direction === "down" ? 1 : -1)];
  return next === undefined ? from : nearest(next, (piece.from + piece.until) / 2);
}

function nearest(lane: Lane | undefined, instant: number): Item | null {
  if (lane === undefined) return null;
  const index = firstAfter(lane.pieces, instant);
  const [before, after] = [lane.pieces[index - 1], lane.pieces[index]];
  const nearer =
    before !== undefined && (after === undefined || instant - before.until < after.from - instant)
      ? before
      : after;
  return nearer === undefined ? null : itemOf(lane, nearer);
}
