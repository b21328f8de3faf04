/** Linearization points: where each operation takes effect, and for the highlighted key the order that connects them. */

import type { ObjectOrder } from "../judgement.ts";
import { findItem } from "../layout.ts";
import { BOX_HEIGHT, BOX_TOP } from "./box.ts";
import type { Brush } from "./brush.ts";
import type { Model } from "./model.ts";

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
  context.beginPath();
  for (let each = Math.max(0, first - 1); each < Math.min(order.order.length, last + 1); each++) {
    context.lineTo(frame.x(order.points[each]!), pinEnd(model, order.order[each]!) ?? 0);
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
  shown.forEach((order, index) => {
    const [first, last] = ranges[index]!;
    pins(brush, order, first, last);
    if (choice.filter.object !== null) numbers(brush, order, first, last);
  });
}

function pins(
  { context, palette, frame, choice, model }: Brush,
  order: ObjectOrder,
  first: number,
  last: number,
): void {
  const chosen = choice.filter.object !== null;
  const colour = chosen ? palette.ink.ink : palette.ink.muted;
  for (let each = first; each < last; each++) {
    const x = frame.x(order.points[each]!);
    const y = pinEnd(model, order.order[each]!);
    if (y === null || choice.matching?.operations[order.order[each]!] === 0) continue;
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
  { context, palette, frame, model }: Brush,
  order: ObjectOrder,
  first: number,
  last: number,
): void {
  const following = new Map<number, number>();
  context.font = `9.5px ${palette.sans}`;
  context.fillStyle = palette.ink.muted;
  context.strokeStyle = palette.ink.surface;
  context.lineWidth = 3;
  context.textBaseline = "alphabetic";
  for (let each = last - 1; each >= first; each--) {
    const y = pinEnd(model, order.order[each]!);
    if (y === null) continue;
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

/** Where an operation's pin ends; null if it is not drawn. */
function pinEnd({ scene }: Model, operation: number): number | null {
  const place = findItem(scene, { kind: "operation", operation });
  return place === null ? null : place.lane.top + BOX_TOP + BOX_HEIGHT + 2;
}
