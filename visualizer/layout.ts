/**
 * Geometry of the timeline, without a DOM: which rows there are, where they stand, what lies in each of them, and what
 * is under a given instant and height. Horizontal positions stay in microseconds; zooming never comes here.
 */

import type { ReportedOperation } from "../lab/run/report.ts";
import { packBands } from "./band.ts";
import type { Drawn } from "./drawn.ts";
import type { Problem } from "./problem.ts";

type LaneKind = "problem" | "note" | "fault" | "client" | "server";

/** Something that lies in a lane. Pieces of one lane are sorted by time and never overlap, so a binary search finds one. */
export interface Piece {
  readonly from: number;
  readonly until: number;
  /** True if nobody saw its end: it goes on to the end of the run, under whatever follows in its lane. */
  readonly open: boolean;
  /** Into the report's operations, bands or annotations, the server's spans, or the list of problems. */
  readonly index: number;
}

export interface Lane {
  readonly kind: LaneKind;
  /** The client, server or fault class; empty for a further row of the same one. */
  readonly name: string;
  /** Into the report's servers; -1 for other lanes. */
  readonly server: number;
  readonly top: number;
  readonly height: number;
  readonly pieces: readonly Piece[];
}

interface Caption {
  readonly text: string;
  readonly top: number;
}

export interface Scene {
  /** The last instant of the run. */
  readonly end: number;
  readonly height: number;
  readonly lanes: readonly Lane[];
  readonly captions: readonly Caption[];
  /** What the axis counts: microseconds, or steps of `ranked.ts`. */
  readonly axis: Axis;
}

export type Axis = "time" | "rank";

export type Item =
  | { readonly kind: "operation"; readonly operation: number }
  | { readonly kind: "problem"; readonly problem: number }
  | { readonly kind: "band"; readonly band: number }
  | { readonly kind: "note"; readonly note: number }
  | { readonly kind: "span"; readonly server: number; readonly span: number };

export const AXIS_HEIGHT = 28;
const CAPTION_HEIGHT = 20;
const LANE_HEIGHT: Readonly<Record<LaneKind, number>> = {
  problem: 26,
  note: 22,
  fault: 20,
  client: 34,
  server: 28,
};

export function sceneOf(report: Drawn, problems: readonly Problem[], axis: Axis = "time"): Scene {
  const end = endOf(report);
  const lanes: Lane[] = [];
  const captions: Caption[] = [];
  let top = AXIS_HEIGHT;
  const add = (kind: LaneKind, name: string, pieces: readonly Piece[], server = -1): void => {
    lanes.push({ kind, name, server, top, height: LANE_HEIGHT[kind], pieces });
    top += LANE_HEIGHT[kind];
  };
  const caption = (text: string): void => {
    captions.push({ text, top });
    top += CAPTION_HEIGHT;
  };
  const flags = problems.map((problem, index) => closed(problem.at, problem.at, index));
  if (flags.length > 0)
    add(
      "problem",
      "",
      flags.sort((a, b) => a.from - b.from),
    );
  for (const { name, pieces } of noteLanes(report)) add("note", name, pieces);
  caption("Clients");
  for (const [client, rows] of operationLanes(report, end)) {
    rows.forEach((pieces, row) => {
      add("client", row === 0 ? client : "", pieces);
    });
  }
  if (report.servers.length > 0) caption("Servers");
  report.servers.forEach((server, index) => {
    const pieces = server.spans.map((span, each) => closed(span.from, span.until, each));
    add("server", server.id, pieces, index);
  });
  if (report.bands.length > 0) caption("Faults");
  let last = "";
  for (const row of packBands(report.bands)) {
    const pieces = row.bands.map((each) => closed(report.bands[each]!.at, report.bands[each]!.until, each));
    add("fault", row.kind === last ? "" : row.kind, pieces);
    last = row.kind;
  }
  return { end, height: top + 6, lanes, captions, axis };
}

/** The first piece of a lane, from position `start` on, that ends after the instant; its length if there is none. */
export function firstAfter(pieces: readonly Piece[], instant: number, start = 0): number {
  let low = start;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pieces[middle]!.until <= instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What lies at an instant and a height, or within `slack` microseconds of it: short operations are a hair wide. */
export function itemAt(scene: Scene, instant: number, y: number, slack: number): Item | null {
  const lane = scene.lanes.find((each) => y >= each.top && y < each.top + each.height);
  const piece = lane === undefined ? null : pieceAt(lane.pieces, instant, slack);
  return lane === undefined || piece === null ? null : itemOf(lane, piece);
}

/** What a piece of a lane stands for. */
export function itemOf(lane: Lane, piece: Piece): Item {
  if (lane.kind === "client") return { kind: "operation", operation: piece.index };
  if (lane.kind === "problem") return { kind: "problem", problem: piece.index };
  if (lane.kind === "server") return { kind: "span", server: lane.server, span: piece.index };
  if (lane.kind === "note") return { kind: "note", note: piece.index };
  return { kind: "band", band: piece.index };
}

/** The lane and piece that show an item, or null if it is not drawn. */
export function findItem(scene: Scene, item: Item): { lane: Lane; piece: Piece } | null {
  if (item.kind === "operation") {
    const { rows, positions } = operationPlaces(scene);
    const lane = scene.lanes[rows[item.operation] ?? -1];
    return lane === undefined ? null : { lane, piece: lane.pieces[positions[item.operation]!]! };
  }
  for (const lane of scene.lanes) {
    if (lane.kind === "client") continue;
    for (const piece of lane.pieces) if (sameItem(itemOf(lane, piece), item)) return { lane, piece };
  }
  return null;
}

/** By operation: which lane it is drawn in, -1 for none, and where in it. */
interface Places {
  readonly rows: Int32Array;
  readonly positions: Int32Array;
}

const places = new WeakMap<Scene, Places>();

/** Worked out when first asked for: outlines and flags ask in every frame. */
function operationPlaces(scene: Scene): Places {
  const known = places.get(scene);
  if (known !== undefined) return known;
  const size = scene.lanes.reduce(
    (sum, { kind, pieces }) => sum + (kind === "client" ? pieces.length : 0),
    0,
  );
  const made = { rows: new Int32Array(size).fill(-1), positions: new Int32Array(size) };
  scene.lanes.forEach(({ kind, pieces }, row) => {
    if (kind !== "client") return;
    for (let position = 0; position < pieces.length; position++) {
      const { index } = pieces[position]!;
      made.rows[index] = row;
      made.positions[index] = position;
    }
  });
  places.set(scene, made);
  return made;
}

export function sameItem(a: Item | null, b: Item | null): boolean {
  if (a === null || b === null || a.kind !== b.kind) return a === b;
  if (a.kind === "operation") return a.operation === (b as typeof a).operation;
  if (a.kind === "problem") return a.problem === (b as typeof a).problem;
  if (a.kind === "note") return a.note === (b as typeof a).note;
  if (a.kind === "band") return a.band === (b as typeof a).band;
  return a.server === (b as typeof a).server && a.span === (b as typeof a).span;
}

function pieceAt(pieces: readonly Piece[], instant: number, slack: number): Piece | null {
  const start = Math.max(0, firstAfter(pieces, instant - slack) - 1);
  let best: Piece | null = null;
  let nearest = slack;
  for (let index = start; index < pieces.length && pieces[index]!.from <= instant + slack; index++) {
    const piece = pieces[index]!;
    const distance = Math.max(piece.from - instant, instant - piece.until, 0);
    if (distance > nearest || (best !== null && distance === nearest)) continue;
    best = piece;
    nearest = distance;
  }
  return best;
}

/** What a test said, in as few rows as keep what it said apart; those about one client beside that client's name. */
function noteLanes({ annotations = [] }: Drawn): { name: string; pieces: Piece[] }[] {
  const bands = annotations.map(({ from, until, client }) => ({ kind: client ?? "notes", at: from, until }));
  let last: string | null = null;
  return packBands(bands).map((row) => {
    const name = row.kind === last ? "" : row.kind;
    last = row.kind;
    const pieces = row.bands.map((each) => closed(bands[each]!.at, bands[each]!.until, each));
    return { name, pieces };
  });
}

/** Each client's rows. A client has one operation in flight, so it has one row, unless the history is a stranger one. */
function operationLanes({ clients, operations }: Drawn, end: number): Map<string, Piece[][]> {
  const rows = new Map<string, Row[]>(clients.map((client) => [client, [new Row()]]));
  for (const index of inOrderOfCalls(operations)) {
    const operation = operations[index]!;
    let mine = rows.get(operation.client);
    if (mine === undefined) {
      mine = [new Row()];
      rows.set(operation.client, mine);
    }
    let row = mine[0]!.free <= operation.call ? mine[0] : mine.find(({ free }) => free <= operation.call);
    if (row === undefined) {
      row = new Row();
      mine.push(row);
    }
    row.add(operation, index, end);
  }
  return new Map([...rows].map(([client, mine]) => [client, mine.map(({ pieces }) => pieces)]));
}

/** Indexes: mostly the operations stand in that order already. */
function inOrderOfCalls(operations: readonly ReportedOperation[]): Uint32Array {
  const indexes = new Uint32Array(operations.length);
  let isSorted = true;
  for (let index = 0; index < indexes.length; index++) {
    indexes[index] = index;
    if (index > 0 && operations[index]!.call < operations[index - 1]!.call) isSorted = false;
  }
  return isSorted ? indexes : indexes.sort((a, b) => operations[a]!.call - operations[b]!.call || a - b);
}

/**
 * Operations one after the other. One without an answer has no end of its own: it lasts as far as the next one in its
 * row begins (the client gave up on it), or to the end of the run.
 */
class Row {
  readonly pieces: OperationPiece[] = [];

  /** When the next operation may begin. */
  get free(): number {
    const last = this.pieces.at(-1);
    return last === undefined ? Number.NEGATIVE_INFINITY : (last.operation.return ?? last.from);
  }

  add(operation: ReportedOperation, index: number, end: number): void {
    const last = this.pieces.at(-1);
    if (last?.open) last.gaveUp = operation.call;
    this.pieces.push(new OperationPiece(operation, index, operation.return === null ? end : null));
  }
}

/** Reads its times off the operation: there are a million of them. */
class OperationPiece implements Piece {
  readonly operation: ReportedOperation;
  readonly index: number;
  /** Where it ends if it has no answer. */
  gaveUp: number | null;

  constructor(operation: ReportedOperation, index: number, gaveUp: number | null) {
    this.operation = operation;
    this.index = index;
    this.gaveUp = gaveUp;
  }

  get from(): number {
    return this.operation.call;
  }

  get until(): number {
    return this.gaveUp ?? this.operation.return ?? this.operation.call;
  }

  get open(): boolean {
    return this.gaveUp !== null;
  }
}

function closed(from: number, until: number, index: number): Piece {
  return { from, until: Math.max(from, until), open: false, index };
}

/** The run's end by its own account, or later if something in it lasted longer. Never 0: an axis needs a length. */
function endOf(report: Drawn): number {
  let end = Math.max(1, report.counts.virtualMicroseconds, report.violation?.at ?? 0);
  for (const operation of report.operations) end = Math.max(end, operation.return ?? operation.call);
  for (const band of report.bands) end = Math.max(end, band.until);
  for (const note of report.annotations ?? []) end = Math.max(end, note.until);
  for (const server of report.servers) end = Math.max(end, server.spans.at(-1)?.until ?? 0);
  return end;
}
