/** What is few and must be crisp: time axis, names of rows, marks of problems, outlines of what is in hand. */

import { axisTop, type ScaleLinear, type Selection, select } from "d3";
import { AXIS_HEIGHT, findItem, type Item, type Lane } from "../layout.ts";
import type { Problem } from "../problem.ts";
import { STEP } from "../ranked.ts";
import { grouped, milliseconds, visible } from "../text.ts";
import { BOX_HEIGHT, BOX_TOP } from "./box.ts";
import type { Choice, Frame, Model } from "./model.ts";

type Group = Selection<SVGGElement, unknown, null, undefined>;
type Outline = Selection<SVGRectElement, unknown, null, undefined>;

/** Pixels from a flag's middle to its label. */
const FLAG = 12;
/** Pixels that a letter of a problem's label takes at most, on average. */
const LETTER = 7;

export class Overlay {
  /** Takes all pointer events of the timeline. */
  readonly surface: SVGRectElement;
  private readonly model: Model;
  private readonly svg: Selection<SVGSVGElement, unknown, null, undefined>;
  private readonly plot: Group;
  private readonly axis: Group;
  private readonly names: Group;
  private readonly marks: Group;
  private readonly outlines: { readonly hovered: Outline; readonly pinned: Outline };

  constructor(stage: HTMLElement, model: Model) {
    this.model = model;
    this.svg = select(stage)
      .append("svg")
      .attr("class", "plot")
      .attr("aria-hidden", "true")
      .attr("height", model.scene.height);
    this.names = this.svg.append("g").attr("class", "names");
    this.plot = this.svg.append("g");
    this.axis = this.plot
      .append("g")
      .attr("class", "axis")
      .attr("transform", `translate(0,${AXIS_HEIGHT - 4})`);
    this.marks = this.plot.append("g").attr("class", "marks");
    const outline = (name: string): Outline =>
      this.plot.append("rect").attr("class", `outline ${name}`).attr("rx", 4);
    this.outlines = { hovered: outline("hovered"), pinned: outline("pinned") };
    this.surface = this.plot
      .append("rect")
      .attr("class", "surface")
      .attr("height", model.scene.height)
      .node()!;
  }

  get element(): SVGSVGElement {
    return this.svg.node()!;
  }

  remove(): void {
    this.svg.remove();
  }

  resize(gutter: number, width: number): void {
    this.svg.attr("width", gutter + width + 14);
    this.plot.attr("transform", `translate(${gutter},0)`);
    this.surface.setAttribute("width", String(width));
    this.nameRows(gutter);
  }

  draw(frame: Frame, choice: Choice, scale: ScaleLinear<number, number>): void {
    this.drawAxis(frame, scale);
    this.drawMarks(frame);
    this.outline(this.outlines.hovered, choice.hovered, frame);
    this.outline(this.outlines.pinned, choice.pinned, frame);
  }

  private nameRows(gutter: number): void {
    const { scene } = this.model;
    const letters = Math.floor((gutter - 14) / 6.2);
    this.names.selectAll("*").remove();
    for (const caption of scene.captions) {
      this.names
        .append("text")
        .attr("class", "caption")
        .attr("x", gutter > 90 ? 24 : 14)
        .attr("y", caption.top + 15)
        .text(caption.text);
    }
    for (const lane of scene.lanes) {
      if (lane.name === "") continue;
      const name = visible(lane.name);
      const short = name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
      const text = this.names
        .append("text")
        .attr("class", "name")
        .attr("x", gutter - 10);
      text.attr("y", middleOf(lane) + 4).text(short);
      if (short !== name) text.append("title").text(name);
    }
  }

  private drawAxis(frame: Frame, scale: ScaleLinear<number, number>): void {
    const count = Math.max(2, Math.floor(frame.width / 96));
    const [low, high] = [0, this.model.scene.end];
    const ticks = scale
      .ticks(count)
      // There is no half step.
      .filter(
        (each) => each >= low && each <= high && (this.model.scene.axis === "time" || each % STEP === 0),
      );
    const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : high;
    const axis = axisTop(scale)
      .tickValues(ticks)
      .tickSizeInner(-(this.model.scene.height - AXIS_HEIGHT))
      .tickSizeOuter(0)
      .tickPadding(7)
      .tickFormat((each) =>
        this.model.scene.axis === "rank"
          ? `#${grouped(Number(each) / STEP)}`
          : instantWords(Number(each), step),
      );
    this.axis.call(axis);
    // A label cut off at the edge reads as another number.
    this.axis.selectAll<SVGTextElement, number>(".tick text").attr("visibility", (each) => {
      const x = scale(each);
      return x < 12 || x > frame.width - 18 ? "hidden" : "visible";
    });
  }

  /** A flag per problem in the row reserved for them, so that a label covers nothing and no other label. */
  private drawMarks(frame: Frame): void {
    this.marks.selectAll("*").remove();
    const lane = this.model.scene.lanes.find((each) => each.kind === "problem");
    if (lane === undefined) return;
    const shown = lane.pieces
      .filter((piece) => piece.from >= frame.from && piece.from <= frame.until)
      .map((piece) => this.model.problems[piece.index]!);
    let taken = 0;
    shown.forEach((problem, index) => {
      const x = frame.x(problem.at);
      const foot =
        problem.kind === "violation" ? this.model.scene.height : this.bottomOf(problem.operation, lane);
      this.marks
        .append("path")
        .attr("class", `stem ${problem.kind}`)
        .attr("d", `M${x},${lane.top + 18}V${foot}`);
      this.marks
        .append("path")
        .attr("class", "flag")
        .attr("d", `M${x - 6},${lane.top + 9}h12l-6,9z`);
      if (problem.kind === "violation") this.ringNodes(x);
      const next = shown[index + 1];
      const right = next === undefined ? frame.width : frame.x(next.at) - FLAG;
      const end = this.label(problem, lane.top + 17, x, x - FLAG - taken, right - x - FLAG);
      taken = Math.max(end, x + FLAG);
    });
  }

  /** A problem's label on the side that has room for it, shortened if neither has. Returns where it ends. */
  private label(problem: Problem, y: number, x: number, left: number, right: number): number {
    const brief = visible(problem.label.slice(0, 80));
    const full = this.model.scene.axis === "rank" ? brief : `${brief}, ${milliseconds(problem.at)}`;
    const fits = [full, brief].find((each) => widthOf(each) <= Math.max(left, right));
    const letters = Math.floor(Math.max(left, right) / LETTER) - 1;
    if (fits === undefined && letters < 8) return x;
    const text = fits ?? `${brief.slice(0, letters)}…`;
    const rightward = right >= widthOf(text) || right >= left;
    const made = this.marks.append("text").attr("class", "problem").attr("y", y).text(text);
    made.attr("x", rightward ? x + FLAG : x - FLAG).attr("text-anchor", rightward ? "start" : "end");
    return rightward ? x + FLAG + widthOf(text) : x;
  }

  /** Which servers broke it. */
  private ringNodes(x: number): void {
    const nodes = new Set(this.model.report.violation?.nodes);
    for (const lane of this.model.scene.lanes) {
      if (lane.kind !== "server" || !nodes.has(lane.name)) continue;
      this.marks.append("circle").attr("class", "ring").attr("cx", x).attr("cy", middleOf(lane)).attr("r", 6);
    }
  }

  private bottomOf(operation: number | null, fallback: Lane): number {
    const place = operation === null ? null : findItem(this.model.scene, { kind: "operation", operation });
    return place === null ? fallback.top + fallback.height : place.lane.top + BOX_TOP;
  }

  private outline(rect: Outline, item: Item | null, frame: Frame): void {
    const place = item === null ? null : findItem(this.model.scene, item);
    const { lane, piece } = place ?? {};
    const outside =
      piece === undefined || lane?.kind === "problem" || piece.until < frame.from || piece.from > frame.until;
    rect.attr("display", outside ? "none" : null);
    if (lane === undefined || piece === undefined || outside) return;
    const x = Math.max(-6, frame.x(piece.from));
    const width = Math.max(2, Math.min(frame.width + 6, frame.x(piece.until)) - x);
    const client = lane.kind === "client";
    rect
      .attr("x", x - 3)
      .attr("y", lane.top + (client ? BOX_TOP - 3 : 1))
      .attr("width", width + 6)
      .attr("height", client ? BOX_HEIGHT + 6 : lane.height - 2);
  }
}

/** Measuring text makes the browser lay out the page; an estimate on the wide side does not. */
function widthOf(text: string): number {
  return text.length * LETTER;
}

function middleOf(lane: Lane): number {
  return lane.kind === "client" ? lane.top + BOX_TOP + BOX_HEIGHT / 2 : lane.top + lane.height / 2;
}

/** An instant in the unit of the axis: as many digits as tell neighbouring ticks apart. */
function instantWords(instant: number, step: number): string {
  if (step >= 100_000) return `${trimmed(instant / 1e6)} s`;
  const [whole, fraction] = trimmed(instant / 1000).split(".");
  return `${grouped(Number(whole))}${fraction === undefined ? "" : `.${fraction}`} ms`;
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(3)));
}
