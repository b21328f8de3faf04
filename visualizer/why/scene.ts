/**
 * Geometry of the Why picture, without a DOM: the operations of the core in rows of their own, below them the servers
 * on the same axis, and between them the messages. Everything in pixels of a picture of a given width.
 */

import type { FaultBand, ServerRow } from "../../lab/run/report.ts";
import type { SeenMessage } from "../../lab/run/why.ts";
import type { Drawn } from "../drawn.ts";
import { type Axis, axisOver } from "./axis.ts";
import { deedsOf } from "./deed.ts";
import { messagesOf, type Numbered, type Proof, relationsOf } from "./proof.ts";

export interface OperationBox {
  readonly operation: Numbered;
  readonly top: number;
  readonly left: number;
  readonly right: number;
  /** Nobody saw its end. */
  readonly open: boolean;
}

export interface Arrow {
  readonly kind: "finished-before" | "saw";
  readonly from: OperationBox;
  readonly to: OperationBox;
}

interface ServerSpanBox {
  readonly status: ServerRow["spans"][number]["status"];
  readonly term: number;
  readonly left: number;
  readonly right: number;
}

export interface ServerBox {
  readonly id: string;
  readonly top: number;
  readonly spans: readonly ServerSpanBox[];
  /** Stretches in which a fault held it, beside crashes and pauses. */
  readonly faults: readonly { readonly kind: string; readonly left: number; readonly right: number }[];
  readonly marks: readonly { readonly label: string; readonly x: number }[];
}

export interface MessageLine {
  readonly kind: SeenMessage["kind"];
  readonly isImpossible: boolean;
  readonly lost: boolean;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly axis: Axis;
  readonly left: number;
  /** Where the axis ends and the rows begin. */
  readonly top: number;
  readonly operations: readonly OperationBox[];
  readonly arrows: readonly Arrow[];
  readonly servers: readonly ServerBox[];
  readonly messages: readonly MessageLine[];
  /** The instant at which a bound or an invariant broke; null if a history did. */
  readonly broken: number | null;
}

const AXIS_HEIGHT = 24;
/** The words of what is cut out stand below those of the ticks. */
const CUTS_HEIGHT = 16;
const OPERATION_HEIGHT = 54;
export const BOX_TOP = 19;
export const BOX_HEIGHT = 16;
const SERVER_HEIGHT = 32;
export const BAND_TOP = 9;
export const BAND_HEIGHT = 17;
const GAP = 14;
const LEFT = { wide: 66, narrow: 34 };
const RIGHT = 14;

/** From this width on there is room for names beside the rows. */
export const WIDE = 600;

/** The scene of a core. */
export function sceneOfProof(report: Drawn, proof: Proof, width: number): Scene {
  const messages = messagesOf(proof);
  const ends = proof.core.flatMap(({ call, return: end }) => (end === null ? [call] : [call, end]));
  const last = Math.max(...ends);
  const near = messages.flatMap(({ sent, received }) =>
    received !== null && received <= last ? [sent, received] : [],
  );
  const left = width >= WIDE ? LEFT.wide : LEFT.narrow;
  const [reason] = deedsOf(report);
  const axis = axisOver(
    [...ends, ...(reason?.marks ?? []).map(({ at }) => at), ...near.filter((at) => at >= Math.min(...ends))],
    { left, right: width - RIGHT },
    width >= WIDE ? 96 : 84,
  );
  const top = topOf(axis);
  const operations = proof.core.map((operation, i) => boxOf(operation, top + i * OPERATION_HEIGHT, axis));
  const below = top + operations.length * OPERATION_HEIGHT + GAP;
  const servers = serversFrom(report, axis, below);
  return {
    width,
    height: below + servers.length * SERVER_HEIGHT,
    axis,
    left,
    top,
    operations,
    arrows: relationsOf(proof).flatMap(({ kind, a, b }) => arrowsOf(operations, kind, a, b)),
    servers,
    messages: messages.flatMap((message) => lineOf(message, proof, operations, servers, axis)),
    broken: null,
  };
}

/**
 * The scene of what no client saw: the servers, from what went wrong first to what broke. The reason is in it however
 * long before that was: the axis leaves out the time between.
 */
export function sceneOfViolation(report: Drawn, width: number): Scene {
  const violation = report.violation!;
  const deeds = deedsOf(report).filter(({ at }, i) => i === 0 || violation.at - at < LONGEST_STORY);
  const turns = report.servers.flatMap(({ spans }) => spans.map(({ from }) => from));
  const recent = Math.max(...turns.filter((at) => at < violation.at), 0);
  const start = Math.min(violation.at - SHORTEST_STORY, Math.max(recent, violation.at - LONGEST_STORY));
  const left = width >= WIDE ? LEFT.wide : LEFT.narrow;
  const axis = axisOver(
    [Math.max(0, start), ...deeds.map(({ at }) => at), violation.at],
    { left, right: width - RIGHT },
    width >= WIDE ? 96 : 84,
  );
  const top = topOf(axis);
  const servers = serversFrom(report, axis, top + GAP);
  const height = top + GAP + servers.length * SERVER_HEIGHT;
  return {
    width,
    height,
    axis,
    left,
    top,
    operations: [],
    arrows: [],
    servers,
    messages: [],
    broken: violation.at,
  };
}

/** Microseconds before a violation that its picture shows. */
const SHORTEST_STORY = 20_000;
const LONGEST_STORY = 2_000_000;

/** However short it was, it must be seen. */
const NARROWEST = 4;

function topOf({ breaks }: Axis): number {
  return AXIS_HEIGHT + (breaks.length > 0 ? CUTS_HEIGHT : 0);
}

function boxOf(operation: Numbered, top: number, axis: Axis): OperationBox {
  const left = axis.x(operation.call);
  const open = operation.return === null;
  const right = open ? axis.x(axis.until) : axis.x(operation.return!);
  return {
    operation,
    top,
    left,
    right: Math.max(right, left + NARROWEST),
    open,
  };
}

function arrowsOf(
  boxes: readonly OperationBox[],
  kind: Arrow["kind"],
  a: Numbered,
  b: Numbered,
): readonly Arrow[] {
  const from = boxes.find(({ operation }) => operation === a);
  const to = boxes.find(({ operation }) => operation === b);
  return from === undefined || to === undefined ? [] : [{ kind, from, to }];
}

function serversFrom(report: Drawn, axis: Axis, top: number): readonly ServerBox[] {
  const marks = deedsOf(report)
    .flatMap((deed) => deed.marks)
    .filter(({ at }) => at >= axis.from && at <= axis.until);
  const ids = report.servers.map(({ id }) => id);
  return report.servers.map(({ id, spans }, i) => ({
    id,
    top: top + i * SERVER_HEIGHT,
    spans: spans.flatMap(({ from, until, status, term }) => {
      const place = clipped(axis, from, until);
      return place === null ? [] : [{ status, term, ...place }];
    }),
    faults: report.bands.flatMap((band) => {
      const place = holds(band, id, ids) ? clipped(axis, band.at, band.until) : null;
      return place === null ? [] : [{ kind: band.kind, ...place }];
    }),
    marks: marks.filter(({ node }) => node === id).map(({ label, at }) => ({ label, x: axis.x(at) })),
  }));
}

/** Of a cut through all servers, whoever is on a side that is no majority. */
function holds({ kind, nodes, groups }: FaultBand, server: string, servers: readonly string[]): boolean {
  if (kind === "crash" || kind === "pause" || !nodes.includes(server)) return false;
  const side = groups?.find((group) => group.includes(server));
  if (side === undefined) return nodes.length < servers.length;
  return 2 * side.filter((id) => servers.includes(id)).length <= servers.length;
}

function clipped(axis: Axis, from: number, until: number): { left: number; right: number } | null {
  if (until <= axis.from || from >= axis.until) return null;
  return { left: axis.x(from), right: axis.x(until) };
}

function lineOf(
  message: SeenMessage,
  proof: Proof,
  boxes: readonly OperationBox[],
  servers: readonly ServerBox[],
  axis: Axis,
): readonly MessageLine[] {
  const { kind, operation, from, to, sent, received } = message;
  const end = received ?? sent;
  if (sent < axis.from || end > axis.until) return [];
  const box = boxes.find((each) => each.operation.operation === operation)!;
  const height = (node: string): number | null => {
    const server = servers.find(({ id }) => id === node);
    if (server !== undefined) return server.top + BAND_TOP + BAND_HEIGHT / 2;
    return node === box.operation.client ? box.top + BOX_TOP + BOX_HEIGHT : null;
  };
  const [y1, y2] = [height(from), height(to)];
  if (y1 === null || y2 === null) return [];
  const lost = received === null;
  const isImpossible = operation === proof.impossible.operation;
  // Of a lost one nobody knows how far it came.
  const reach = lost ? y1 + (y2 - y1) / 3 : y2;
  return [{ kind, isImpossible, lost, x1: axis.x(sent), y1, x2: axis.x(end), y2: reach }];
}
