/** The page wakes up: reads its own data, builds the timeline, and connects pointer, keys, chips and panel to it. */

import { detailOf, summaryOf } from "../detail.ts";
import type { Drawn } from "../drawn.ts";
import { EVERYTHING, type Filter, matchingOf, nextMatch } from "../filter.ts";
import { type Axis, findItem, type Item, sameItem } from "../layout.ts";
import { type Ranked, rankedOf } from "../ranked.ts";
import { visible } from "../text.ts";
import { walk } from "../walk.ts";
import { Chips } from "./chips.ts";
import { readData } from "./data.ts";
import { byId, element } from "./dom.ts";
import { FilterBar } from "./filterbar.ts";
import { listenToKeys } from "./keyboard.ts";
import { isLinked, readLink, writeLink } from "./link.ts";
import { Minimap } from "./minimap.ts";
import { type Choice, type Frame, type Model, modelOf, noChoice } from "./model.ts";
import { showPanel } from "./panel.ts";
import { saveButtons } from "./save/buttons.ts";
import { makeScrollable } from "./scrollable.ts";
import { Timeline } from "./timeline.ts";
import { Tooltip } from "./tooltip.ts";
import { Views } from "./views.ts";
import { offerWhyPicture } from "./why/picture.ts";
import { stepThroughOrder } from "./why/stepper.ts";

class Page {
  /** What words are made of. */
  private readonly model: Model;
  /** What is drawn: the same, or the run with ranks for times. */
  private drawn: Model;
  private ranked: { readonly model: Model; readonly ranks: Ranked } | null = null;
  private readonly choice: Choice = noChoice();
  private readonly stage = byId("stage");
  private readonly panel = byId("panel");
  private readonly spoken = element("p", "unseen");
  private timeline: Timeline;
  private readonly minimap: Minimap;
  private readonly tooltip: Tooltip;
  private readonly chips: Chips;
  /** Null until the page has shown where it begins: that is for the address to say, not for what is pinned first. */
  private views: Views | null = null;
  private readonly filters: FilterBar;
  private problem = -1;

  constructor(report: Drawn) {
    this.model = modelOf(report);
    this.drawn = this.model;
    byId("workspace").hidden = false;
    this.minimap = new Minimap(byId("minimap"), this.model, (from, until) => this.timeline.show(from, until));
    this.timeline = this.newTimeline();
    this.tooltip = new Tooltip(this.stage, this.model);
    this.chips = new Chips(byId("chips"), this.model, (object) => {
      // A second press on the same chip lets go of it.
      this.filter({ object: object === this.choice.filter.object ? null : object });
    });
    this.filters = new FilterBar(byId("filters"), this.model, {
      filter: (change) => this.filter(change),
      step: (step) => this.nextMatch(step),
    });
    this.spoken.setAttribute("role", "status");
    this.stage.after(this.spoken);
    this.connect();
    this.pin(null);
    if (isLinked()) this.follow();
    else this.nextProblem();
    window.addEventListener("hashchange", () => this.follow());
    this.views = new Views(this.model, (item) => this.showInTimeline(item));
    this.stage.after(saveButtons("the timeline", "timeline", () => this.timeline.picture()));
  }

  private newTimeline(): Timeline {
    return new Timeline(this.stage, this.drawn, this.choice, {
      hover: (item, x, y) => this.hover(item, x, y),
      press: (item) => this.pin(item),
      drawn: (frame) => {
        this.minimap.follow(frame);
        this.link(frame);
      },
    });
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
      step: (step) => this.step(step),
      find: () => this.filters.focus(),
      changeAxis: () => this.changeAxis(),
    });
    byId("step-back").addEventListener("click", () => this.step(-1));
    byId("step-on").addEventListener("click", () => this.step(1));
    byId("axis").addEventListener("click", () => this.changeAxis());
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
      highlight: (object) => this.filter({ object }),
      zoomTo: (target) => this.zoomTo(target),
    });
    this.timeline.invalidate();
  }

  private letGo(): void {
    this.hover(null, 0, 0);
    this.pin(null);
    this.filter(EVERYTHING);
  }

  private filter(change: Partial<Filter>): void {
    const { choice, drawn } = this;
    choice.filter = { ...choice.filter, ...change };
    choice.matching = matchingOf(drawn.report, drawn.scene, choice.filter);
    this.chips.select(choice.filter.object);
    this.filters.show(choice.filter, choice.matching?.count ?? null);
    const hasOrder = this.order().length > 0;
    for (const id of ["step-back", "step-on"]) byId(id).hidden = !hasOrder;
    this.timeline.invalidate();
  }

  /** The operations of the highlighted key in their linearization order, or in the longest order found. */
  private order(): readonly number[] {
    const { object } = this.choice.filter;
    return object === null ? [] : (this.model.judgement.orders.get(object)?.order ?? []);
  }

  /** One operation further in the order: from the pinned one, or from the first one in view. */
  private step(step: 1 | -1): void {
    const order = this.order();
    const { pinned } = this.choice;
    const at = pinned?.kind === "operation" ? order.indexOf(pinned.operation) : -1;
    const { from } = this.timeline.frame();
    const points = this.drawn.judgement.orders.get(this.choice.filter.object ?? "")?.points ?? [];
    const first = Math.max(
      0,
      points.findIndex((point) => point >= from),
    );
    this.goTo(order[at < 0 ? first : at + step]);
  }

  private nextMatch(step: 1 | -1): void {
    const { matching, pinned } = this.choice;
    const from = pinned?.kind === "operation" ? pinned.operation : null;
    if (matching !== null) this.goTo(nextMatch(matching, from, step) ?? undefined);
  }

  private goTo(operation: number | undefined): void {
    if (operation === undefined) return;
    const item: Item = { kind: "operation", operation };
    this.pin(item);
    this.reveal(item);
  }

  /** Between real time and rank time, keeping what is in view in view. */
  private changeAxis(): void {
    const { from, until } = this.timeline.frame();
    const { ranks, model } = this.ranking();
    const isRanked = this.drawn.scene.axis === "rank";
    this.drawn = isRanked ? this.model : model;
    this.timeline.remove();
    this.timeline = this.newTimeline();
    this.minimap.change(this.drawn);
    byId("axis").setAttribute("aria-pressed", String(!isRanked));
    this.filter({});
    const convert = isRanked ? ranks.instantOf : ranks.rankOf;
    this.timeline.show(convert(from), convert(until));
  }

  private ranking(): { readonly model: Model; readonly ranks: Ranked } {
    if (this.ranked === null) {
      const ranks = rankedOf(this.model.report);
      const axis: Axis = "rank";
      this.ranked = { ranks, model: modelOf(ranks.drawn, axis) };
    }
    return this.ranked;
  }

  /** Writes down where the person is, so that the address leads there. */
  private link(frame: Frame): void {
    const isRanked = this.drawn.scene.axis === "rank";
    const isWhole = frame.from <= 0 && frame.until >= this.drawn.scene.end;
    const convert = isRanked ? this.ranking().ranks.instantOf : (instant: number) => instant;
    const { pinned, filter } = this.choice;
    writeLink({
      from: isWhole ? null : convert(frame.from),
      until: isWhole ? null : convert(frame.until),
      operation: pinned?.kind === "operation" ? this.model.report.operations[pinned.operation]!.id : null,
      filter,
      isRanked,
    });
  }

  /** Goes where the address leads. What it names and is not there is as good as not named. */
  private follow(): void {
    const { from, until, operation, filter, isRanked } = readLink();
    if (isRanked !== (this.drawn.scene.axis === "rank")) this.changeAxis();
    const { clients, objects } = this.model.report;
    const object = objects.some((each) => each.object === filter.object) ? filter.object : null;
    const client = filter.client !== null && clients.includes(filter.client) ? filter.client : null;
    this.filter({ ...filter, object, client });
    const index = this.model.report.operations.findIndex(({ id }) => id === operation);
    this.pin(index < 0 ? null : { kind: "operation", operation: index });
    const convert = isRanked ? this.ranking().ranks.rankOf : (instant: number) => instant;
    if (from !== null && until !== null && from < until) this.timeline.show(convert(from), convert(until));
    else if (index >= 0) this.reveal({ kind: "operation", operation: index });
  }

  private walk(direction: Parameters<typeof walk>[3]): void {
    const { from, until } = this.timeline.frame();
    const item = walk(
      this.drawn.scene,
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
    const place = item === null ? null : findItem(this.drawn.scene, item);
    if (place !== null) this.timeline.reveal(place.piece.from, place.piece.until);
    this.timeline.invalidate();
    return place;
  }

  private showInTimeline(item: Item): void {
    this.views?.open("timeline");
    this.pin(item);
    this.zoomTo(item);
    this.stage.focus();
  }

  private zoomTo(item: Item): void {
    const place = findItem(this.drawn.scene, item);
    if (place === null) return;
    const { from, until } = place.piece;
    const margin = Math.max(100, (until - from) * 1.5);
    this.timeline.show(from - margin, until + margin);
  }

  /** To the next problem, round and round; pins it and shows its key's order. */
  private nextProblem(): void {
    const { problems } = this.drawn;
    this.problem = (this.problem + 1) % Math.max(1, problems.length);
    const problem = problems[this.problem];
    if (problem === undefined) return;
    const margin = (problem.until - problem.from) * 0.25;
    this.timeline.show(problem.from - margin, problem.until + margin);
    this.filter({ object: problem.object });
    this.pin({ kind: "problem", problem: this.problem });
  }
}

/** Better no timeline than one of something else. */
function sayDamaged(error: unknown): void {
  const words = byId("asleep");
  const reason = error instanceof Error ? error.message : String(error);
  words.textContent = `There is no timeline: the data in this file is damaged (${visible(reason)}). Verdict, sentence and tables were written when the page was made; the command above makes it again.`;
  words.classList.remove("asleep");
  words.setAttribute("role", "alert");
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
offerWhyPicture();
makeScrollable();
readData()
  .then((report) => {
    new Page(report);
    byId("asleep").remove();
  })
  .catch(sayDamaged);
