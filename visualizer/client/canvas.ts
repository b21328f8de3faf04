/** The masses: everything that may be there thousandfold is painted here, once per frame, only where it is in view. */

import type { Lane } from "../layout.ts";
import { paintOperations } from "./box.ts";
import type { Brush } from "./brush.ts";
import { paintOrder, paintPoints } from "./order.ts";
import { paintBands, paintNotes, paintSpans, paintStrips } from "./span.ts";

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
    if (lane.kind === "note") paintNotes(brush, lane);
  }
  paintOrder(brush);
  paintPoints(brush);
}

/** A fault or an annotation in hand is shown across all rows: what happened meanwhile is the question. */
function paintColumn({ context, palette, frame, model, choice }: Brush): void {
  for (const item of [choice.hovered, choice.pinned]) {
    const band = item?.kind === "band" ? model.report.bands[item.band]! : null;
    const note = item?.kind === "note" ? model.report.annotations![item.note]! : null;
    const from = band?.at ?? note?.from;
    if (from === undefined) continue;
    const x = frame.x(from);
    context.globalAlpha = 0.35;
    context.fillStyle = band === null ? palette.ink.accent : palette.ink["fault-fill"];
    context.fillRect(x, 0, Math.max(1, frame.x(band?.until ?? note!.until) - x), model.scene.height);
    context.globalAlpha = 1;
  }
}

function paintRule({ context, palette, frame }: Brush, lane: Lane): void {
  if (lane.kind === "problem" || lane.kind === "note" || lane.kind === "fault") return;
  context.fillStyle = palette.ink.line;
  context.fillRect(0, lane.top + lane.height - 0.5, frame.width, 0.5);
}
