/** The whole run in one strip: how much was going on when, what was broken when, and where the view stands. */

import { element } from "./dom.ts";
import type { Frame, Model } from "./model.ts";
import { type Palette, readPalette } from "./palette.ts";

const HEIGHT = 40;
const BIN = 3;
/** Pixels within which a pointer is on an edge, and a drag is still a click. */
const REACH = 5;

export class Minimap {
  private readonly root: HTMLElement;
  private model: Model;
  private readonly canvas = element("canvas", "");
  private readonly window = element("div", "window");
  private readonly show: (from: number, until: number) => void;
  private view = { from: 0, until: 1 };

  constructor(root: HTMLElement, model: Model, show: (from: number, until: number) => void) {
    this.root = root;
    this.model = model;
    this.show = show;
    root.append(this.canvas, this.window);
    root.title = "The whole run: drag the window or its edges, or draw another one";
    this.listen();
    new ResizeObserver(() => this.paint()).observe(root);
  }

  /** Draws the same run over another axis. */
  change(model: Model): void {
    this.model = model;
    this.paint();
  }

  /** Follows the view. */
  follow(frame: Frame): void {
    this.view = { from: frame.from, until: frame.until };
    const { end } = this.model.scene;
    const left = Math.max(0, frame.from / end);
    const right = Math.min(1, frame.until / end);
    this.window.style.left = `${left * 100}%`;
    this.window.style.width = `${Math.max(0, right - left) * 100}%`;
  }

  /** Painted once per size and colour scheme: it does not depend on the view. */
  paint(): void {
    const width = this.root.clientWidth;
    const context = this.canvas.getContext("2d");
    if (width === 0 || context === null) return;
    const ratio = devicePixelRatio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(HEIGHT * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const palette = readPalette(context, ratio);
    this.bars(context, palette, width);
    const { end } = this.model.scene;
    context.fillStyle = palette.ink.fault;
    for (const band of this.model.report.bands) {
      const x = (band.at / end) * width;
      context.fillRect(x, HEIGHT - 5, Math.max(1, ((band.until - band.at) / end) * width - 0.5), 3);
    }
    context.fillStyle = palette.ink.danger;
    for (const problem of this.model.problems) {
      const x = (problem.at / end) * width;
      context.fillRect(x - 0.75, 0, 1.5, HEIGHT - 7);
      context.beginPath();
      context.moveTo(x - 5, 0);
      context.lineTo(x + 5, 0);
      context.lineTo(x, 7);
      context.fill();
    }
  }

  /** One bar per few pixels: how many operations began there. */
  private bars(context: CanvasRenderingContext2D, palette: Palette, width: number): void {
    const counts = new Array<number>(Math.ceil(width / BIN)).fill(0);
    for (const operation of this.model.report.operations) {
      const bin = Math.min(
        counts.length - 1,
        Math.floor((operation.call / this.model.scene.end) * counts.length),
      );
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    const most = counts.reduce((best, each) => Math.max(best, each), 1);
    context.fillStyle = palette.ink.candidate;
    counts.forEach((count, bin) => {
      const height = (count / most) * (HEIGHT - 16);
      context.fillRect(bin * BIN, HEIGHT - 7 - height, BIN - 1, height);
    });
  }

  /** On the window: moves it. On one of its edges: that edge. Beside it: draws a new one; a click centres it. */
  private listen(): void {
    let drag: { move(instant: number): void; end(instant: number): void } | null = null;
    const instantAt = (event: PointerEvent): number => {
      const box = this.root.getBoundingClientRect();
      return ((event.clientX - box.left) / box.width) * this.model.scene.end;
    };
    this.root.addEventListener("pointerdown", (event) => {
      this.root.setPointerCapture(event.pointerId);
      drag = this.dragFrom(instantAt(event));
    });
    this.root.addEventListener("pointermove", (event) => {
      if (event.buttons === 1) drag?.move(instantAt(event));
      else this.root.style.cursor = CURSORS[this.partAt(instantAt(event))];
    });
    this.root.addEventListener("pointerup", (event) => {
      drag?.end(instantAt(event));
      drag = null;
    });
  }

  private partAt(instant: number): Part {
    const reach = (REACH * this.model.scene.end) / Math.max(1, this.root.clientWidth);
    const { from, until } = this.view;
    if (Math.abs(instant - from) <= reach) return "from";
    if (Math.abs(instant - until) <= reach) return "until";
    return instant > from && instant < until ? "window" : "outside";
  }

  private dragFrom(start: number): { move(instant: number): void; end(instant: number): void } {
    const { from, until } = this.view;
    const part = this.partAt(start);
    const show = (a: number, b: number): void => this.show(Math.min(a, b), Math.max(a, b));
    const still = (REACH * this.model.scene.end) / Math.max(1, this.root.clientWidth);
    const half = (until - from) / 2;
    const nothing = (): void => {};
    switch (part) {
      case "from":
        return { move: (instant) => show(instant, until), end: nothing };
      case "until":
        return { move: (instant) => show(from, instant), end: nothing };
      case "window":
        return {
          move: (instant) => this.show(from + instant - start, until + instant - start),
          end: nothing,
        };
      case "outside":
        return {
          move: (instant) => (Math.abs(instant - start) > still ? show(start, instant) : undefined),
          end: (instant) =>
            Math.abs(instant - start) > still ? undefined : this.show(start - half, start + half),
        };
    }
  }
}

type Part = "from" | "until" | "window" | "outside";

const CURSORS: Readonly<Record<Part, string>> = {
  from: "ew-resize",
  until: "ew-resize",
  window: "grab",
  outside: "crosshair",
};
