/** The page wakes up: reads its own data, builds the timeline, and connects pointer, keys, chips and panel to it. */

import { detailOf, summaryOf } from "../detail.ts";
import type { Drawn } from "../drawn.ts";
import { findItem, type Item, sameItem } from "../layout.ts";
import { walk } from "../walk.ts";
import { Chips } from "./chips.ts";
import { readData } from "./data.ts";
import { byId, element } from "./dom.ts";
import { listenToKeys } from "./keyboard.ts";
import { Minimap } from "./minimap.ts";
import { type Choice, type Model, modelOf } from "./model.ts";
import { showPanel } from "./panel.ts";
import { Timeline } from "./timeline.ts";
import { Tooltip } from "./tooltip.ts";
import { Views } from "./views.ts";
import { stepThroughOrder } from "./why/stepper.ts";

class Page {
  private readonly model: Model;
  private readonly choice: Choice = { object: null, hovered: null, pinned: null };
  private readonly stage = byId("stage");
  private readonly panel = byId("panel");
  private readonly spoken = element("p", "unseen");
  private readonly timeline: Timeline;
  private readonly minimap: Minimap;
  private readonly tooltip: Tooltip;
  private readonly chips: Chips;
  /** Null until the page has shown where it begins: that is for the address to say, not for what is pinned first. */
  private views: Views | null = null;
  private problem = -1;

  constructor(report: Drawn) {
    this.model = modelOf(report);
    byId("workspace").hidden = false;
    this.minimap = new Minimap(byId("minimap"), this.model, (from, until) =>
      this.timeline.show(from, until, false),
    );
    this.timeline = new Timeline(this.stage, this.model, this.choice, {
      hover: (item, x, y) => this.hover(item, x, y),
      press: (item) => this.pin(item),
      drawn: (frame) => this.minimap.follow(frame),
    });
    this.tooltip = new Tooltip(this.stage, this.model);
    this.chips = new Chips(byId("chips"), this.model, (object) => {
      // A second press on the same chip lets go of it.
      this.highlight(object === this.choice.object ? null : object);
    });
    this.spoken.setAttribute("role", "status");
    this.stage.after(this.spoken);
    this.connect();
    this.pin(null);
    this.nextProblem(false);
    this.views = new Views(report, this.model.problems);
  }

  private connect(): void {
    listenToKeys(this.stage, {
      zoom: (factor) => this.timeline.zoomBy(factor),
      move: (fraction) => this.timeline.moveBy(fraction),
      fit: () => this.timeline.showAll(),
      nextProblem: () => this.nextProblem(),
      walk: (direction) => this.walk(direction),
      pin: () => this.pin(this.choice.hovered),
      letGo: () => this.letGo(),
    });
    byId("zoom-in").addEventListener("click", () => this.timeline.zoomBy(1.6));
    byId("zoom-out").addEventListener("click", () => this.timeline.zoomBy(1 / 1.6));
    byId("fit").addEventListener("click", () => this.timeline.showAll());
    byId("problem").addEventListener("click", () => this.nextProblem());
    byId("problem").hidden = this.model.problems.length === 0;
    for (const query of ["(prefers-color-scheme: dark)", "print"]) {
      matchMedia(query).addEventListener("change", () => {
        this.timeline.recolour();
        this.minimap.paint();
      });
    }
    connectCopy();
  }

  private hover(item: Item | null, x: number, y: number): void {
    if (item === null) this.tooltip.hide();
    else this.tooltip.show(item, x, y);
    if (sameItem(item, this.choice.hovered)) return;
    this.choice.hovered = item;
    this.stage.classList.toggle("pointing", item !== null);
    this.timeline.invalidate();
  }

  private pin(wanted: Item | null): void {
    const flagged =
      wanted?.kind === "problem" ? (this.model.problems[wanted.problem]?.operation ?? null) : null;
    // A flag stands for the operation under it: pinning that one says more.
    const item: Item | null = flagged === null ? wanted : { kind: "operation", operation: flagged };
    this.choice.pinned = item;
    if (item?.kind === "operation") {
      const { call, return: answered } = this.model.report.operations[item.operation]!;
      this.views?.look(answered ?? call);
    }
    showPanel(this.panel, this.model, item, {
      pin: (next) => {
        this.pin(next);
        this.reveal(next);
      },
      highlight: (object) => this.highlight(object),
      zoomTo: (target) => this.zoomTo(target),
    });
    this.timeline.invalidate();
  }

  private letGo(): void {
    this.hover(null, 0, 0);
    this.pin(null);
    this.highlight(null);
  }

  private highlight(object: string | null): void {
    this.choice.object = object;
    this.chips.select(object);
    this.timeline.invalidate();
  }

  private walk(direction: Parameters<typeof walk>[3]): void {
    const { from, until } = this.timeline.frame();
    const item = walk(
      this.model.scene,
      this.choice.hovered ?? this.choice.pinned,
      (from + until) / 2,
      direction,
    );
    this.choice.hovered = item;
    const place = this.reveal(item);
    if (item === null || place === null) return;
    const { words } = detailOf(item, this.model.report, this.model.judgement);
    this.spoken.textContent = `${words}. ${summaryOf(item, this.model.report, this.model.judgement)}`;
    const x = this.timeline.place(place.piece.from, place.piece.until);
    this.tooltip.show(item, x, place.lane.top + 2);
  }

  private reveal(item: Item | null): ReturnType<typeof findItem> {
    const place = item === null ? null : findItem(this.model.scene, item);
    if (place !== null) this.timeline.reveal(place.piece.from, place.piece.until);
    this.timeline.invalidate();
    return place;
  }

  private zoomTo(item: Item): void {
    const place = findItem(this.model.scene, item);
    if (place === null) return;
    const { from, until } = place.piece;
    const margin = Math.max(100, (until - from) * 1.5);
    this.timeline.show(from - margin, until + margin);
  }

  /** To the next problem, round and round; pins it and shows its key's order. */
  private nextProblem(glide = true): void {
    const { problems } = this.model;
    this.problem = (this.problem + 1) % Math.max(1, problems.length);
    const problem = problems[this.problem];
    if (problem === undefined) return;
    const margin = (problem.until - problem.from) * 0.25;
    this.timeline.show(problem.from - margin, problem.until + margin, glide);
    this.highlight(problem.object);
    this.pin({ kind: "problem", problem: this.problem });
  }
}

function connectCopy(): void {
  const copy = byId<HTMLButtonElement>("copy");
  // Some browsers give a page from file:// no clipboard.
  if (navigator.clipboard === undefined) return;
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(byId("replay").textContent ?? "");
    copy.textContent = "Copied";
    setTimeout(() => {
      copy.textContent = "Copy";
    }, 1500);
  });
}

stepThroughOrder();
readData().then((report) => new Page(report));
