/**
 * Operations as boxes. Too narrow to tell apart, they are merged into runs: a hundred thousand boxes on a thousand
 * pixels are a few hundred rectangles. Wide ones carry their words.
 */

import type { Drawn } from "../drawn.ts";
import { firstAfter, type Lane, type Piece } from "../layout.ts";
import { type Sliver, shaded } from "../sliver.ts";
import { squeeze, visible } from "../text.ts";
import type { Brush } from "./brush.ts";
import { inkOf } from "./palette.ts";

/** Within a lane, in pixels: boxes above, room for linearization points and their numbers below. */
export const BOX_TOP = 5;
export const BOX_HEIGHT = 20;

/** Narrower than this a box is only a run of colour. */
const NARROW = 4;
/** And at least this wide, or it would not be seen. */
const SLIVER = 2.5;
const FAINT = 0.14;
const LONGEST_BESIDE = 48;
/** Pixels of a box that its words may not use; more where a cross stands in front of them. */
const MARGIN = 10;
const CROSS = 26;
/** Pixels of its row that an operation needs, on average, for words to stand beside boxes. */
const WIDTH_FOR_WORDS = 160;

type Operation = Drawn["operations"][number];

export function paintOperations(brush: Brush, lane: Lane): void {
  const { choice } = brush;
  const shown = choice.matching === null ? lane.pieces : (choice.matching.pieces.get(lane) ?? []);
  paintTail(brush, lane, shown);
  if (choice.matching !== null) paintPieces(brush, lane, lane.pieces, true);
  paintPieces(brush, lane, shown, false);
  // Last, so that no neighbour hides what went wrong.
  for (const piece of blockedIn(brush, lane)) paintBlocked(brush, lane, piece);
  if (choice.matching !== null) writeBeside(brush, lane, shown);
}

function paintPieces(brush: Brush, lane: Lane, pieces: readonly Piece[], faint: boolean): void {
  const { frame, model } = brush;
  const { operations } = model.report;
  const slivers: Sliver[] = [];
  let index = firstAfter(pieces, frame.from);
  while (index < pieces.length) {
    const piece = pieces[index]!;
    if (piece.from > frame.until) break;
    const operation = operations[piece.index]!;
    const x = frame.x(piece.from);
    const width = frame.x(piece.until) - x;
    if (width >= NARROW) {
      if (model.judgement.placement(piece.index).standing !== "blocked")
        paintBox(brush, lane, piece, operation, faint);
      index++;
      continue;
    }
    const end = x + Math.max(width, SLIVER);
    // What ends before this sliver does would lie under it: a pixel is looked at once, however many are in it.
    const next = firstAfter(pieces, frame.instant(end), index + 1);
    slivers.push({ x, width: end - x, kind: operation.kind, count: next - index });
    index = next;
  }
  paintSlivers(brush, lane, slivers, faint);
}

function paintSlivers(
  { context, palette }: Brush,
  lane: Lane,
  slivers: readonly Sliver[],
  faint: boolean,
): void {
  for (const { from, until, kind, shade } of shaded(slivers)) {
    context.globalAlpha = (faint ? FAINT : 1) * shade;
    context.fillStyle = inkOf(palette, kind);
    context.fillRect(from, lane.top + BOX_TOP, until - from, BOX_HEIGHT);
  }
  context.globalAlpha = 1;
}

/** The operations of a row that fit nowhere, as far as the filter lets them through. They are few. */
function blockedIn({ model, choice, frame }: Brush, lane: Lane): Piece[] {
  return (model.blocked.get(lane) ?? []).filter(
    (piece) =>
      piece.until >= frame.from &&
      piece.from <= frame.until &&
      (choice.matching === null || choice.matching.operations[piece.index] === 1),
  );
}

function paintBox(brush: Brush, lane: Lane, piece: Piece, operation: Operation, faint: boolean): void {
  const { context, palette, frame } = brush;
  const colour = inkOf(palette, operation.kind);
  const { x, width } = clipped(brush, piece);
  const top = lane.top + BOX_TOP;
  context.globalAlpha = faint ? FAINT : 1;
  if (piece.open) {
    context.fillStyle = fading(brush, frame.x(piece.from), frame.x(piece.until), colour);
    context.fillRect(x, top, width, BOX_HEIGHT);
    if (operation.outcome === "indeterminate") {
      context.fillStyle = palette.stripes;
      context.fillRect(x, top, width, BOX_HEIGHT);
    }
    context.fillStyle = colour;
    context.fillRect(x, top, 2, BOX_HEIGHT);
  } else {
    tint(brush, x, top, width, colour, faint ? FAINT : 1);
  }
  const beside = brush.choice.matching !== null && !piece.open;
  if (!faint && (!beside || fitsInside(brush, operation, width - MARGIN)))
    write(brush, operation, x + 6, top, width - MARGIN);
  context.globalAlpha = 1;
}

/** A pale body keeps the words readable; the edge keeps the colour. */
function tint(
  { context }: Brush,
  x: number,
  top: number,
  width: number,
  colour: string,
  alpha: number,
): void {
  context.beginPath();
  context.roundRect(x + 0.75, top + 0.75, Math.max(1, width - 1.5), BOX_HEIGHT - 1.5, 3);
  context.globalAlpha = alpha * 0.38;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke();
}

function paintBlocked(brush: Brush, lane: Lane, piece: Piece): void {
  const { context, palette, model } = brush;
  const clip = clipped(brush, piece);
  const width = Math.max(6, clip.width);
  const x = clip.x - (width - clip.width) / 2;
  const top = lane.top + BOX_TOP;
  context.beginPath();
  context.roundRect(x + 1, top + 1, width - 2, BOX_HEIGHT - 2, 2);
  context.fillStyle = palette.ink.surface;
  context.fill();
  context.fillStyle = palette.ink["danger-fill"];
  context.fill();
  context.setLineDash([5, 3]);
  context.lineWidth = 2;
  context.strokeStyle = palette.ink.danger;
  context.stroke();
  context.setLineDash([]);
  if (width >= 22) {
    const [left, middle] = [x + 8, top + BOX_HEIGHT / 2];
    context.beginPath();
    context.moveTo(left, middle - 4);
    context.lineTo(left + 8, middle + 4);
    context.moveTo(left + 8, middle - 4);
    context.lineTo(left, middle + 4);
    context.stroke();
  }
  const operation = model.report.operations[piece.index]!;
  const beside = brush.choice.matching !== null;
  if (!beside || fitsInside(brush, operation, width - CROSS))
    write(brush, operation, x + 21, top, width - CROSS);
}

/** From the end of an operation without an answer to the end of the run: it may still take effect there. */
function paintTail(brush: Brush, lane: Lane, shown: readonly Piece[]): void {
  const { context, palette, frame, model } = brush;
  const open = firstOpen(shown);
  if (open === null || open.until >= frame.until) return;
  const from = Math.max(0, frame.x(open.until));
  const until = Math.min(frame.width, frame.x(model.scene.end));
  context.strokeStyle = palette.ink.muted;
  context.globalAlpha = 0.6;
  context.lineWidth = 1;
  context.setLineDash([2, 4]);
  context.beginPath();
  context.moveTo(from, lane.top + BOX_TOP + BOX_HEIGHT - 0.5);
  context.lineTo(until, lane.top + BOX_TOP + BOX_HEIGHT - 0.5);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

const opens = new WeakMap<readonly Piece[], Piece | null>();

/** The same in every frame. */
function firstOpen(pieces: readonly Piece[]): Piece | null {
  const known = opens.get(pieces);
  if (known !== undefined) return known;
  const found = pieces.find((piece) => piece.open) ?? null;
  opens.set(pieces, found);
  return found;
}

function fading({ context, frame }: Brush, from: number, until: number, colour: string): CanvasGradient {
  const end = Math.max(from + 1, Math.min(until, from + 2 * frame.width));
  const gradient = context.createLinearGradient(from, 0, end, 0);
  gradient.addColorStop(0, `color-mix(in srgb, ${colour} 55%, transparent)`);
  gradient.addColorStop(1, `color-mix(in srgb, ${colour} 6%, transparent)`);
  return gradient;
}

/** As much of the words as fits, else the kind, else nothing: half a word helps nobody. */
function write(
  { context, palette }: Brush,
  operation: Operation,
  x: number,
  top: number,
  room: number,
): void {
  if (room < 7) return;
  context.font = `11px ${palette.mono}`;
  context.fillStyle = palette.ink.ink;
  context.textBaseline = "middle";
  const letters = Math.floor(room / context.measureText("0").width);
  const words = readable(operation.words);
  const enough = words.length <= letters || letters >= operation.kind.length + 8;
  const text = enough ? squeeze(words, letters) : "";
  const short = letters >= operation.kind.length ? operation.kind : operation.kind.slice(0, 1).toUpperCase();
  context.fillText(text === "" ? short : text, x, top + BOX_HEIGHT / 2 + 0.5);
}

/**
 * The words of the operations that the filter lets through, beside boxes too narrow for them: as far as the next such box in the
 * row. The other boxes are faint and may lie under the words.
 */
function writeBeside(brush: Brush, lane: Lane, matching: readonly Piece[]): void {
  const { context, palette, frame, model } = brush;
  const first = firstAfter(matching, frame.from);
  // Words on everything are words on nothing.
  const most = Math.floor(frame.width / WIDTH_FOR_WORDS);
  const shown = matching.slice(first, first + most + 1).filter((piece) => piece.from <= frame.until);
  if (shown.length > most) return;
  context.font = `11px ${palette.mono}`;
  const letter = context.measureText("0").width;
  shown.forEach((piece, index) => {
    const operation = model.report.operations[piece.index]!;
    const wrong = model.judgement.placement(piece.index).standing === "blocked";
    const words = readable(operation.words);
    const right = frame.x(piece.until);
    const inside = right - Math.max(0, frame.x(piece.from)) - (wrong ? CROSS : MARGIN);
    const next = shown[index + 1];
    const room = (next === undefined ? frame.width : Math.min(frame.width, frame.x(next.from))) - right - 12;
    const letters = Math.floor(room / letter);
    const shortest = Math.min(14, words.length);
    if (piece.open || letters < shortest || fitsInside(brush, operation, inside)) return;
    const text = squeeze(words, Math.min(letters, LONGEST_BESIDE));
    const middle = lane.top + BOX_TOP + BOX_HEIGHT / 2;
    const x = right + 6;
    context.globalAlpha = 0.82;
    context.fillStyle = palette.ink.surface;
    context.fillRect(x - 2, middle - 8, text.length * letter + 4, 16);
    context.globalAlpha = 1;
    context.fillStyle = wrong ? palette.ink.danger : palette.ink.ink;
    context.textBaseline = "middle";
    context.fillText(text, x, middle + 0.5);
  });
}

/** Cut before characters are made visible: a value may be a megabyte long. */
function readable(words: string): string {
  return visible(squeeze(words, 400));
}

function fitsInside({ context, palette }: Brush, operation: Operation, room: number): boolean {
  context.font = `11px ${palette.mono}`;
  return readable(operation.words).length * context.measureText("0").width <= room;
}

/** Canvas coordinates far outside lose precision, and words should start where the box comes into view. */
function clipped({ frame }: Brush, piece: Piece): { x: number; width: number } {
  const x = Math.max(-4, frame.x(piece.from));
  return { x, width: Math.max(2, Math.min(frame.width + 4, frame.x(piece.until)) - x) };
}
