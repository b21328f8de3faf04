/** The Why picture as SVG text. Shapes and words say everything; colours, which are classes, only repeat it. */

import { html, squeeze } from "../text.ts";
import type { Break } from "./axis.ts";
import {
  type Arrow,
  BAND_HEIGHT,
  BAND_TOP,
  BOX_HEIGHT,
  BOX_TOP,
  type MessageLine,
  type OperationBox,
  type Scene,
  type ServerBox,
  WIDE,
} from "./scene.ts";
import { gapWords, operationWords } from "./words.ts";

/** Mean advance of the monospaced and the proportional font at their sizes, for text that must fit. */
const MONO = 7.3;
const SANS = 6.1;
const BOLD = 6.5;

/** `notes` are by operation: what is said below its box. `name` tells two pictures of one page apart. */
export function pictureOf(scene: Scene, notes: ReadonlyMap<number, string>, name: string): string {
  const { width, height, axis } = scene;
  // What is read comes last, so that nothing covers it.
  const parts = [
    axisMarkup(scene),
    scene.servers.map((server) => serverBands(server, name)).join(""),
    scene.messages.map(message).join(""),
    scene.operations.map((box) => operationShape(box, scene)).join(""),
    axis.breaks.map((each) => breakMarkup(each, scene)).join(""),
    // Where time is left out, an arrow goes on.
    scene.arrows.map(arrow).join(""),
    cutWords(scene),
    scene.broken === null ? "" : brokenLine(axis.x(scene.broken), height),
    scene.servers.map((server) => serverWords(server, scene)).join(""),
    scene.operations.map((box) => operationWording(box, scene, notes)).join(""),
  ];
  return `<svg class="picture ${name}" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">${hatch(name)}${parts.join("\n")}</svg>`;
}

/** A fault's pattern: stripes, so that it is seen without colour. */
function hatch(name: string): string {
  return `<defs><pattern id="hatch-${name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="ground" width="6" height="6"/><rect class="stripe" width="2" height="6"/></pattern></defs>`;
}

function axisMarkup({ axis, height, top }: Scene): string {
  const ticks = axis.ticks.map(
    ({ x, label }) =>
      `<line class="grid" x1="${x}" x2="${x}" y1="${top - 6}" y2="${height}"/>${text("tick", x, 12, label, "middle")}`,
  );
  return `<g class="axis">${ticks.join("")}</g>`;
}

function breakMarkup({ left, right }: Break, { height, top }: Scene): string {
  const y = top - 6;
  const wave = Array.from(
    { length: Math.ceil((height - y) / 8) },
    (_, i) => `l${i % 2 === 0 ? 4 : -4} 8`,
  ).join("");
  return `<g class="break"><rect x="${round(left + 4)}" y="${y}" width="${round(right - left - 8)}" height="${height - y}"/><path d="M${round(left + 3)} ${y}${wave}M${round(right - 7)} ${y}${wave}"/></g>`;
}

/** How much is cut out: above its place, or beside that where two of them would overlap. */
function cutWords({ axis, left, width, top }: Scene): string {
  const labels = axis.breaks.map((gap) => {
    const words = `… ${gapWords(gap.until - gap.from).replace(/\.\d+/, "")} …`;
    return { words, room: words.length * BOLD + 24, at: (gap.left + gap.right) / 2 };
  });
  let edge = left;
  for (const label of labels) {
    label.at = Math.max(label.at, edge + label.room / 2);
    edge = label.at + label.room / 2;
  }
  edge = width;
  for (const label of labels.reverse()) {
    label.at = Math.min(label.at, edge - label.room / 2);
    edge = label.at - label.room / 2;
  }
  return labels.map(({ words, at }) => text("cut", round(at), top - 10, words, "middle")).join("");
}

function brokenLine(x: number, height: number): string {
  return `<line class="broken" x1="${x}" x2="${x}" y1="16" y2="${height}"/>`;
}

// --- Operations ---

function operationShape({ operation, top, left, right, open }: OperationBox, scene: Scene): string {
  const width = round(right - left);
  const y = top + BOX_TOP;
  const shape = open
    ? `M${round(right)} ${y}H${left}v${BOX_HEIGHT}H${round(right)}`
    : `M${left} ${y}h${width}v${BOX_HEIGHT}h${-width}z`;
  const cross = operation.isImpossible
    ? `<path class="cross" d="M${round(right + 6)} ${y + 3}l9 9m0 -9l-9 9"/>`
    : "";
  return `<g class="${classesOf(operation)}" data-operation="${operation.operation}"><line class="lane" x1="${scene.left}" x2="${scene.width}" y1="${y + BOX_HEIGHT}" y2="${y + BOX_HEIGHT}"/><path class="box" d="${shape}"/>${cross}</g>`;
}

/** As many of a note's parts as there is room for: words with a hole in them say nothing. */
function fitting(note: string, length: number): string {
  const parts = note.split("; ");
  while (parts.length > 1 && parts.join("; ").length > length) parts.pop();
  return squeeze(parts.join("; "), length);
}

/**
 * Number and words above the box, its note below: where the row has room for them, as near to the box as that is. The
 * number stands where the box begins, and words that would not fit behind it stand before it.
 */
function operationWording(box: OperationBox, scene: Scene, notes: ReadonlyMap<number, string>): string {
  const { operation, top, left } = box;
  const y = top + BOX_TOP;
  const room = scene.width - scene.left - 30;
  const label = squeeze(operationWords(operation), Math.floor(room / MONO));
  const length = label.length * MONO;
  const isBefore = left + length + 26 > scene.width && left - length - 6 >= scene.left;
  const start = isBefore
    ? left - length - 6
    : Math.max(scene.left, Math.min(left, scene.width - 26 - length));
  const note = fitting(notes.get(operation.operation) ?? "", Math.floor(room / SANS));
  const noteStart = Math.max(scene.left, Math.min(left, scene.width - 14 - note.length * SANS));
  const client = squeeze(operation.client, scene.width >= WIDE ? 9 : 4);
  const parts = [
    text("client", scene.left - 10, y + 13, client, "end"),
    plate(start, top, length + 24, 17),
    note === "" ? "" : plate(noteStart - 2, y + BOX_HEIGHT + 2, note.length * SANS + 4, 15),
    badge(round((isBefore ? left : start) + 8), top + 9, String(operation.number)),
    text("words", round(isBefore ? start + 2 : start + 21), top + 13, label, "start"),
    note === "" ? "" : text("note", round(noteStart), y + BOX_HEIGHT + 13, note, "start"),
  ];
  return `<g class="${classesOf(operation)}">${parts.join("")}</g>`;
}

function classesOf({ isImpossible }: OperationBox["operation"]): string {
  return isImpossible ? "operation impossible" : "operation";
}

/** Behind words, so that no line strikes them through. */
function plate(x: number, y: number, width: number, height: number): string {
  return `<rect class="plate" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${height}"/>`;
}

/** A number or a letter in a circle: what the words beside the picture call it. */
function badge(x: number, y: number, label: string): string {
  return `<g class="badge"><circle cx="${x}" cy="${y}" r="${label.length === 1 ? 8 : 10}"/>${text("", x, y + 4, label, "middle")}</g>`;
}

function arrow({ kind, from, to }: Arrow): string {
  return kind === "finished-before" ? finishedBefore(from, to) : saw(from, to);
}

function finishedBefore(from: OperationBox, to: OperationBox): string {
  const y1 = from.top + BOX_TOP + BOX_HEIGHT;
  const y2 = to.top + BOX_TOP + BOX_HEIGHT / 2;
  const x1 = round(from.right);
  const x2 = round(to.left - 2);
  const bend = Math.max(14, Math.abs(x2 - x1) / 3);
  return `<g class="arrow before"><path d="M${x1} ${y1}C${x1} ${y2} ${round(x2 - bend)} ${y2} ${x2 - 6} ${y2}"/><path class="head" d="M${x2} ${y2}l-8 -4v8z"/></g>`;
}

/** From an answer back to the write that it shows. */
function saw(from: OperationBox, to: OperationBox): string {
  const isUp = to.top < from.top;
  const y1 = from.top + BOX_TOP + BOX_HEIGHT / 2;
  const y2 = to.top + BOX_TOP + (isUp ? BOX_HEIGHT + 2 : -2);
  const x1 = round(from.left);
  const x2 = round((to.left + to.right) / 2);
  const wrong = from.operation.isImpossible ? " wrong" : "";
  const tip = isUp ? 8 : -8;
  return `<g class="arrow saw${wrong}"><path d="M${x1} ${y1}C${round(x1 - 26)} ${y1} ${x2} ${round((y1 + y2) / 2)} ${x2} ${y2 + tip}"/><path class="head" d="M${x2} ${y2}l-4 ${tip}h8z"/></g>`;
}

// --- Servers ---

function serverBands({ top, spans, faults }: ServerBox, name: string): string {
  const y = top + BAND_TOP;
  const bands = spans.map(({ status, left, right }) => {
    const place = `x="${left}" y="${y}" width="${Math.max(1, round(right - left))}" height="${BAND_HEIGHT}"`;
    const stripes = status === "paused" ? `<rect fill="url(#hatch-${name})" ${place}/>` : "";
    return `<g class="span ${status}"><rect class="ground" ${place}/>${stripes}</g>`;
  });
  const held = faults.map(
    ({ left, right }) =>
      `<rect fill="url(#hatch-${name})" x="${left}" y="${y - 6}" width="${Math.max(2, round(right - left))}" height="5"/>`,
  );
  return `<g class="server">${bands.join("")}${held.join("")}</g>`;
}

function serverWords({ id, top, spans, marks }: ServerBox, scene: Scene): string {
  const y = top + BAND_TOP;
  const words = spans.map(({ status, term, left, right }) => {
    const room = widest(left, right, scene.axis.breaks);
    // A letter at the beginning of a stretch must not stand on its words.
    const flag = marks.find(({ x }) => x >= room.left - 8 && x < room.left + 50);
    const start = flag === undefined ? room.left + 6 : flag.x + 12;
    const next = marks.find(({ x }) => x > start)?.x ?? Number.POSITIVE_INFINITY;
    const label = spanWords(status, term, Math.min(room.right, next - 10) - start + 6);
    return label === ""
      ? ""
      : `<g class="span ${status}">${plate(start - 3, y + 1, label.length * SANS + 4, BAND_HEIGHT - 2)}${text("status", round(start), y + 12.5, label, "start")}</g>`;
  });
  const flags = marks.map(({ label, x }) => {
    const shown = Math.max(scene.left + 8, Math.min(x, scene.width - 10));
    return `<g class="deed"><line x1="${x}" x2="${x}" y1="${y - 2}" y2="${y + BAND_HEIGHT + 2}"/>${badge(shown, y + BAND_HEIGHT / 2, label)}</g>`;
  });
  return `<g class="server">${text("client", scene.left - 10, y + 13, id, "end")}${words.join("")}${flags.join("")}</g>`;
}

/** The longest stretch of a span in which the time line is whole. */
function widest(left: number, right: number, breaks: readonly Break[]): { left: number; right: number } {
  const inside = breaks.filter((each) => each.right > left && each.left < right);
  const edges = [
    left,
    ...inside.flatMap((each) => [Math.max(left, each.left), Math.min(right, each.right)]),
    right,
  ];
  let best = { left, right: left };
  for (let i = 0; i < edges.length; i += 2) {
    const [from, until] = [edges[i]!, edges[i + 1]!];
    if (until - from > best.right - best.left) best = { left: from, right: until };
  }
  return best;
}

/** As much as fits, and no abbreviations: the row's shade says the role, too. */
function spanWords(status: string, term: number, width: number): string {
  for (const words of [`${status}, term ${term}`, status, `term ${term}`]) {
    if (words.length * SANS + 10 <= width) return words;
  }
  return "";
}

function message({ kind, isImpossible, lost, x1, y1, x2, y2 }: MessageLine): string {
  const end = lost
    ? `<path class="tip" d="M${x2 - 3} ${round(y2 - 3)}l6 6m0 -6l-6 6"/>`
    : `<circle class="tip" cx="${x2}" cy="${round(y2)}" r="2.2"/>`;
  const classes = ["message", kind, isImpossible ? "impossible" : "", lost ? "lost" : ""].filter(
    (each) => each !== "",
  );
  return `<g class="${classes.join(" ")}"><line x1="${x1}" y1="${round(y1)}" x2="${x2}" y2="${round(y2)}"/>${end}</g>`;
}

function text(
  className: string,
  x: number,
  y: number,
  content: string,
  anchor: "start" | "middle" | "end",
): string {
  const named = className === "" ? "" : ` class="${className}"`;
  return `<text${named} x="${x}" y="${y}" text-anchor="${anchor}">${html(content)}</text>`;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
