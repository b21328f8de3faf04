/** Where people want to go in a film: elections, crashes, and what went wrong. */

import type { Problem } from "../problem.ts";
import { type Film, momentAt } from "./film.ts";

export const LANDMARK_KINDS = ["election", "crash", "violation"] as const;

export type LandmarkKind = (typeof LANDMARK_KINDS)[number];

/** An instant, in microseconds, and what went wrong at it. */
export interface Wrong {
  readonly at: number;
  readonly label: string;
}

export interface Landmark {
  readonly kind: LandmarkKind;
  readonly moment: number;
  readonly label: string;
}

/** When what went wrong could be seen: an impossible answer when it came. */
export function wrongOf(problems: readonly Problem[]): readonly Wrong[] {
  return problems.map(({ at, until, label, kind }) => ({ at: kind === "violation" ? at : until, label }));
}

/** In order of moments. */
export function landmarksOf(film: Film, wrong: readonly Wrong[]): readonly Landmark[] {
  const landmarks: Landmark[] = [];
  film.moments.forEach(({ kind, from }, moment) => {
    if (kind === "crash" && film.frames.has(from)) {
      landmarks.push({ kind: "crash", moment, label: `${from} crashes` });
    }
  });
  for (const [id, frames] of film.frames) {
    frames.forEach(({ role, term, moment }, i) => {
      const before = frames[i - 1];
      if (role === before?.role && term === before?.term) return;
      if (role === "candidate")
        landmarks.push({ kind: "election", moment, label: `${id} stands for term ${term}` });
      if (role === "leader") landmarks.push({ kind: "election", moment, label: `${id} leads term ${term}` });
    });
  }
  for (const { at, label } of wrong) landmarks.push({ kind: "violation", moment: momentAt(film, at), label });
  return landmarks.sort((a, b) => a.moment - b.moment);
}

/** The nearest one of this kind before or after a moment, round and round; null if there is none. */
export function nextLandmark(
  landmarks: readonly Landmark[],
  kind: LandmarkKind,
  moment: number,
  direction: 1 | -1,
): Landmark | null {
  const wanted = landmarks.filter((each) => each.kind === kind);
  if (direction > 0) return wanted.find((each) => each.moment > moment) ?? wanted[0] ?? null;
  return wanted.findLast((each) => each.moment < moment) ?? wanted.at(-1) ?? null;
}
