/** One chip per key: press it to dim all others and see this key's order. */

import type { ReportedObject } from "../../lab/run/report.ts";
import { verdictWords } from "../outcome.ts";
import { byName, shorten, visible } from "../text.ts";
import { button } from "./dom.ts";
import type { Model } from "./model.ts";

const MARKS: Readonly<Record<ReportedObject["verdict"], string>> = {
  ok: "M3 8.5l3.2 3.2L13 5",
  illegal: "M4 4l8 8M12 4l-8 8",
  unknown: "M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.5-1.1.9-1.1 1.8M8 12.8v.1",
};

export class Chips {
  private readonly buttons = new Map<string | null, HTMLButtonElement>();

  constructor(root: HTMLElement, model: Model, choose: (object: string | null) => void) {
    const all = button("All keys", () => choose(null));
    this.buttons.set(null, all);
    root.append(all);
    // What went wrong stands first: with a hundred keys it must not be at the far end.
    const rank = { illegal: 0, unknown: 1, ok: 2 };
    const sorted = [...model.report.objects].sort(
      (a, b) => rank[a.verdict] - rank[b.verdict] || byName(a.object, b.object),
    );
    for (const object of sorted) {
      const chip = button(visible(shorten(object.object, 24)), () => choose(object.object));
      chip.classList.add(object.verdict);
      chip.setAttribute(
        "aria-label",
        `Key ${visible(shorten(object.object, 80))}, ${verdictWords(object.verdict)}`,
      );
      chip.prepend(mark(object.verdict));
      this.buttons.set(object.object, chip);
      root.append(chip);
    }
    this.select(null);
  }

  select(object: string | null): void {
    for (const [key, chip] of this.buttons) chip.setAttribute("aria-pressed", String(key === object));
    const box = this.buttons.get(object);
    box?.parentElement?.scrollTo({ left: box.offsetLeft - box.parentElement.offsetLeft - 60 });
  }
}

function mark(verdict: ReportedObject["verdict"]): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", MARKS[verdict]);
  svg.append(path);
  return svg;
}
