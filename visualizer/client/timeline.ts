/**
 * The timeline: a canvas for the masses with an SVG above it for what is few, one transform for both. It owns the view
 * of time and draws at most once per animation frame, canvas and overlay together, so that neither lags the other.
 */

import {
  type ScaleLinear,
  scaleLinear,
  select,
  type ZoomBehavior,
  type ZoomTransform,
  zoom,
  zoomIdentity,
} from "d3";
import { type Item, itemAt } from "../layout.ts";
import { paint } from "./canvas.ts";
import { element } from "./dom.ts";
import type { Choice, Frame, Model } from "./model.ts";
import { Overlay } from "./overlay.ts";
import { type Palette, readPalette } from "./palette.ts";
import { fileOf } from "./save/frozen.ts";
import { VectorPen, vectorPalette } from "./save/pen.ts";

/** The shortest stretch of time that the view goes down to, in microseconds. */
const CLOSEST = 40;
/** Pixels within which a pointer counts as on something. */
const REACH = 5;

export interface Listener {
  hover(item: Item | null, x: number, y: number): void;
  press(item: Item | null): void;
  drawn(frame: Frame): void;
}

export class Timeline {
  private readonly stage: HTMLElement;
  private readonly model: Model;
  private readonly choice: Choice;
  private readonly listener: Listener;
  private readonly canvas = element("canvas", "");
  private readonly context: CanvasRenderingContext2D;
  private readonly overlay: Overlay;
  private readonly zooming: ZoomBehavior<SVGRectElement, unknown>;
  private readonly base: ScaleLinear<number, number>;
  private palette: Palette;
  private transform: ZoomTransform = zoomIdentity;
  private width = 0;
  private gutter = 0;
  private waiting = false;
  private isGone = false;
  private readonly watcher = new ResizeObserver(() => this.resize());

  constructor(stage: HTMLElement, model: Model, choice: Choice, listener: Listener) {
    this.stage = stage;
    this.model = model;
    this.choice = choice;
    this.listener = listener;
    const context = this.canvas.getContext("2d");
    if (context === null) throw new Error("this browser has no canvas");
    this.context = context;
    this.palette = readPalette(context, devicePixelRatio);
    // A little air at both ends: what happens at the first and last instant must not hide in the edge.
    const air = model.scene.end * 0.01;
    this.base = scaleLinear().domain([-air, model.scene.end + air]);
    // In front of what others put on the stage.
    stage.prepend(this.canvas);
    this.overlay = new Overlay(stage, model);
    this.zooming = this.behaviour();
    select(this.overlay.surface).call(this.zooming).on("dblclick.zoom", null);
    this.listen();
    this.resize();
  }

  /** Makes room for another one on the same stage. */
  remove(): void {
    this.watcher.disconnect();
    this.overlay.remove();
    this.canvas.remove();
    this.isGone = true;
  }

  /** Asks for a frame; many requests make one frame. */
  invalidate(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      if (!this.isGone) this.draw();
    });
  }

  frame(): Frame {
    const x = this.transform.rescaleX(this.base);
    const [from, until] = [x.invert(0), x.invert(this.width)];
    // By hand: a d3 scale costs ten times as much, and painting asks for every box.
    const perPixel = (until - from) / this.width;
    return {
      from,
      until,
      width: this.width,
      x: (instant) => (instant - from) / perPixel,
      instant: (pixels) => from + pixels * perPixel,
    };
  }

  /** Shows a stretch of time. */
  show(from: number, until: number): void {
    const [first, last] = this.base.domain() as [number, number];
    const length = Math.max(CLOSEST, until - from);
    const scale = (last - first) / length;
    const middle = (from + until) / 2;
    const target = zoomIdentity
      .translate(this.width / 2, 0)
      .scale(scale)
      .translate(-this.base(middle), 0);
    select(this.overlay.surface).call(this.zooming.transform, target);
  }

  showAll(): void {
    const [first, last] = this.base.domain() as [number, number];
    this.show(first, last);
  }

  zoomBy(factor: number): void {
    select(this.overlay.surface).call(this.zooming.scaleBy, factor);
  }

  /** Moves the view by a fraction of its width; positive is later. */
  moveBy(fraction: number): void {
    const distance = (-fraction * this.width) / this.transform.k;
    select(this.overlay.surface).call(this.zooming.translateBy, distance, 0);
  }

  /** Brings an instant into view without changing the scale; does nothing if it is there. */
  reveal(from: number, until: number): void {
    const { from: left, until: right } = this.frame();
    const margin = (right - left) * 0.06;
    const middle = until - from > right - left ? from : (from + until) / 2;
    if (middle >= left + margin && middle <= right - margin) return;
    select(this.overlay.surface).call(this.zooming.translateTo, this.base(middle), 0);
  }

  /** Where the middle of a stretch of time stands, in the coordinates of the stage. */
  place(from: number, until: number): number {
    const { from: left, until: right, x } = this.frame();
    return this.gutter + x((Math.max(from, left) + Math.min(until, right)) / 2);
  }

  /** What is shown now, as the text of an SVG file. */
  picture(): string {
    const { height } = this.model.scene;
    const pen = new VectorPen(this.context);
    const palette = vectorPalette(this.palette);
    paint({ context: pen, palette, frame: this.frame(), model: this.model, choice: this.choice });
    const place = `x="${this.gutter}" width="${this.width}" height="${height}"`;
    const under = `<svg ${place} overflow="hidden">${pen.markup(palette)}</svg>`;
    const width = this.gutter + this.width + 14;
    return fileOf(this.overlay.element, { width, height, title: document.title, under });
  }

  /** Colours changed: light, dark or paper. */
  recolour(): void {
    this.palette = readPalette(this.context, devicePixelRatio);
    this.draw();
  }

  private behaviour(): ZoomBehavior<SVGRectElement, unknown> {
    const longest = this.base.domain()[1]! - this.base.domain()[0]!;
    return zoom<SVGRectElement, unknown>()
      .scaleExtent([1, Math.max(1, longest / CLOSEST)])
      .clickDistance(4)
      .filter((event: WheelEvent | MouseEvent | TouchEvent) => {
        if (event.type === "wheel")
          return !sideways(event as WheelEvent) && !this.exhausted(event as WheelEvent);
        // One finger is handled below: d3 would not let the page scroll under it.
        if (event.type.startsWith("touch")) return (event as TouchEvent).touches.length > 1;
        return (event as MouseEvent).button === 0 && !event.ctrlKey;
      })
      .on("zoom", (event: { transform: ZoomTransform }) => {
        this.transform = event.transform;
        this.invalidate();
      });
  }

  /** At the whole run a wheel that would zoom out scrolls the page instead: the timeline must not be a trap. */
  private exhausted(event: WheelEvent): boolean {
    return this.transform.k <= 1 && event.deltaY > 0 && !event.ctrlKey;
  }

  private listen(): void {
    const { surface } = this.overlay;
    surface.addEventListener("wheel", (event) => {
      if (!sideways(event)) return;
      event.preventDefault();
      this.moveBy((event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX) / this.width);
    });
    surface.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") {
        if (event.isPrimary) this.moveBy(-event.movementX / this.width);
        return;
      }
      const box = this.stage.getBoundingClientRect();
      this.listener.hover(this.under(event), event.clientX - box.left, event.clientY - box.top);
    });
    surface.addEventListener("pointerleave", () => this.listener.hover(null, 0, 0));
    surface.addEventListener("click", (event) => this.listener.press(this.under(event)));
    this.watcher.observe(this.stage);
  }

  private under(event: MouseEvent): Item | null {
    const box = this.canvas.getBoundingClientRect();
    const x = this.transform.rescaleX(this.base);
    const slack = x.invert(REACH) - x.invert(0);
    return itemAt(this.model.scene, x.invert(event.clientX - box.left), event.clientY - box.top, slack);
  }

  private resize(): void {
    const outer = this.stage.clientWidth;
    if (outer === 0) return;
    const gutter = outer < 560 ? 78 : 104;
    const width = Math.max(60, outer - gutter - 14);
    if (width === this.width && gutter === this.gutter) return;
    const { k, x } = this.transform;
    const moved =
      this.width === 0 ? zoomIdentity : zoomIdentity.translate((x * width) / this.width, 0).scale(k);
    this.width = width;
    this.gutter = gutter;
    const { height } = this.model.scene;
    this.base.range([0, width]);
    const ratio = devicePixelRatio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.canvas.style.left = `${gutter}px`;
    this.palette = readPalette(this.context, ratio);
    this.overlay.resize(gutter, width);
    const corner: [number, number] = [width, height];
    this.zooming.extent([[0, 0], corner]).translateExtent([[0, 0], corner]);
    select(this.overlay.surface).call(this.zooming.transform, moved);
    this.draw();
  }

  private draw(): void {
    const frame = this.frame();
    const ratio = this.canvas.width / this.width;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint({ context: this.context, palette: this.palette, frame, model: this.model, choice: this.choice });
    this.overlay.draw(frame, this.choice, this.transform.rescaleX(this.base));
    this.stage.dataset.from = String(Math.round(frame.from));
    this.stage.dataset.until = String(Math.round(frame.until));
    this.listener.drawn(frame);
  }
}

function sideways(event: WheelEvent): boolean {
  return event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
}
