/** The table of servers: Figure 2's state in the first columns, then the log, one column for each index. */

import { type LogCell, logWindow } from "../../cluster/logs.ts";
import type { ServerScene } from "../../cluster/scene.ts";
import { shorten, visible } from "../../text.ts";
import { button, element } from "../dom.ts";

const HEADS = ["server", "role", "term", "voted for", "commit", "applied"];
/** Of these a small screen shows only the first and the third. */
const SMALL = 592;
const FIXED_SMALL = 130;
/** Pixels for all of them, and for one entry. */
const FIXED = 470;
const CELL = 32;
const TERM_COLOURS = 6;
const LONGEST_COMMAND = 120;

export class LogTable {
  readonly element = element("section", "logs");
  private readonly table = element("table", "");
  private readonly pick: (server: string) => void;
  private readonly earlier: HTMLButtonElement;
  private readonly later: HTMLButtonElement;
  private columns = 12;
  /** The last index shown; null: the longest log's last one, whatever it is. */
  private end: number | null = null;
  private shown: readonly [readonly ServerScene[], string | null] | null = null;

  constructor(pick: (server: string) => void) {
    this.pick = pick;
    this.earlier = button("Earlier entries", () => this.shift(-1));
    this.later = button("Later entries", () => this.shift(1));
    const head = element("div", "head", element("h2", "", "Logs"), this.earlier, this.later);
    const scroll = element("div", "scroll", this.table);
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "Servers and their logs");
    this.element.append(head, scroll, legend());
  }

  resize(width: number): void {
    const columns = Math.max(
      8,
      Math.min(36, Math.floor((width - (width < SMALL ? FIXED_SMALL : FIXED)) / CELL)),
    );
    if (columns === this.columns) return;
    this.columns = columns;
    if (this.shown !== null) this.draw(...this.shown);
  }

  draw(servers: readonly ServerScene[], picked: string | null): void {
    this.shown = [servers, picked];
    const { indexes, rows, isFirst, isLast } = logWindow(servers, this.columns, this.end);
    this.earlier.disabled = isFirst;
    this.later.disabled = isLast;
    // Rebuilt at every step: whoever stands on a server's name must stay there.
    const focused = document.activeElement?.closest("th.server") === null ? null : document.activeElement;
    const place = focused === null ? null : focused?.textContent;
    this.table.replaceChildren(headOf(indexes), this.body(servers, rows, picked));
    if (place !== null && place !== undefined) this.focus(place);
  }

  private focus(server: string): void {
    const names = this.table.querySelectorAll<HTMLButtonElement>("th.server button");
    Array.from(names, (name) => (name.textContent === server ? name.focus() : null));
  }

  private body(
    servers: readonly ServerScene[],
    rows: readonly (readonly LogCell[])[],
    picked: string | null,
  ): HTMLElement {
    const made = servers.map(({ id, frame }, i) => {
      const { role, condition, term, votedFor, commitIndex, lastApplied } = frame;
      const state = condition === "up" ? role! : condition;
      const name = button(id, () => this.pick(id));
      name.setAttribute("aria-pressed", String(id === picked));
      const server = element("th", "server", name);
      server.scope = "row";
      const badge = element("td", "spacious", element("span", `badge ${state}`, state));
      const numbers = [votedFor ?? "nobody", commitIndex, lastApplied];
      const cells = [
        element("td", "number", String(term)),
        ...numbers.map((value) => element("td", "number spacious", String(value))),
      ];
      return element("tr", "", server, badge, ...cells, ...rows[i]!.map(cellOf));
    });
    return element("tbody", "", ...made);
  }

  private shift(direction: 1 | -1): void {
    if (this.shown === null) return;
    const [servers, picked] = this.shown;
    const longest = Math.max(...servers.map(({ frame }) => frame.log.last));
    const end = (this.end ?? longest) + direction * Math.max(1, this.columns - 2);
    this.end = end >= longest ? null : Math.max(this.columns, end);
    this.draw(servers, picked);
  }
}

function headOf(indexes: readonly number[]): HTMLElement {
  const heads = [...HEADS, ...indexes.map(String)].map((text, i) => {
    const always = i === 0 || i === 2;
    const head = element("th", i >= HEADS.length ? "index" : always ? "" : "spacious", text);
    head.scope = "col";
    return head;
  });
  return element("thead", "", element("tr", "", ...heads));
}

function cellOf({ standing, term, words, index }: LogCell): HTMLElement {
  const colour = term === null ? "" : ` t${term % TERM_COLOURS}`;
  const text = { snapshot: "s", none: "", applied: term, committed: term, appended: term }[standing];
  const cell = element("td", `entry ${standing}${colour}`, String(text));
  const spoken = standing === "none" ? "" : `${index}: ${standing}, ${shorten(words, LONGEST_COMMAND)}`;
  if (spoken !== "") cell.title = visible(spoken);
  return cell;
}

function legend(): HTMLElement {
  const sample = (standing: string, text: string, words: string) => {
    const made = element("span", "", element("span", `entry ${standing}`, text), ` ${words}`);
    return made;
  };
  return element(
    "p",
    "logs-legend",
    "An entry shows its term: ",
    sample("appended t1", "3", "appended"),
    sample("committed t1", "3", "known committed"),
    sample("applied t1", "3", "applied"),
    sample("snapshot", "s", "in the snapshot"),
    element("span", "", "A server that is down shows what its disk keeps. Pick a server for its commands."),
  );
}
