/** What servers were, and what was done to them. Height and shade tell the roles apart; words say them where they fit. */

import type { ServerSpan } from "../../lab/run/report.ts";
import { firstAfter, type Lane, type Piece } from "../layout.ts";
import { visible } from "../text.ts";
import type { Brush, Pen } from "./brush.ts";

const HEIGHTS: Readonly<Record<ServerSpan["status"], number>> = {
  leader: 20,
  candidate: 16,
  follower: 14,
  crashed: 20,
  paused: 20,
};

export function paintSpans(brush: Brush, lane: Lane): void {
  const spans = brush.model.report.servers[lane.server]!.spans;
  eachInView(brush, lane, (piece, x, width) => {
    paintSpan(brush, lane, spans[piece.index]!, x, width);
  });
}

/** Labelled bands, one class of fault to a row. */
export function paintBands(brush: Brush, lane: Lane): void {
  const { ink } = brush.palette;
  const looks = { ground: ink["fault-fill"], edge: ink.fault, letters: ink["on-fault"] };
  paintLabelled(brush, lane, looks, (index) => brush.model.report.bands[index]!.label);
}

/** What a test said, and when. */
export function paintNotes(brush: Brush, lane: Lane): void {
  const { ink } = brush.palette;
  const looks = { ground: ink.line, edge: ink.accent, letters: ink.ink };
  paintLabelled(brush, lane, looks, (index) => brush.model.report.annotations![index]!.text);
}

interface Looks {
  readonly ground: string;
  readonly edge: string;
  readonly letters: string;
}

/** A band too short for its label has it beside it, if there is room. */
function paintLabelled(brush: Brush, lane: Lane, looks: Looks, labelOf: (index: number) => string): void {
  const { context, palette, frame } = brush;
  const top = lane.top + 2;
  const height = lane.height - 5;
  eachInView(brush, lane, (piece, x, width, index) => {
    context.fillStyle = looks.ground;
    context.fillRect(x, top, width, height);
    context.fillStyle = looks.edge;
    context.fillRect(x, top, 2, height);
    const label = visible(labelOf(piece.index).slice(0, 200));
    const next = lane.pieces[index + 1];
    const free = (next === undefined ? frame.width : Math.min(frame.width, frame.x(next.from))) - (x + width);
    context.font = `11px ${palette.sans}`;
    context.fillStyle = looks.letters;
    if (fitted(context, label, width - 12, true) === label || free < 40) {
      put(context, fitted(context, label, width - 12, false), x + 7, top + height / 2);
    } else {
      context.fillStyle = palette.ink.muted;
      put(context, fitted(context, label, free - 14, false), x + width + 5, top + height / 2);
    }
  });
}

/** The rows of the nodes that a fault concerned, tinted under a stripe: the label is in the row of its class. */
export function paintStrips({ context, palette, frame, model }: Brush): void {
  const rows = new Map(
    model.scene.lanes
      .filter(({ kind }) => kind === "client" || kind === "server")
      .map((lane) => [lane.name, lane]),
  );
  for (const band of model.report.bands) {
    if (band.until < frame.from || band.at > frame.until || band.kind === "crash" || band.kind === "pause")
      continue;
    for (const node of band.nodes) {
      const lane = rows.get(node);
      if (lane === undefined) continue;
      const x = Math.max(0, frame.x(band.at));
      const width = Math.max(2, Math.min(frame.width, frame.x(band.until)) - x);
      context.globalAlpha = 0.5;
      context.fillStyle = palette.ink["fault-fill"];
      context.fillRect(x, lane.top, width, lane.height - 1);
      context.globalAlpha = 1;
      context.fillStyle = palette.ink.fault;
      context.fillRect(x, lane.top, width, 2.5);
    }
  }
}

function paintSpan(brush: Brush, lane: Lane, span: ServerSpan, x: number, width: number): void {
  const { context, palette } = brush;
  const height = HEIGHTS[span.status];
  const top = lane.top + (lane.height - height) / 2 + 0.5;
  const away = span.status === "crashed" || span.status === "paused";
  if (away) {
    context.fillStyle = span.status === "crashed" ? palette.stripes : palette.lines;
    context.fillRect(x, top, width, height);
    if (width > 3) {
      context.strokeStyle = palette.ink.gap;
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, top + 0.5, width - 1, height - 1);
    }
  } else {
    context.fillStyle = palette.ink[span.status as "leader" | "candidate" | "follower"];
    context.fillRect(x, top, Math.max(1, width - 1), height);
  }
  context.font = `${span.status === "leader" ? "600 " : ""}11px ${palette.sans}`;
  const full = away ? span.status : `${span.status}, term ${span.term}`;
  const label = [full, span.status, `term ${span.term}`].find(
    (each) => context.measureText(each).width <= width - 12,
  );
  if (label === undefined || (away && label.startsWith("term"))) return;
  if (away) {
    context.fillStyle = palette.ink.surface;
    context.fillRect(x + 4, top + 3, context.measureText(label).width + 6, height - 6);
  }
  context.fillStyle = span.status === "leader" ? palette.ink["on-leader"] : palette.ink.ink;
  const wide = context.measureText(label).width;
  put(context, label, away ? x + 7 : besideLine(brush, x + 7, wide, x + width), lane.top + lane.height / 2);
}

/** Where a label starts so that the line of a violation, drawn above it, does not run through its letters. */
function besideLine({ frame, model }: Brush, x: number, width: number, right: number): number {
  const { violation } = model.report;
  if (violation === null) return x;
  const line = frame.x(violation.at);
  const crosses = line > x - 10 && line < x + width + 4;
  return crosses && line + 12 + width < right ? line + 12 : x;
}

function eachInView(
  { frame }: Brush,
  lane: Lane,
  draw: (piece: Piece, x: number, width: number, index: number) => void,
): void {
  for (let index = firstAfter(lane.pieces, frame.from); index < lane.pieces.length; index++) {
    const piece = lane.pieces[index]!;
    if (piece.from > frame.until) return;
    // Clipped to the view, so that a label stays in sight while its span is.
    const x = Math.max(0, frame.x(piece.from));
    draw(piece, x, Math.max(2, Math.min(frame.width, frame.x(piece.until)) - x), index);
  }
}

/** The text, or its beginning if it is too wide, or nothing if that would be next to nothing. */
function fitted(context: Pen, text: string, room: number, whole: boolean): string {
  if (context.measureText(text).width <= room) return text;
  if (whole || room < 34) return "";
  let length = Math.floor((text.length * room) / context.measureText(text).width);
  while (length > 0 && context.measureText(`${text.slice(0, length)}…`).width > room) length--;
  return `${text.slice(0, length).trimEnd()}…`;
}

function put(context: Pen, text: string, x: number, middle: number): void {
  context.textBaseline = "middle";
  context.fillText(text, x, middle + 0.5);
}
