/** The messages of a stretch of time: who said what to whom, and what became of it. */

import type { Film } from "../../cluster/film.ts";
import { MESSAGE_KINDS } from "../../cluster/kind.ts";
import { type Landmark, landmarksOf, nextLandmark, type Wrong, wrongOf } from "../../cluster/landmark.ts";
import { fateWords, fullWords } from "../../cluster/words.ts";
import { type Arrow, arrowAt, type Diagram, layOutMessages } from "../../messages/diagram.ts";
import { moved, type Stretch, stretchAround, zoomed } from "../../messages/stretch.ts";
import type { Problem } from "../../problem.ts";
import { counted, milliseconds, shorten, visible } from "../../text.ts";
import { button, element } from "../dom.ts";
import type { Screen } from "../film-view.ts";
import { fragmentNumber, setFragment } from "../fragment.ts";
import { drawPicture, svgElement } from "../picture.ts";
import { Filter } from "./filter.ts";
import { listenToMessageKeys } from "./keyboard.ts";

/** Pixels within which a pointer counts as on an arrow. */
const REACH = 9;
/** A label takes about this much of the width. */
const PIXELS_PER_MESSAGE = 26;
const LONGEST_CONTENT = 600;

export class Chart implements Screen {
  private readonly panel: HTMLElement;
  private readonly film: Film;
  private readonly landmarks: readonly Landmark[];
  private readonly wrong: readonly Wrong[];
  private readonly filter: Filter;
  private readonly svg = svgElement("plot");
  private readonly stage = element("div", "lamport");
  private readonly place = element("p", "place");
  private readonly detail = element("p", "detail");
  private readonly toCluster: HTMLButtonElement;
  private stretch: Stretch | null = null;
  private diagram: Diagram | null = null;
  private items = new Map<number, SVGElement[]>();
  private picked: number | null = null;

  constructor(
    panel: HTMLElement,
    film: Film,
    problems: readonly Problem[],
    showCluster: (instant: number) => void,
  ) {
    this.panel = panel;
    this.film = film;
    const wrong = wrongOf(problems);
    this.wrong = wrong;
    this.landmarks = landmarksOf(film, wrong);
    this.filter = new Filter(MESSAGE_KINDS, () => this.draw());
    this.toCluster = button("Cluster at this moment", () => showCluster(this.moment()));
    this.build();
  }

  /** Around an instant; around the one that the address names, or where something went wrong, if it is null. */
  begin(instant: number | null): void {
    if (instant === null && this.stretch !== null) this.draw();
    else this.around(instant ?? fragmentNumber("t") ?? this.first());
  }

  private first(): number {
    const wrong = nextLandmark(this.landmarks, "violation", -1, 1);
    const landmark = wrong ?? nextLandmark(this.landmarks, "election", -1, 1);
    return this.film.moments[landmark?.moment ?? 0]!.time;
  }

  private build(): void {
    const keys = {
      move: (by: number) => this.show(moved(this.stretch!, by)),
      zoom: (factor: number) => this.show(zoomed(this.stretch!, factor)),
      walk: (by: 1 | -1) => this.walk(by),
      letGo: () => this.pick(null),
    };
    const row = element(
      "div",
      "buttons",
      withKey(
        button("Earlier ", () => keys.move(-0.5)),
        "A",
      ),
      withKey(
        button("Later ", () => keys.move(0.5)),
        "D",
      ),
      withKey(
        button("Closer ", () => keys.zoom(0.5)),
        "W",
      ),
      withKey(
        button("Wider ", () => keys.zoom(2)),
        "S",
      ),
      this.toCluster,
    );
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", "Stretch of time");
    this.detail.setAttribute("aria-live", "polite");
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "application");
    this.stage.setAttribute(
      "aria-label",
      "Messages between nodes over time. Arrow keys go from message to message.",
    );
    this.stage.append(this.svg);
    const legend = element(
      "p",
      "lamport-legend",
      "Solid: a request. Dashed: a reply. Dotted: delivered once more. A cross: it did not arrive. Thick: the server leads.",
    );
    this.panel.append(row, this.filter.element, this.place, this.stage, this.detail, legend);
    this.svg.addEventListener("pointermove", (event) => this.pick(this.under(event)));
    this.svg.addEventListener("click", (event) => this.pick(this.under(event)));
    listenToMessageKeys(this.panel, this.stage, keys);
    new ResizeObserver(() => this.draw()).observe(this.stage);
  }

  private around(instant: number): void {
    const count = Math.max(8, Math.round(this.width() / PIXELS_PER_MESSAGE));
    this.show(stretchAround(this.film, instant, this.filter.kinds, count));
    setFragment("t", String(instant));
  }

  private show(stretch: Stretch): void {
    this.stretch = stretch;
    this.draw();
  }

  private width(): number {
    return Math.max(300, this.stage.clientWidth);
  }

  private draw(): void {
    if (this.stretch === null || this.panel.hidden) return;
    const { stretch, film, wrong } = this;
    const diagram = layOutMessages(film, { stretch, width: this.width(), kinds: this.filter.kinds, wrong });
    this.diagram = diagram;
    this.items = drawPicture(this.svg, diagram);
    this.svg.setAttribute("width", String(diagram.width));
    this.svg.setAttribute("height", String(diagram.height));
    const { from, until } = stretch;
    const left = diagram.left === 0 ? "" : `, ${diagram.left} more are left out: come closer`;
    this.place.textContent = `${milliseconds(Math.max(0, from))} to ${milliseconds(until)}: ${counted(diagram.arrows.length, "message")}${left}`;
    this.pick(null);
  }

  private under(event: MouseEvent): number | null {
    if (this.diagram === null) return null;
    const box = this.svg.getBoundingClientRect();
    return arrowAt(this.diagram, event.clientX - box.left, event.clientY - box.top, REACH);
  }

  private walk(by: 1 | -1): void {
    const count = this.diagram?.arrows.length ?? 0;
    if (count === 0) return;
    const start = by > 0 ? -1 : count;
    this.pick(Math.max(0, Math.min(count - 1, (this.picked ?? start) + by)));
  }

  private pick(item: number | null): void {
    for (const [each, elements] of this.items) {
      for (const part of elements) part.classList.toggle("picked", each === item);
    }
    this.picked = item;
    this.stage.classList.toggle("picking", item !== null);
    const arrow = item === null ? undefined : this.diagram?.arrows[item];
    const words =
      arrow === undefined ? "Point at a message to read it, or walk with the arrow keys." : told(arrow);
    if (this.detail.textContent !== words) this.detail.textContent = words;
  }

  /** Of the picked message; else the middle of the picture. */
  private moment(): number {
    const arrow = this.picked === null ? undefined : this.diagram?.arrows[this.picked];
    if (arrow !== undefined) return arrow.flight.endedAt;
    const { from, until } = this.stretch!;
    return Math.round((from + until) / 2);
  }
}

function told({ flight }: Arrow): string {
  const { from, to, payload, fate, sentAt, endedAt, copy } = flight;
  const took = fate === "arrived" ? ` after ${milliseconds(endedAt - sentAt)}` : "";
  const twice = copy ? ", for the second time" : "";
  const content = visible(shorten(fullWords(payload), LONGEST_CONTENT));
  return `${from} to ${to}: ${content}. Sent at ${milliseconds(sentAt)}, ${fateWords(fate)}${took}${twice}.`;
}

function withKey(made: HTMLButtonElement, key: string): HTMLButtonElement {
  made.append(element("kbd", "", key));
  return made;
}
