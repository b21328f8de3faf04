/** Shapes become elements of an SVG. Text arrives as text. */

import type { Picture } from "../shape.ts";
import { visible } from "../text.ts";

const SVG = "http://www.w3.org/2000/svg";

export function svgElement(className: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  return svg;
}

/** Replaces whatever the SVG showed. Returns the elements of each item. */
export function drawPicture(
  svg: SVGSVGElement,
  { width, height, shapes }: Picture,
): Map<number, SVGElement[]> {
  const items = new Map<number, SVGElement[]>();
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren(
    ...shapes.map(({ tag, name, place, text, item }) => {
      const made = document.createElementNS(SVG, tag);
      made.setAttribute("class", name);
      for (const [key, value] of Object.entries(place)) made.setAttribute(key, String(value));
      if (text !== undefined) made.textContent = visible(text);
      if (item !== undefined) items.set(item, [...(items.get(item) ?? []), made]);
      return made;
    }),
  );
  return items;
}
