/** Linearization points: where each operation takes effect, and for the highlighted key the order that connects them. */

import type { ObjectOrder } from "../judgement.ts";
import type { Lane } from "../layout.ts";
import { BOX_HEIGHT, BOX_TOP } from "./box.ts";
import type { Brush } from "./brush.ts";

/** More points than this in view are dust, not information. */
const MOST_POINTS = 1200;
/** A line with more corners than this is a smear. */
const MOST_CORNERS = 1200;
/** A box at least this wide, in pixels, has a stem through it at its point. */
const STEM = 9;

/** The line through the points of the highlighted key, in order. */
export function paintOrder(brush: Brush): void {
  const { context, palette, frame, model, choice } = brush;
  const order = choice.filter.object === null ? undefined : model.judgement.orders.get(choice.filter.object);
  if (order === undefined) return;
  const [first, last] = inView(order, frame.from, frame.until);
  if (last - first > MOST_CORNERS) return;
  const heights = heightsOf(brush);
  context.beginPath();
  for (let each = Math.max(0, first - 1); each < Math.min(order.order.length, last + 1); each++) {
    context.lineTo(frame.x(order.points[each]!), heights.get(order.order[each]!) ?? 0);
  }
  context.strokeStyle = palette.ink.ink;
  context.globalAlpha = 0.55;
  context.lineWidth = 1.25;
  context.lineJoin = "round";
  context.stroke();
  context.globalAlpha = 1;
}

/** A pin in each operation that has a point; numbered on the highlighted key where there is room. */
export function paintPoints(brush: Brush): void {
  const { model, choice, frame } = brush;
  const shown = [...model.judgement.orders.values()].filter(
    (order) => choice.filter.object === null || choice.filter.object === order.object,
  );
  const ranges = shown.map((order) => inView(order, frame.from, frame.until));
  const total = ranges.reduce((sum, [first, last]) => sum + last - first, 0);
  if (total > MOST_POINTS) return;
  const heights = heightsOf(brush);
  shown.forEach((order, index) => {
    const [first, last] = ranges[index]!;
    pins(brush, order, first, last, heights);
    if (choice.filter.object !== null) numbers(brush, order, first, last, heights);
  });
}

function pins(
  { context, palette, frame, choice, model }: Brush,
  order: ObjectOrder,
  first: number,
  last: number,
  heights: ReadonlyMap<number, number>,
): void {
  const chosen = choice.filter.object !== null;
  const colour = chosen ? palette.ink.ink : palette.ink.muted;
  for (let each = first; each < last; each++) {
    const x = frame.x(order.points[each]!);
    const y = heights.get(order.order[each]!);
    if (y === undefined || choice.matching?.operations[order.order[each]!] === 0) continue;
    const { call, return: back } = model.report.operations[order.order[each]!]!;
    const width = back === null ? frame.width : frame.x(back) - frame.x(call);
    context.fillStyle = colour;
    // In a sliver the stem would hide the colour.
    if (width >= STEM) {
      // Broken in the middle, where the words are.
      context.fillRect(x - 0.6, y - BOX_HEIGHT - 2, 1.2, 4);
      context.fillRect(x - 0.6, y - 8, 1.2, 8);
    }
    context.beginPath();
    context.arc(x, y, chosen ? 3.25 : width >= STEM ? 2.5 : 1.4, 0, 7);
    context.fill();
    if (!chosen) continue;
    context.strokeStyle = palette.ink.surface;
    context.lineWidth = 1;
    context.stroke();
  }
}

/** Each number beside its pin, unless the next pin in the same row stands there. */
function numbers(
  { context, palette, frame }: Brush,
  order: ObjectOrder,
  first: number,
  last: number,
  heights: ReadonlyMap<number, number>,
): void {
  const following = new Map<number, number>();
  context.font = `9.5px ${palette.sans}`;
  context.fillStyle = palette.ink.muted;
  context.strokeStyle = palette.ink.surface;
  context.lineWidth = 3;
  context.textBaseline = "alphabetic";
  for (let each = last - 1; each >= first; each--) {
    const y = heights.get(order.order[each]!);
    if (y === undefined) continue;
    const x = frame.x(order.points[each]!);
    const text = String(each + 1);
    const room = (following.get(y) ?? Number.POSITIVE_INFINITY) - x;
    following.set(y, x);
    if (room < context.measureText(text).width + 11) continue;
    context.strokeText(text, x + 5, y + 7);
    context.fillText(text, x + 5, y + 7);
  }
}

/** The half-open range of positions whose points are in view. */
function inView(order: ObjectOrder, from: number, until: number): [number, number] {
  return [lowerBound(order.points, from), lowerBound(order.points, until)];
}

function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const cache = new WeakMap<readonly Lane[], Map<number, number>>();

/** Where each operation's pin ends: the same in every frame. */
function heightsOf({ model }: Brush): ReadonlyMap<number, number> {
  const { lanes } = model.scene;
  const known = cache.get(lanes);
  if (known !== undefined) return known;
  const heights = new Map<number, number>();
  for (const lane of lanes) {
    if (lane.kind !== "client") continue;
    for (const piece of lane.pieces) heights.set(piece.index, lane.top + BOX_TOP + BOX_HEIGHT + 2);
  }
  cache.set(lanes, heights);
  return heights;
}
