/**
 * A Lamport diagram (CACM 1978): a line for every node, time to the right, an arrow for every message from the instant
 * at which it left to the one at which it came. What did not come ends in a cross. Bounded, however much there is.
 */

import type { Film, Flight } from "../cluster/film.ts";
import { kindOf, type MessageKind } from "../cluster/kind.ts";
import type { Wrong } from "../cluster/landmark.ts";
import { shortWords } from "../cluster/words.ts";
import { Labels } from "../labels.ts";
import { label, line, type Picture, px, type Shape } from "../shape.ts";
import { squeeze } from "../text.ts";
import { axisShapes } from "./axis.ts";
import { type Grid, GUTTER, gridOf } from "./grid.ts";
import { lifeShapes } from "./life.ts";
import { overlaps, type Stretch } from "./stretch.ts";

export interface DiagramOptions {
  readonly stretch: Stretch;
  /** In pixels. */
  readonly width: number;
  readonly kinds: ReadonlySet<MessageKind>;
  readonly wrong: readonly Wrong[];
}

export interface Diagram extends Picture {
  /** What can be pointed at, in order of sending; a shape's `item` is an index into it. */
  readonly arrows: readonly Arrow[];
  /** Messages of this stretch that are not drawn, because there are too many. */
  readonly left: number;
}

export interface Arrow {
  readonly flight: Flight;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** With a label each, and the nodes' lives, that stays below 600 elements. */
const MOST_ARROWS = 200;
const LONGEST_LABEL = 22;
const MOST_WRONG = 8;
/** How far a message that was lost gets, in the picture. */
const LOST_PART = 0.42;
const LOST_LENGTH = 12;

export function layOutMessages(film: Film, options: DiagramOptions): Diagram {
  const { stretch, kinds } = options;
  const rows = kinds.has("clients") ? [...film.servers, ...film.clients] : film.servers;
  const grid = gridOf(rows, stretch, options.width);
  const wanted = film.flights.filter((flight) => kinds.has(kindOf(flight)) && overlaps(stretch, flight));
  const drawn = nearest(wanted, stretch);
  const arrows = drawn.map((flight) => arrowOf(flight, grid));
  const labels = new Labels();
  const lives = lifeShapes(film, grid, labels);
  const shapes = [
    ...axisShapes(grid),
    ...wrongShapes(options.wrong, grid, labels),
    ...lives,
    ...arrows.flatMap((arrow, item) => arrowShapes(arrow, item, grid, labels)),
  ];
  return { width: options.width, height: grid.height, shapes, arrows, left: wanted.length - drawn.length };
}

/** The arrow nearest to a point, if it is within reach. */
export function arrowAt({ arrows }: Diagram, x: number, y: number, reach: number): number | null {
  let [best, least] = [-1, reach];
  arrows.forEach((arrow, i) => {
    const distance = distanceTo(arrow, x, y);
    if (distance >= least) return;
    best = i;
    least = distance;
  });
  return best < 0 ? null : best;
}

/** A line through everything at the instant; several that are close are named once. */
function wrongShapes(wrong: readonly Wrong[], grid: Grid, labels: Labels): readonly Shape[] {
  const { from, until } = grid.stretch;
  const here = wrong.filter(({ at }) => at >= from && at <= until).slice(0, MOST_WRONG);
  return here.flatMap(({ at, label: text }) => {
    const x = grid.x(at);
    const rule = line("wrong", x, 20, x, grid.height - 16);
    // To the left where there is no room to the right.
    const left = x + text.length * 6.3 > grid.right ? x - text.length * 6.3 - 4 : x + 4;
    const place = { x: left, y: grid.height - 4 };
    return labels.take(place, text, grid.right) ? [rule, label("wrong", place.x, place.y, text)] : [rule];
  });
}

/** Those nearest to the middle, in order of sending. */
function nearest(flights: readonly Flight[], { from, until }: Stretch): readonly Flight[] {
  if (flights.length <= MOST_ARROWS) return flights;
  const middle = (from + until) / 2;
  const far = ({ sentAt }: Flight) => Math.abs(sentAt - middle);
  const kept = new Set([...flights].sort((a, b) => far(a) - far(b)).slice(0, MOST_ARROWS));
  return flights.filter((flight) => kept.has(flight));
}

function arrowOf(flight: Flight, { x, y }: Grid): Arrow {
  const { from, to, sentAt, endedAt, fate } = flight;
  const [x1, y1] = [x(sentAt), y(from)];
  const [x2, y2] = [x(endedAt), y(to)];
  if (fate === "arrived") return { flight, x1, y1, x2, y2 };
  const part = fate === "missed" ? 0.86 : LOST_PART;
  return { flight, x1, y1, x2: Math.max(x2, x1 + LOST_LENGTH), y2: y1 + (y2 - y1) * part };
}

function arrowShapes(arrow: Arrow, item: number, grid: Grid, labels: Labels): readonly Shape[] {
  const { flight } = arrow;
  const clipped = clip(arrow, GUTTER, grid.right);
  if (clipped === null) return [];
  const { x1, y1, x2, y2 } = clipped;
  const { fate, reply, copy } = flight;
  const name = `arrow ${kindOf(flight)}${reply ? " reply" : ""}${copy ? " copy" : ""}${fate === "arrived" ? "" : " stopped"}`;
  const tip = fate === "arrived" ? headOf(x1, y1, x2, y2) : crossOf(x2, y2);
  // Whoever leaves the picture has no tip in it.
  const end = clipped.x2 === arrow.x2 ? tip : "";
  const d = `M${px(x1)} ${px(y1)} L${px(x2)} ${px(y2)}${end}`;
  const shapes: Shape[] = [{ tag: "path", name, place: { d }, item }];
  const text = squeeze(shortWords(flight), LONGEST_LABEL);
  const place = labels.along(clipped, text, grid);
  if (place !== null) shapes.push({ ...label(`word ${kindOf(flight)}`, place.x, place.y, text), item });
  return shapes;
}

type Segment = Pick<Arrow, "x1" | "y1" | "x2" | "y2">;

/** What of a line is between two verticals; null if nothing. It goes to the right. */
function clip({ x1, y1, x2, y2 }: Segment, left: number, right: number): Segment | null {
  if (x2 < left || x1 > right) return null;
  const at = (x: number) => (x2 === x1 ? y1 : y1 + ((y2 - y1) * (x - x1)) / (x2 - x1));
  return {
    x1: Math.max(x1, left),
    y1: x1 < left ? at(left) : y1,
    x2: Math.min(x2, right),
    y2: x2 > right ? at(right) : y2,
  };
}

function headOf(x1: number, y1: number, x2: number, y2: number): string {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length < 1) return "";
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const wing = (side: number) => `${px(x2 - 7 * dx - side * 3.2 * dy)} ${px(y2 - 7 * dy + side * 3.2 * dx)}`;
  return ` M${wing(1)} L${px(x2)} ${px(y2)} L${wing(-1)}`;
}

function crossOf(x: number, y: number): string {
  const [left, right, top, bottom] = [px(x - 4), px(x + 4), px(y - 4), px(y + 4)];
  return ` M${left} ${top} L${right} ${bottom} M${left} ${bottom} L${right} ${top}`;
}

function distanceTo({ x1, y1, x2, y2 }: Segment, x: number, y: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const part = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / length));
  return Math.hypot(x1 + part * dx - x, y1 + part * dy - y);
}
