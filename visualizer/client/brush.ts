/** All that painting one frame needs. Nothing that paints keeps anything between frames. */

import type { Choice, Frame, Model } from "./model.ts";
import type { Palette } from "./palette.ts";

/** What of a canvas painting uses: something else than a canvas may take it down. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | "globalAlpha"
  | "fillStyle"
  | "strokeStyle"
  | "lineWidth"
  | "lineJoin"
  | "font"
  | "textBaseline"
  | "clearRect"
  | "fillRect"
  | "strokeRect"
  | "beginPath"
  | "moveTo"
  | "lineTo"
  | "roundRect"
  | "arc"
  | "stroke"
  | "setLineDash"
  | "fillText"
  | "strokeText"
  | "measureText"
  | "createLinearGradient"
> & { fill(): void };

export interface Brush {
  readonly context: Pen;
  readonly palette: Palette;
  readonly frame: Frame;
  readonly model: Model;
  readonly choice: Choice;
}
