/** The Why picture is in the page as SVG; this lets people take it with them. */

import { saveButtons } from "../save/buttons.ts";
import { fileOf } from "../save/frozen.ts";

export function offerWhyPicture(): void {
  const figure = document.querySelector("#why figure");
  if (figure === null) return;
  figure.append(saveButtons("this picture", "why", () => fileOf(shown(figure), paperOf(shown(figure)))));
}

/** There is one for wide and one for narrow windows; the sheet says which is seen. */
function shown(figure: Element): SVGSVGElement {
  const all = [...figure.querySelectorAll<SVGSVGElement>("svg.picture")];
  return all.find((each) => getComputedStyle(each).display !== "none") ?? all[0]!;
}

function paperOf(svg: SVGSVGElement): Parameters<typeof fileOf>[1] {
  const { width, height } = svg.viewBox.baseVal;
  const heading = document.getElementById("why-heading")?.textContent ?? "";
  return { width, height, title: `${heading}. ${document.title}` };
}
