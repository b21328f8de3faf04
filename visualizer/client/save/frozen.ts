/** An SVG of the page as a file of its own: what the sheet says about it is written into it, as computed right now. */

import { html } from "../../text.ts";

/** What a sheet may say about a shape. */
const LOOKS = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-opacity",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "opacity",
  "visibility",
  "paint-order",
] as const;

const LETTERS = [
  "font-family",
  "font-size",
  "font-weight",
  "font-style",
  "text-anchor",
  "dominant-baseline",
] as const;

/** A copy that looks the same without the page around it. What is not displayed is not in it. */
function frozen(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  freeze(svg, copy);
  return copy;
}

function freeze(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  const names: readonly string[] = from.tagName === "text" ? [...LOOKS, ...LETTERS] : LOOKS;
  for (const name of names) to.setAttribute(name, style.getPropertyValue(name));
  to.removeAttribute("class");
  const copies = [...to.children];
  [...from.children].forEach((child, index) => {
    const copy = copies[index]!;
    if (getComputedStyle(child).display === "none" && child.tagName !== "defs") copy.remove();
    else freeze(child, copy);
  });
}

export interface Paper {
  readonly width: number;
  readonly height: number;
  /** For those who cannot see it. */
  readonly title: string;
  /** Markup of what lies under the picture. */
  readonly under?: string;
}

/** The text of a file with this picture on the page's ground. */
export function fileOf(svg: SVGSVGElement, { width, height, title, under = "" }: Paper): string {
  const copy = frozen(svg);
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--surface").trim();
  const view = svg.getAttribute("viewBox") ?? `0 0 ${width} ${height}`;
  const size = `width="${Math.round(width)}" height="${Math.round(height)}" viewBox="${view}"`;
  const writer = new XMLSerializer();
  const shapes = [...copy.childNodes].map((child) => writer.serializeToString(child)).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}><title>${html(title)}</title><rect width="100%" height="100%" fill="${html(colour)}"/>${under}${shapes}</svg>\n`;
}
