/** Search, and one choice each for client, kind and outcome. It holds no state but what its fields show. */

import type { Filter } from "../filter.ts";
import { byName, grouped, shorten, visible } from "../text.ts";
import { button, element } from "./dom.ts";
import type { Model } from "./model.ts";

/** A page must stay light: of more clients than this, the search finds the others. */
const MOST_CHOICES = 300;

type Field = "client" | "kind" | "outcome";

export interface FilterActions {
  filter(change: Partial<Filter>): void;
  /** To the next operation that the filter lets through, or the one before. */
  step(step: 1 | -1): void;
}

export class FilterBar {
  private readonly search = element("input", "search");
  private readonly count = element("output", "count");
  private readonly selects = new Map<Field, { select: HTMLSelectElement; values: readonly string[] }>();

  constructor(root: HTMLElement, { report }: Model, actions: FilterActions) {
    this.search.type = "search";
    this.search.id = "search";
    this.search.placeholder = "Search";
    this.search.setAttribute("aria-label", "Search in the operations' words");
    this.search.addEventListener("input", () => actions.filter({ words: this.search.value }));
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") actions.step(event.shiftKey ? -1 : 1);
      if (event.key === "Escape") this.search.blur();
    });
    root.append(this.search);
    const { operations } = report;
    const choices: readonly (readonly [Field, string, Iterable<string>])[] = [
      ["client", "All clients", report.clients],
      ["kind", "All kinds", distinct(operations, ({ kind }) => kind)],
      ["outcome", "All outcomes", distinct(operations, ({ outcome }) => outcome)],
    ];
    for (const [field, all, values] of choices) root.append(this.choice(field, all, values, actions));
    const before = button("‹", () => actions.step(-1));
    before.setAttribute("aria-label", "Previous match");
    const after = button("›", () => actions.step(1));
    after.setAttribute("aria-label", "Next match");
    root.append(before, after, this.count);
  }

  focus(): void {
    this.search.focus();
  }

  /** Shows what is asked for, and how many operations are let through. */
  show(filter: Filter, matches: number | null): void {
    if (this.search.value !== filter.words) this.search.value = filter.words;
    for (const [field, { select, values }] of this.selects) {
      const value = filter[field];
      select.selectedIndex = value === null ? 0 : values.indexOf(value) + 1;
    }
    this.count.textContent = matches === null ? "" : `${grouped(matches)} match`;
  }

  private choice(field: Field, all: string, found: Iterable<string>, { filter }: FilterActions): HTMLElement {
    const values = [...new Set(found)].sort(byName).slice(0, MOST_CHOICES);
    const select = element("select", "");
    select.setAttribute("aria-label", all);
    select.append(element("option", "", all));
    for (const value of values) select.append(element("option", "", visible(shorten(value, 24))));
    // By position: a value may be anything, an option's text only what can be seen.
    select.addEventListener("change", () => filter({ [field]: values[select.selectedIndex - 1] ?? null }));
    this.selects.set(field, { select, values });
    return select;
  }
}

/** Neighbours are mostly alike, and a set of a million takes long to fill. */
function distinct<T>(operations: readonly T[], read: (operation: T) => string): Set<string> {
  const values = new Set<string>();
  let last: string | null = null;
  for (const operation of operations) {
    const value = read(operation);
    if (value !== last) values.add(value);
    last = value;
  }
  return values;
}
