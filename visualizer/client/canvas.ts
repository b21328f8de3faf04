/** The masses: everything that may be there thousandfold is painted here, once per frame, only where it is in view. */

import type { Lane } from "../layout.ts";
import { paintOperations } from "./box.ts";
import type { Brush } from "./brush.ts";
import { paintOrder, paintPoints } from "./order.ts";
import { paintBands, paintSpans, paintStrips } from "./span.ts";

export function paint(brush: Brush): void {
  const { context, frame, model } = brush;
  context.clearRect(0, 0, frame.width, model.scene.height);
  paintColumn(brush);
  paintStrips(brush);
  for (const lane of model.scene.lanes) {
    paintRule(brush, lane);
    if (lane.kind === "client") paintOperations(brush, lane);
    if (lane.kind === "server") paintSpans(brush, lane);
    if (lane.kind === "fault") paintBands(brush, lane);
  }
  paintOrder(brush);
  paintPoints(brush);
}

/** A fault in hand is shown across all rows: what happened meanwhile is the question. */
function paintColumn({ context, palette, frame, model, choice }: Brush): void {
  for (const item of [choice.hovered, choice.pinned]) {
    if (item?.kind !== "band") continue;
    const band = model.report.bands[item.band]!;
    const x = frame.x(band.at);
    context.globalAlpha = 0.35;
    context.fillStyle = palette.ink["fault-fill"];
    context.fillRect(x, 0, Math.max(1, frame.x(band.until) - x), model.scene.height);
    context.globalAlpha = 1;
  }
}

function paintRule({ context, palette, frame }: Brush, lane: Lane): void {
  if (lane.kind === "problem" || lane.kind === "fault") return;
  context.fillStyle = palette.ink.line;
  context.fillRect(0, lane.top + lane.height - 0.5, frame.width, 0.5);
}
