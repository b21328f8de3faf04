/**
 * A table of any length: a real one, of which only the rows in sight are there. It says how many there are, and each row
 * which one it is. Scrolling is the browser's, so every key and gesture that scrolls works.
 */

import type { Sheet } from "../../raw/sheet.ts";
import { ROW_HEIGHT, type Slice, sliceAt, topOf } from "../../raw/slice.ts";
import { shorten, visible } from "../../text.ts";
import { button, element } from "../dom.ts";

/** Longer values are cut here; the file has them whole. */
const VALUE_LENGTH = 300;

export class Grid {
  readonly root = element("div", "grid");
  private readonly sheet: Sheet;
  private readonly show: (index: number) => void;
  private readonly body = element("tbody", "");
  private readonly heads: readonly HTMLTableCellElement[];
  private order: Uint32Array | null = null;
  private by: { readonly column: number; readonly isDescending: boolean } | null = null;
  private slice: Slice | null = null;
  private waiting = false;
  /** The one row whose button Tab stops at: there may be a million. */
  private current = 0;

  constructor(sheet: Sheet, show: (index: number) => void) {
    this.sheet = sheet;
    this.show = show;
    const table = element("table", "");
    table.setAttribute("aria-rowcount", String(sheet.count + 1));
    table.setAttribute("aria-label", sheet.name);
    this.heads = sheet.columns.map((column, index) => this.head(column, index));
    const head = element("tr", "", element("th", "go", element("span", "unseen", "Show")), ...this.heads);
    head.setAttribute("aria-rowindex", "1");
    table.append(element("thead", "", head), this.body);
    this.root.append(table);
    this.root.tabIndex = 0;
    this.root.setAttribute("role", "region");
    this.root.setAttribute("aria-label", `${sheet.name}, scrolls`);
    this.root.addEventListener("scroll", () => this.invalidate());
    this.body.addEventListener("keydown", (event) => this.walk(event));
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  /** Scrolls to a row, by its number in the report. */
  reveal(index: number): void {
    const row = this.order === null ? index : this.order.indexOf(index);
    this.root.scrollTop = topOf(row, this.sheet.count, this.root.clientHeight);
    this.draw();
  }

  private invalidate(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  private draw(): void {
    const { scrollTop, clientHeight } = this.root;
    if (clientHeight === 0) return;
    const slice = sliceAt(this.sheet.count, scrollTop, clientHeight);
    const { first, end, above, below } = slice;
    const [top, bottom] = inSight(slice, scrollTop, clientHeight);
    this.stopAt(Math.min(Math.max(this.current, top), bottom));
    if (this.slice?.first === first && this.slice.end === end && this.slice.above === above) return;
    // A row that has the focus must not vanish under the person.
    const isFocused = this.body.contains(document.activeElement);
    this.slice = slice;
    const rows = Array.from({ length: end - first }, (_, at) => this.row(first + at));
    this.body.replaceChildren(gap(above), ...rows, gap(below));
    if (isFocused) this.buttonOf(this.current)?.focus({ preventScroll: true });
  }

  /** Up and down lead from row to row. */
  private walk(event: KeyboardEvent): void {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const next = this.current + step;
    if (step === 0 || next < 0 || next >= this.sheet.count) return;
    event.preventDefault();
    this.stopAt(next);
    this.buttonOf(next)?.focus({ preventScroll: true });
    this.root.scrollTop += step * ROW_HEIGHT;
    this.invalidate();
  }

  private stopAt(place: number): void {
    const [before, after] = [this.buttonOf(this.current), this.buttonOf(place)];
    this.current = place;
    if (before !== null) before.tabIndex = -1;
    if (after !== null) after.tabIndex = 0;
  }

  private buttonOf(place: number): HTMLElement | null {
    return this.body.querySelector(`button[data-row="${place}"]`);
  }

  private row(place: number): HTMLTableRowElement {
    const index = this.order?.[place] ?? place;
    const go = button("→", () => this.show(index));
    go.dataset.row = String(place);
    go.tabIndex = place === this.current ? 0 : -1;
    go.setAttribute("aria-label", `Row ${place + 1}: show in the timeline`);
    const cells = this.sheet.cells(index).map((text, column) => {
      const short = visible(shorten(text, VALUE_LENGTH));
      const cell = element(
        "td",
        this.sheet.columns[column]!.isNumber ? "number" : "",
        element("bdi", "", short),
      );
      if (short.length > 24) cell.title = short;
      return cell;
    });
    const row = element("tr", "", element("td", "go", go), ...cells);
    row.setAttribute("aria-rowindex", String(place + 2));
    row.style.height = `${ROW_HEIGHT}px`;
    return row;
  }

  private head({ name, isNumber }: Sheet["columns"][number], column: number): HTMLTableCellElement {
    const head = element(
      "th",
      isNumber ? "number" : "",
      button(name, () => this.sort(column)),
    );
    head.scope = "col";
    return head;
  }

  /** By this column, then by it the other way, then as the report has them. */
  private sort(column: number): void {
    const before = this.by?.column === column ? this.by : null;
    this.by =
      before === null
        ? { column, isDescending: false }
        : before.isDescending
          ? null
          : { column, isDescending: true };
    const { by } = this;
    this.order = by === null ? null : this.sheet.sorted(by.column, by.isDescending);
    this.heads.forEach((head, index) => {
      if (by?.column === index) head.setAttribute("aria-sort", by.isDescending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    this.slice = null;
    this.root.scrollTop = 0;
    this.draw();
  }
}

/** The first and the last row that can be seen, below the head. */
function inSight(slice: Slice, top: number, height: number): [number, number] {
  const first = slice.first + Math.ceil((top - slice.above) / ROW_HEIGHT);
  return [first, Math.max(first, Math.min(slice.end - 1, first + Math.floor(height / ROW_HEIGHT) - 3))];
}

/** Nothing, of a height. */
function gap(height: number): HTMLTableRowElement {
  const row = element("tr", "gap");
  row.setAttribute("aria-hidden", "true");
  row.style.height = `${height}px`;
  return row;
}
