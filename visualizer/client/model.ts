/** What the client works from: the report and everything derived from it once, at load; and what the person chose. */

import type { Drawn } from "../drawn.ts";
import { EVERYTHING, type Filter, type Matching } from "../filter.ts";
import { type Judgement, judgementOf } from "../judgement.ts";
import { type Axis, findItem, type Item, type Lane, type Piece, type Scene, sceneOf } from "../layout.ts";
import { type Problem, problemsOf } from "../problem.ts";

export interface Model {
  readonly report: Drawn;
  readonly judgement: Judgement;
  readonly problems: readonly Problem[];
  readonly scene: Scene;
  /** The operations that fit nowhere, by row, in order of time. */
  readonly blocked: ReadonlyMap<Lane, readonly Piece[]>;
}

/** The person's choices. One object, changed in place; whoever changes it asks for a new frame. */
export interface Choice {
  /** Its object is the highlighted key. */
  filter: Filter;
  /** What the filter lets through; null if that is everything. */
  matching: Matching | null;
  /** Under the pointer, or where the arrow keys stand. */
  hovered: Item | null;
  pinned: Item | null;
}

/** One frame's view of time: how instants and pixels correspond. */
export interface Frame {
  readonly from: number;
  readonly until: number;
  readonly width: number;
  /** Pixels from the left edge of the canvas. */
  x(instant: number): number;
  /** The inverse. */
  instant(x: number): number;
}

export function noChoice(): Choice {
  return { filter: EVERYTHING, matching: null, hovered: null, pinned: null };
}

export function modelOf(report: Drawn, axis: Axis = "time"): Model {
  const judgement = judgementOf(report);
  const problems = problemsOf(report, judgement);
  const scene = sceneOf(report, problems, axis);
  return { report, judgement, problems, scene, blocked: blockedOf(judgement, scene) };
}

function blockedOf({ orders }: Judgement, scene: Scene): Map<Lane, Piece[]> {
  const byLane = new Map<Lane, Piece[]>();
  for (const operation of [...orders.values()].flatMap((order) => order.blocked)) {
    const { lane, piece } = findItem(scene, { kind: "operation", operation })!;
    byLane.set(lane, [...(byLane.get(lane) ?? []), piece]);
  }
  return byLane;
}
