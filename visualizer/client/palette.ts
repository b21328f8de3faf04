/** The sheet is the one place where colours live; the canvas reads them there, again whenever light or dark changes. */

const INKS = [
  "surface",
  "ink",
  "muted",
  "line",
  "get",
  "put",
  "append",
  "delete",
  "cas",
  "other",
  "danger",
  "danger-fill",
  "leader",
  "on-leader",
  "candidate",
  "follower",
  "gap",
  "fault",
  "fault-fill",
  "on-fault",
  "accent",
] as const;

type Ink = (typeof INKS)[number];

type Draw = (tile: CanvasRenderingContext2D, cell: number) => void;

export interface Palette {
  readonly ink: Readonly<Record<Ink, string>>;
  /** Diagonal stripes: nobody knows whether it took effect; nobody is home. */
  readonly stripes: CanvasPattern | string;
  /** Horizontal lines: time stands still. */
  readonly lines: CanvasPattern | string;
  readonly faultStripes: CanvasPattern | string;
  readonly mono: string;
  readonly sans: string;
}

export function readPalette(context: CanvasRenderingContext2D, ratio: number): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const ink = Object.fromEntries(INKS.map((name) => [name, read(name)])) as Record<Ink, string>;
  const pattern = (colour: string, cell: number, draw: Draw) => tiled(context, ratio, colour, cell, draw);
  return {
    ink,
    stripes: pattern(ink.gap, 7, diagonal),
    lines: pattern(ink.gap, 4, horizontal),
    faultStripes: pattern(ink.fault, 6, diagonal),
    mono: read("mono"),
    sans: read("sans"),
  };
}

export function inkOf(palette: Palette, kind: string): string {
  return KIND_INKS.has(kind) ? palette.ink[kind as Ink] : palette.ink.other;
}

/** Only these: a kind called "surface" must not become invisible. */
const KIND_INKS: ReadonlySet<string> = new Set(["get", "put", "append", "delete", "cas"]);

function diagonal(tile: CanvasRenderingContext2D, cell: number): void {
  for (const shift of [-cell, 0, cell]) {
    tile.moveTo(shift - 1, cell + 1);
    tile.lineTo(shift + cell + 1, -1);
  }
}

function horizontal(tile: CanvasRenderingContext2D, cell: number): void {
  tile.moveTo(0, cell / 2);
  tile.lineTo(cell, cell / 2);
}

/** Tiles are drawn in device pixels and scaled back, or they would be blurred on a dense screen. */
function tiled(
  context: CanvasRenderingContext2D,
  ratio: number,
  colour: string,
  cell: number,
  draw: Draw,
): CanvasPattern | string {
  const canvas = document.createElement("canvas");
  const size = Math.round(cell * ratio);
  canvas.width = size;
  canvas.height = size;
  const tile = canvas.getContext("2d");
  if (tile === null) return colour;
  tile.strokeStyle = colour;
  tile.lineWidth = Math.max(1, ratio);
  tile.beginPath();
  draw(tile, size);
  tile.stroke();
  const pattern = context.createPattern(canvas, "repeat");
  pattern?.setTransform(new DOMMatrix().scale(cell / size));
  return pattern ?? colour;
}
