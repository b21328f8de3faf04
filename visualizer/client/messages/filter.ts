/** Which kinds of messages are shown. Heartbeats come so often that they hide the rest: off, until somebody asks. */

import type { MessageKind } from "../../cluster/kind.ts";
import { button, element } from "../dom.ts";

const OFF: readonly MessageKind[] = ["heartbeats"];

export class Filter {
  readonly element = element("div", "kinds");
  readonly kinds: Set<MessageKind>;

  constructor(all: readonly MessageKind[], changed: () => void) {
    this.kinds = new Set(all);
    for (const kind of OFF) this.kinds.delete(kind);
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", "Kinds of messages");
    for (const kind of all) this.element.append(this.chip(kind, changed));
  }

  private chip(kind: MessageKind, changed: () => void): HTMLElement {
    const chip = button("", () => {
      if (!this.kinds.delete(kind)) this.kinds.add(kind);
      chip.setAttribute("aria-pressed", String(this.kinds.has(kind)));
      changed();
    });
    chip.append(element("span", `swatch ${kind}`), kind);
    chip.setAttribute("aria-pressed", String(this.kinds.has(kind)));
    return chip;
  }
}
