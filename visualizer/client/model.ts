/** What the client works from: the report and everything derived from it once, at load; and what the person chose. */

import type { Drawn } from "../drawn.ts";
import { type Judgement, judgementOf } from "../judgement.ts";
import { type Item, type Scene, sceneOf } from "../layout.ts";
import { type Problem, problemsOf } from "../problem.ts";

export interface Model {
  readonly report: Drawn;
  readonly judgement: Judgement;
  readonly problems: readonly Problem[];
  readonly scene: Scene;
}

/** The person's choices. One object, changed in place; whoever changes it asks for a new frame. */
export interface Choice {
  /** The highlighted key. */
  object: string | null;
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
}

export function modelOf(report: Drawn): Model {
  const judgement = judgementOf(report);
  const problems = problemsOf(report, judgement);
  return { report, judgement, problems, scene: sceneOf(report, problems) };
}
