/** Where instants and nodes are in a diagram. */

import type { NodeId } from "../../src/base/index.ts";
import type { Stretch } from "./stretch.ts";

export interface Grid {
  readonly stretch: Stretch;
  /** The right edge of the plot; its left one is the gutter's. */
  readonly right: number;
  readonly height: number;
  readonly rows: readonly NodeId[];
  x(instant: number): number;
  y(id: NodeId): number;
}

/** Where the nodes' names stand. */
export const GUTTER = 44;
const RIGHT = 16;
const TOP = 44;
const ROW = 58;

export function gridOf(rows: readonly NodeId[], stretch: Stretch, width: number): Grid {
  const right = width - RIGHT;
  const scale = (right - GUTTER) / Math.max(1, stretch.until - stretch.from);
  const order = new Map(rows.map((id, i) => [id, TOP + i * ROW]));
  return {
    stretch,
    right,
    height: TOP + rows.length * ROW,
    rows,
    x: (instant) => GUTTER + (instant - stretch.from) * scale,
    y: (id) => order.get(id)!,
  };
}
