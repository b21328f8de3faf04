/** The side panel: what is pinned, in words, and the way to its neighbours in the order; else how to read the page. */

import { type Detail, detailOf, neighboursOf } from "../detail.ts";
import type { Item } from "../layout.ts";
import { shorten, squeeze, visible } from "../text.ts";
import { button, element } from "./dom.ts";
import type { Model } from "./model.ts";

/** A value longer than this is in the report, whole; the panel shows its beginning and its length. */
const MOST_CHARACTERS = 4000;

export interface PanelActions {
  pin(item: Item | null): void;
  highlight(object: string): void;
  zoomTo(item: Item): void;
}

export function showPanel(panel: HTMLElement, model: Model, item: Item | null, actions: PanelActions): void {
  if (item === null) {
    panel.replaceChildren(...guide(model));
    return;
  }
  const detail = detailOf(item, model.report, model.judgement);
  const head = element(
    "div",
    "head",
    element("h2", "", detail.title),
    button("Unpin", () => actions.pin(null)),
  );
  panel.replaceChildren(
    head,
    words(detail),
    ...note(detail),
    facts(detail),
    ...neighbours(model, item, actions),
    buttons(model, item, actions),
  );
}

function words(detail: Detail): HTMLElement {
  const value = element("bdi", "", visible(shorten(detail.words, MOST_CHARACTERS)));
  return element("p", detail.wrong ? "words wrong" : "words", value);
}

function note(detail: Detail): HTMLElement[] {
  return detail.note === null ? [] : [element("p", detail.wrong ? "note wrong" : "note", detail.note)];
}

function facts(detail: Detail): HTMLElement {
  const rows = detail.rows.map(([name, value]) => {
    const shown = element("bdi", "", visible(shorten(value, MOST_CHARACTERS)));
    return element("div", "", element("dt", "", name), element("dd", "", shown));
  });
  return element("dl", "list", ...rows);
}

function buttons(model: Model, item: Item, actions: PanelActions): HTMLElement {
  const made = item.kind === "problem" ? [] : [button("Zoom to it", () => actions.zoomTo(item))];
  if (item.kind === "operation") {
    const { object } = model.report.operations[item.operation]!;
    made.push(button("Highlight its key", () => actions.highlight(object)));
  }
  return element("div", "buttons", ...made);
}

/** The order around it, step by step: the quickest way to see what an answer should have been. */
function neighbours(model: Model, item: Item, actions: PanelActions): HTMLElement[] {
  if (item.kind !== "operation") return [];
  const near = neighboursOf(item.operation, model.report, model.judgement);
  if (near.length === 0) return [];
  const rows = near.map(({ position, operation }) => {
    const words = visible(squeeze(model.report.operations[operation]!.words, 60));
    const step = button("", () => actions.pin({ kind: "operation", operation }));
    step.append(
      element("span", "rank", position < 0 ? "next?" : String(position + 1)),
      element("bdi", "", words),
    );
    if (operation === item.operation) step.setAttribute("aria-current", "true");
    return element("li", position < 0 ? "wrong" : "", step);
  });
  const object = visible(shorten(model.report.operations[item.operation]!.object, 40));
  return [element("h3", "", `Around it in the order of ${object}`), element("ol", "near", ...rows)];
}

function guide(model: Model): HTMLElement[] {
  const { report, problems } = model;
  const lines = [
    "Each box is one operation, from call to return, in its client's row. A pin marks the instant at which it takes effect; pick a key to see the order.",
    ...(report.servers.length === 0
      ? []
      : ["Below are the servers with role and term, and what was broken meanwhile."]),
    "Click anything to read it here.",
  ];
  if (problems.length > 0) lines.unshift("Press N to go to what went wrong.");
  if (report.objects.some(({ verdict }) => verdict === "unknown")) {
    lines.unshift(
      "The search used up its budget before it could say either way. Nothing here is known to be wrong.",
    );
  }
  return [element("h2", "", "How to read this"), ...lines.map((line) => element("p", "", line))];
}
