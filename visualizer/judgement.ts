/**
 * Where each operation took effect. The checker gives an order per object, without instants; here every operation in
 * that order gets the earliest instant that keeps both the order and the operation's own interval, and every operation
 * that no order could hold is named.
 */

import type { ReportedObject, ReportedOperation } from "../lab/run/report.ts";
import type { Drawn } from "./drawn.ts";

/**
 * - `placed`: it has a linearization point.
 * - `blocked`: the search ended in front of it; nothing it tried could put it next.
 * - `beyond`: it comes after that dead end, so nobody tried it.
 * - `free`: no answer was seen, and the order does without it.
 * - `unjudged`: the search gave up; nothing is known, least of all a violation.
 */
type Standing = "placed" | "blocked" | "beyond" | "free" | "unjudged";

export interface Placement {
  readonly standing: Standing;
  /** Its place in its object's order, from 0. */
  readonly position: number | null;
  /** Its linearization point in microseconds. */
  readonly point: number | null;
}

/** One object's order; operations are indexes into the report's list. */
export interface ObjectOrder {
  readonly object: string;
  readonly verdict: ReportedObject["verdict"];
  readonly order: readonly number[];
  /** Linearization points, in order, never descending. */
  readonly points: readonly number[];
  /** The state before everything and after each operation of the order; null if it is not known. */
  readonly states: readonly string[] | null;
  /** The operation that had to come next and could not, first; then those that could have come next and could not. */
  readonly blocked: readonly number[];
  /** How many operations touched this object. */
  readonly size: number;
}

export interface Judgement {
  /** Of the operation with this index. */
  placement(operation: number): Placement;
  readonly orders: ReadonlyMap<string, ObjectOrder>;
}

export function judgementOf(report: Drawn): Judgement {
  const { operations } = report;
  const indexOf = indexById(operations);
  const places = new Places(operations.length);
  const linearized = report.objects.map((object) => {
    const order: number[] = [];
    for (const id of object.linearization ?? longest(object.partials)) {
      const index = indexOf(id);
      // Somebody's report may name what it does not have.
      if (index !== undefined) order.push(index);
    }
    const points = pointsOf(order.map((index) => operations[index]!.call));
    places.take(order, points);
    return { object, order, points };
  });
  const byObject = shares(operations, places);
  const orders = new Map<string, ObjectOrder>();
  for (const { object, order, points } of linearized) {
    const { size, rest } = byObject.get(object.object) ?? { size: 0, rest: [] };
    const blocked = object.verdict === "illegal" ? blockedOf(rest, operations) : [];
    const stuck = new Set(blocked);
    for (const index of rest) places.stand(index, standingOf(object, operations[index]!, stuck.has(index)));
    const known = object.states ?? null;
    orders.set(object.object, {
      object: object.object,
      verdict: object.verdict,
      order,
      points,
      // Somebody's report may say anything.
      states: known?.length === order.length + 1 ? known : null,
      blocked,
      size,
    });
  }
  return { placement: (operation) => places.of(operation), orders };
}

/** What is there of one object: how many operations, and those of them that have no place in its order. */
interface Share {
  size: number;
  readonly rest: number[];
}

function shares(operations: Drawn["operations"], places: Places): ReadonlyMap<string, Share> {
  const byObject = new Map<string, Share>();
  for (let index = 0; index < operations.length; index++) {
    const { object } = operations[index]!;
    let share = byObject.get(object);
    if (share === undefined) {
      share = { size: 0, rest: [] };
      byObject.set(object, share);
    }
    share.size++;
    if (!places.has(index)) share.rest.push(index);
  }
  return byObject;
}

/** Mostly an id is its own index; a map of a million takes longer than the rest of the page. */
function indexById(operations: Drawn["operations"]): (id: number) => number | undefined {
  if (operations.every(({ id }, index) => id === index))
    return (id) => (operations[id] === undefined ? undefined : id);
  const indexes = new Map<number, number>();
  operations.forEach(({ id }, index) => {
    indexes.set(id, index);
  });
  return (id) => indexes.get(id);
}

/** The earliest points that respect the order: each operation as soon as its call and its predecessor allow. */
export function pointsOf(calls: readonly number[]): number[] {
  const points = new Array<number>(calls.length);
  let latest = Number.NEGATIVE_INFINITY;
  for (let position = 0; position < calls.length; position++) {
    latest = Math.max(latest, calls[position]!);
    points[position] = latest;
  }
  return points;
}

const STANDINGS: readonly Standing[] = ["unjudged", "placed", "blocked", "beyond", "free"];
const PLACED = STANDINGS.indexOf("placed");

/** Every operation's placement, in columns: a million objects take longer to make than the rest of the page. */
class Places {
  private readonly standings: Uint8Array;
  private readonly positions: Int32Array;
  private readonly points: Float64Array;

  constructor(size: number) {
    this.standings = new Uint8Array(size);
    this.positions = new Int32Array(size);
    this.points = new Float64Array(size);
  }

  /** Places an order at these points. */
  take(order: readonly number[], points: readonly number[]): void {
    for (let position = 0; position < order.length; position++) {
      const index = order[position]!;
      this.standings[index] = PLACED;
      this.positions[index] = position;
      this.points[index] = points[position]!;
    }
  }

  has(index: number): boolean {
    return this.standings[index] === PLACED;
  }

  stand(index: number, standing: Standing): void {
    this.standings[index] = STANDINGS.indexOf(standing);
  }

  of(index: number): Placement {
    if (this.has(index))
      return { standing: "placed", position: this.positions[index]!, point: this.points[index]! };
    return { standing: STANDINGS[this.standings[index]!]!, position: null, point: null };
  }
}

function standingOf(object: ReportedObject, operation: ReportedOperation, stuck: boolean): Standing {
  if (stuck) return "blocked";
  if (object.verdict === "unknown") return "unjudged";
  if (operation.return === null) return "free";
  return object.verdict === "illegal" ? "beyond" : "unjudged";
}

/**
 * The unplaced operation that returned first had to be placed next at the latest, and all that had been called by then
 * were candidates too. Whatever was called later comes after the dead end: marking it would paint half the run red.
 */
function blockedOf(rest: readonly number[], operations: readonly ReportedOperation[]): number[] {
  const answered = rest.filter((index) => operations[index]!.return !== null);
  const byReturn = answered.sort((a, b) => operations[a]!.return! - operations[b]!.return!);
  const first = byReturn[0];
  if (first === undefined) return [];
  const deadline = operations[first]!.return!;
  return byReturn.filter((index) => operations[index]!.call <= deadline);
}

function longest(partials: readonly (readonly number[])[]): readonly number[] {
  return partials.reduce((best, partial) => (partial.length > best.length ? partial : best), []);
}
