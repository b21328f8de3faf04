/** The axis of a diagram: virtual time, at round instants. */

import { ticks } from "d3";
import { label, line, type Shape } from "../shape.ts";
import { milliseconds } from "../text.ts";
import type { Grid } from "./grid.ts";

/** Pixels that a label needs. */
const APART = 110;

export function axisShapes({ stretch, x, right, height }: Grid): readonly Shape[] {
  const { from, until } = stretch;
  const count = Math.max(2, Math.floor((x(until) - x(from)) / APART));
  return ticks(from, until, count)
    .filter((instant) => Number.isInteger(instant))
    .flatMap((instant) => {
      const at = x(instant);
      const rule = line("rule", at, 20, at, height - 16);
      return at > right - 30 ? [rule] : [rule, label("tick", at, 13, shown(instant))];
    });
}

/** Without digits that are all zero. */
function shown(instant: number): string {
  return milliseconds(instant).replace(/\.?0+ ms$/, " ms");
}
