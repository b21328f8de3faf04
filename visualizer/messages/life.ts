/** The nodes' lines in a diagram: what role a server has in which part of it, and where it was down or paused. */

import type { Film, Frame } from "../cluster/film.ts";
import type { Labels } from "../labels.ts";
import { label, line, type Shape } from "../shape.ts";
import { type Grid, GUTTER } from "./grid.ts";

/** A server that changes its role more often than this in one picture has only so many of its lives drawn. */
const MOST_LIVES = 6;

interface Life {
  readonly from: number;
  readonly until: number;
  readonly state: string;
  readonly term: number;
}

export function lifeShapes(film: Film, grid: Grid, labels: Labels): readonly Shape[] {
  return grid.rows.flatMap((id) => {
    const y = grid.y(id);
    const name = label("name", GUTTER - 8, y + 4, id);
    const frames = film.frames.get(id);
    if (frames === undefined) return [name, line("life client", GUTTER, y, grid.right, y)];
    // Followers are named last: where there is room for one name only, it is that of whoever is not one.
    const lives = livesOf(film, frames, grid);
    const isFollower = ({ state }: Life) => state === "follower";
    const ordered = [...lives.filter((life) => !isFollower(life)), ...lives.filter(isFollower)];
    return [name, ...ordered.flatMap((life) => lifeOf(life, y, grid, labels))];
  });
}

function lifeOf({ from, until, state, term }: Life, y: number, grid: Grid, labels: Labels): readonly Shape[] {
  const [x1, x2] = [Math.max(GUTTER, grid.x(from)), Math.min(grid.right, grid.x(until))];
  const shape = line(`life ${state}`, x1, y, x2, y);
  const text = state === "down" ? "down" : `${state}, term ${term}`;
  const place = { x: x1 + 3, y: y - 6 };
  return labels.take(place, text, grid.right)
    ? [shape, label(`state ${state}`, place.x, place.y, text)]
    : [shape];
}

/** Stretches of one role in one term, as far as they are in the picture. */
function livesOf({ moments }: Film, frames: readonly Frame[], { stretch }: Grid): readonly Life[] {
  const lives: Life[] = [];
  for (const { moment, condition, role, term } of frames) {
    const at = moments[moment]!.time;
    const state = condition === "up" ? role! : condition;
    const latest = lives.at(-1);
    if (latest?.state === state && latest.term === term) continue;
    if (latest !== undefined) lives[lives.length - 1] = { ...latest, until: at };
    lives.push({ from: at, until: Number.MAX_SAFE_INTEGER, state, term });
  }
  return lives
    .filter(({ from, until }) => from <= stretch.until && until >= stretch.from)
    .slice(0, MOST_LIVES);
}
