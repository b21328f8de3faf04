/**
 * What the timeline paints, as SVG instead of pixels: the part of a canvas that painting uses, and shapes come out. So
 * the file shows exactly what the screen does, and there is one place that knows how an operation looks.
 */

import { px } from "../../shape.ts";
import { html } from "../../text.ts";
import type { Pen } from "../brush.ts";
import type { Palette } from "../palette.ts";

type Style = string | CanvasGradient | CanvasPattern;

export class VectorPen implements Pen {
  globalAlpha = 1;
  fillStyle: Style = "#000";
  strokeStyle: Style = "#000";
  lineWidth = 1;
  lineJoin: CanvasLineJoin = "miter";
  font = "10px sans-serif";
  textBaseline: CanvasTextBaseline = "alphabetic";
  private readonly shapes: string[] = [];
  private readonly gradients: VectorGradient[] = [];
  private readonly ruler: Pick<CanvasRenderingContext2D, "font" | "measureText">;
  private path = "";
  private dash: readonly number[] = [];

  /** Letters are measured by a real canvas. */
  constructor(ruler: Pick<CanvasRenderingContext2D, "font" | "measureText">) {
    this.ruler = ruler;
  }

  /** All that was drawn, as the inside of an SVG. */
  markup(palette: Palette): string {
    return `<defs>${patterns(palette)}${this.gradients.map((each) => each.markup()).join("")}</defs>${this.shapes.join("")}`;
  }

  clearRect(): void {
    this.shapes.length = 0;
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.add("rect", `${box(x, y, width, height)}${this.filled()}`);
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.add("rect", `${box(x, y, width, height)}${this.stroked()}`);
  }

  beginPath(): void {
    this.path = "";
  }

  moveTo(x: number, y: number): void {
    this.path += `M${px(x)} ${px(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.path += `${this.path === "" ? "M" : "L"}${px(x)} ${px(y)}`;
  }

  roundRect(x: number, y: number, width: number, height: number, radius: number): void {
    const r = Math.min(radius, width / 2, height / 2);
    const [w, h, c] = [px(width - 2 * r), px(height - 2 * r), px(r)];
    this.path += `M${px(x + r)} ${px(y)}h${w}a${c} ${c} 0 0 1 ${c} ${c}v${h}a${c} ${c} 0 0 1 ${-c} ${c}h${-w}a${c} ${c} 0 0 1 ${-c} ${-c}v${-h}a${c} ${c} 0 0 1 ${c} ${-c}z`;
  }

  /** Only whole circles are painted. */
  arc(x: number, y: number, radius: number): void {
    this.path += `M${px(x - radius)} ${px(y)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;
  }

  fill(): void {
    this.add("path", ` d="${this.path}"${this.filled()}`);
  }

  stroke(): void {
    if (this.path !== "") this.add("path", ` d="${this.path}" fill="none"${this.stroked()}`);
  }

  setLineDash(dash: readonly number[]): void {
    this.dash = dash;
  }

  fillText(text: string, x: number, y: number): void {
    this.write(text, x, y, this.filled());
  }

  strokeText(text: string, x: number, y: number): void {
    this.write(text, x, y, this.stroked());
  }

  measureText(text: string): TextMetrics {
    this.ruler.font = this.font;
    return this.ruler.measureText(text);
  }

  createLinearGradient(x1: number, _y1: number, x2: number): CanvasGradient {
    const gradient = new VectorGradient(`fade-${this.gradients.length}`, x1, x2);
    this.gradients.push(gradient);
    return gradient;
  }

  private write(text: string, x: number, y: number, look: string): void {
    const [, weight = "400", size = "11", family = "sans-serif"] =
      /^(?:(\d+) )?([\d.]+)px (.*)$/.exec(this.font) ?? [];
    // Not every program knows where the middle of a line is.
    const down = this.textBaseline === "middle" ? Number(size) * 0.35 : 0;
    this.shapes.push(
      `<text x="${px(x)}" y="${px(y + down)}" font-family="${html(family)}" font-size="${size}" font-weight="${weight}"${look}>${html(text)}</text>`,
    );
  }

  private add(tag: string, attributes: string): void {
    this.shapes.push(`<${tag}${attributes}/>`);
  }

  private filled(): string {
    const alpha = this.globalAlpha === 1 ? "" : ` fill-opacity="${px(this.globalAlpha * 10) / 10}"`;
    return ` fill="${paintOf(this.fillStyle)}"${alpha}`;
  }

  private stroked(): string {
    const alpha = this.globalAlpha === 1 ? "" : ` stroke-opacity="${px(this.globalAlpha * 10) / 10}"`;
    const dash = this.dash.length === 0 ? "" : ` stroke-dasharray="${this.dash.join(" ")}"`;
    return ` stroke="${paintOf(this.strokeStyle)}" stroke-width="${this.lineWidth}" stroke-linejoin="${this.lineJoin}"${alpha}${dash}`;
  }
}

/** The same colours, with patterns that an SVG has. */
export function vectorPalette(palette: Palette): Palette {
  return { ...palette, stripes: "url(#stripes)", lines: "url(#lines)", faultStripes: "url(#fault-stripes)" };
}

/** From left to right. */
class VectorGradient implements CanvasGradient {
  readonly id: string;
  private readonly from: number;
  private readonly until: number;
  private readonly stops: string[] = [];

  constructor(id: string, from: number, until: number) {
    this.id = id;
    this.from = from;
    this.until = until;
  }

  addColorStop(offset: number, colour: string): void {
    // Mixing is a browser's; an opacity everybody knows.
    const mixed = /^color-mix\(in srgb, (.+) (\d+)%, transparent\)$/.exec(colour);
    const [, plain = colour, share = "100"] = mixed ?? [];
    this.stops.push(
      `<stop offset="${offset}" stop-color="${html(plain)}" stop-opacity="${Number(share) / 100}"/>`,
    );
  }

  markup(): string {
    const [x1, x2] = [px(this.from), px(this.until)];
    return `<linearGradient id="${this.id}" gradientUnits="userSpaceOnUse" x1="${x1}" x2="${x2}">${this.stops.join("")}</linearGradient>`;
  }
}

function paintOf(style: Style): string {
  if (style instanceof VectorGradient) return `url(#${style.id})`;
  return typeof style === "string" ? html(style) : "none";
}

function box(x: number, y: number, width: number, height: number): string {
  return ` x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"`;
}

function patterns({ ink }: Palette): string {
  const pattern = (id: string, cell: number, path: string, colour: string): string =>
    `<pattern id="${id}" width="${cell}" height="${cell}" patternUnits="userSpaceOnUse"><path d="${path}" stroke="${html(colour)}"/></pattern>`;
  const diagonal = (cell: number): string =>
    `M-1 1L1 -1M0 ${cell}L${cell} 0M${cell - 1} ${cell + 1}L${cell + 1} ${cell - 1}`;
  return [
    pattern("stripes", 7, diagonal(7), ink.gap),
    pattern("lines", 4, "M0 2H4", ink.gap),
    pattern("fault-stripes", 6, diagonal(6), ink.fault),
  ].join("");
}
