/** The whole run in one strip: how much was going on when, what was broken when, and where the view stands. */

import { element } from "./dom.ts";
import type { Frame, Model } from "./model.ts";
import { type Palette, readPalette } from "./palette.ts";

const HEIGHT = 40;
const BIN = 3;

export class Minimap {
  private readonly root: HTMLElement;
  private readonly model: Model;
  private readonly canvas = element("canvas", "");
  private readonly window = element("div", "window");
  private readonly show: (from: number, until: number) => void;
  private length = 1;

  constructor(root: HTMLElement, model: Model, show: (from: number, until: number) => void) {
    this.root = root;
    this.model = model;
    this.show = show;
    root.append(this.canvas, this.window);
    root.title = "The whole run: click or drag to move the view";
    this.listen();
    new ResizeObserver(() => this.paint()).observe(root);
  }

  /** Follows the view. */
  follow(frame: Frame): void {
    this.length = frame.until - frame.from;
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

  private listen(): void {
    const move = (event: PointerEvent): void => {
      const box = this.root.getBoundingClientRect();
      const middle = ((event.clientX - box.left) / box.width) * this.model.scene.end;
      this.show(middle - this.length / 2, middle + this.length / 2);
    };
    this.root.addEventListener("pointerdown", (event) => {
      this.root.setPointerCapture(event.pointerId);
      move(event);
    });
    this.root.addEventListener("pointermove", (event) => {
      if (event.buttons === 1) move(event);
    });
  }
}
