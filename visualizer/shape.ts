/** Pictures as data: layouts make shapes, the page turns them into elements, and tests into golden files. */

import { html } from "./text.ts";

export interface Shape {
  readonly tag: "path" | "line" | "circle" | "rect" | "text";
  /** Its class: what it looks like is the style's business. */
  readonly name: string;
  readonly place: Readonly<Record<string, number | string>>;
  /** Of a text. */
  readonly text?: string;
  /** Which of the things that the picture shows this is a part of. */
  readonly item?: number;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

export function line(name: string, x1: number, y1: number, x2: number, y2: number): Shape {
  return { tag: "line", name, place: { x1: px(x1), y1: px(y1), x2: px(x2), y2: px(y2) } };
}

export function label(name: string, x: number, y: number, text: string): Shape {
  return { tag: "text", name, place: { x: px(x), y: px(y) }, text };
}

/** A tenth of a pixel is as exact as a picture needs to be. */
export function px(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The same as a file; the title is for those who cannot see it. */
export function svgText({ width, height, shapes }: Picture, title: string): string {
  const lines = shapes.map(({ tag, name, place, text }) => {
    const attributes = Object.entries(place).map(([key, value]) => ` ${key}="${html(String(value))}"`);
    return `  <${tag} class="${html(name)}"${attributes.join("")}>${text === undefined ? "" : html(text)}</${tag}>`;
  });
  const size = `viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n  <title>${html(title)}</title>\n${lines.join("\n")}\n</svg>\n`;
}
