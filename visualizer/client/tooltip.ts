/** The words beside the pointer, or beside where the arrow keys stand. Hidden from screen readers, which get the panel. */

import { detailOf, summaryOf } from "../detail.ts";
import type { Item } from "../layout.ts";
import { shorten, visible } from "../text.ts";
import { element } from "./dom.ts";
import type { Model } from "./model.ts";

export class Tooltip {
  private readonly stage: HTMLElement;
  private readonly model: Model;
  private readonly root = element("div", "tooltip");

  constructor(stage: HTMLElement, model: Model) {
    this.stage = stage;
    this.model = model;
    this.root.setAttribute("aria-hidden", "true");
    this.root.hidden = true;
    stage.append(this.root);
  }

  show(item: Item, x: number, y: number): void {
    const { report, judgement } = this.model;
    const detail = detailOf(item, report, judgement);
    const words = element("bdi", "", visible(shorten(detail.words, 160)));
    this.root.replaceChildren(
      element("strong", detail.wrong ? "wrong" : "", words),
      element("span", "", visible(shorten(summaryOf(item, report, judgement), 160))),
    );
    this.root.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.root;
    const left = Math.min(x + 14, this.stage.clientWidth - width - 4);
    const above = y - height - 12;
    this.root.style.left = `${Math.max(4, left)}px`;
    this.root.style.top = `${above < 0 ? y + 18 : above}px`;
  }

  hide(): void {
    this.root.hidden = true;
  }
}
