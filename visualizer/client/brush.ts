/** All that painting one frame needs. Nothing that paints keeps anything between frames. */

import type { Choice, Frame, Model } from "./model.ts";
import type { Palette } from "./palette.ts";

export interface Brush {
  readonly context: CanvasRenderingContext2D;
  readonly palette: Palette;
  readonly frame: Frame;
  readonly model: Model;
  readonly choice: Choice;
}
