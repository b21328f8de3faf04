/** The page's views as tabs: one is shown, arrow keys go from tab to tab, and the address names the one that is shown. */

import { element } from "./dom.ts";
import { fragment, setFragment } from "./fragment.ts";

export interface View {
  /** As the address names it. */
  readonly id: string;
  readonly name: string;
  readonly panel: HTMLElement;
  /** It comes into sight. */
  open?(): void;
}

export class Tabs {
  readonly list = element("div", "tabs");
  private readonly views: readonly View[];
  private readonly tabs: readonly HTMLButtonElement[];
  private shown: View | null = null;

  /** Shows the view that the address names, else the one called `first`. */
  constructor(views: readonly View[], first: string) {
    this.views = views;
    this.tabs = views.map((view) => this.tabOf(view));
    this.list.setAttribute("role", "tablist");
    this.list.setAttribute("aria-label", "Views");
    this.list.append(...this.tabs);
    this.list.addEventListener("keydown", (event) => this.walk(event));
    window.addEventListener("hashchange", () => {
      const before = this.shown;
      this.show(fragment("view") ?? first);
      if (this.shown === before) before?.open?.();
    });
    this.show(fragment("view") ?? first, first);
  }

  /** Shows the view of this name; another one if there is none. */
  show(id: string, otherwise = this.shown?.id ?? ""): void {
    const view = this.find(id) ?? this.find(otherwise) ?? this.views[0];
    if (view === undefined || view === this.shown) return;
    const before = this.shown;
    this.shown = view;
    this.views.forEach((each, i) => {
      const selected = each === view;
      each.panel.hidden = !selected;
      this.tabs[i]!.setAttribute("aria-selected", String(selected));
      this.tabs[i]!.tabIndex = selected ? 0 : -1;
    });
    // What the address said already, it need not be told.
    if (before !== null && fragment("view") !== view.id) setFragment("view", view.id);
    view.open?.();
  }

  private find(id: string): View | undefined {
    return this.views.find((view) => view.id === id);
  }

  private tabOf(view: View): HTMLButtonElement {
    const tab = element("button", "tab", view.name);
    tab.type = "button";
    tab.id = `tab-${view.id}`;
    tab.setAttribute("role", "tab");
    view.panel.id ||= `view-${view.id}`;
    tab.setAttribute("aria-controls", view.panel.id);
    view.panel.setAttribute("role", "tabpanel");
    view.panel.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", () => this.show(view.id));
    return tab;
  }

  private walk(event: KeyboardEvent): void {
    const at = this.tabs.indexOf(document.activeElement as HTMLButtonElement);
    const last = this.tabs.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: at === 0 ? last : at - 1,
      ArrowRight: at === last ? 0 : at + 1,
      Home: 0,
      End: last,
    };
    const next = steps[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.show(this.views[next]!.id);
    this.tabs[next]!.focus();
  }
}
