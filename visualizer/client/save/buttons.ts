/** A picture as a file: as SVG, or as the PNG that the browser makes of that. */

import { button, element } from "../dom.ts";
import { nameOfPage, saveFile } from "./file.ts";

/** Twice as many pixels as on the page, for paper and dense screens; fewer where canvases end. */
const SHARP = 2;
const WIDEST = 8_000;

/** `draw` gives the SVG as it is now. `name` ends the file's name. */
export function saveButtons(what: string, name: string, draw: () => string): HTMLElement {
  const said = element("span", "unseen");
  said.setAttribute("role", "status");
  const file = `${nameOfPage()}-${name}`;
  const svg = button("SVG", () => {
    saveFile(`${file}.svg`, "image/svg+xml", draw());
    said.textContent = `Saved ${file}.svg`;
  });
  const png = button("PNG", async () => {
    saveFile(`${file}.png`, "image/png", await rastered(draw()));
    said.textContent = `Saved ${file}.png`;
  });
  const group = element("div", "save", `Save ${what} as`, svg, png, said);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", `Save ${what}`);
  return group;
}

async function rastered(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const scale = Math.min(SHARP, WIDEST / Math.max(image.width, image.height));
    const canvas = element("canvas", "");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (blob === null) throw new Error("this browser makes no PNG of a canvas");
    return blob;
  } finally {
    URL.revokeObjectURL(address);
  }
}
