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
  /** By index of the operation. */
  readonly placements: readonly Placement[];
  readonly orders: ReadonlyMap<string, ObjectOrder>;
}

export function judgementOf(report: Drawn): Judgement {
  const indexOf = indexById(report.operations);
  const members = new Map<string, number[]>();
  report.operations.forEach((operation, index) => {
    const list = members.get(operation.object);
    if (list === undefined) members.set(operation.object, [index]);
    else list.push(index);
  });
  const placements: Placement[] = report.operations.map(() => UNJUDGED);
  const orders = new Map<string, ObjectOrder>();
  for (const object of report.objects) {
    const order: number[] = [];
    for (const id of object.linearization ?? longest(object.partials)) {
      const index = indexOf(id);
      // Somebody's report may name what it does not have.
      if (index !== undefined) order.push(index);
    }
    const mine = members.get(object.object) ?? [];
    orders.set(object.object, place(object, order, mine, report.operations, placements));
  }
  return { placements, orders };
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
  let latest = Number.NEGATIVE_INFINITY;
  return calls.map((call) => {
    latest = Math.max(latest, call);
    return latest;
  });
}

const UNJUDGED: Placement = { standing: "unjudged", position: null, point: null };

function place(
  object: ReportedObject,
  order: readonly number[],
  members: readonly number[],
  operations: readonly ReportedOperation[],
  placements: Placement[],
): ObjectOrder {
  const points = pointsOf(order.map((index) => operations[index]!.call));
  order.forEach((index, position) => {
    placements[index] = { standing: "placed", position, point: points[position]! };
  });
  const rest = members.filter((index) => placements[index]!.standing !== "placed");
  const blocked = object.verdict === "illegal" ? blockedOf(rest, operations) : [];
  const stuck = new Set(blocked);
  for (const index of rest) {
    const standing = standingOf(object, operations[index]!, stuck.has(index));
    placements[index] = { standing, position: null, point: null };
  }
  const known = object.states ?? null;
  // Somebody's report may say anything.
  const states = known?.length === order.length + 1 ? known : null;
  return {
    object: object.object,
    verdict: object.verdict,
    order,
    points,
    states,
    blocked,
    size: members.length,
  };
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
