/** All that the page has to say about one thing in the timeline, in words. Tooltip, panel and screen reader share it. */

import type { ReportedOperation } from "../lab/run/report.ts";
import type { Drawn } from "./drawn.ts";
import type { Judgement, ObjectOrder, Placement } from "./judgement.ts";
import type { Item } from "./layout.ts";
import { verdictWords } from "./outcome.ts";
import { problemsOf } from "./problem.ts";
import { counted, grouped, milliseconds } from "./text.ts";

export interface Detail {
  /** What kind of thing it is. */
  readonly title: string;
  /** The thing itself in one line. */
  readonly words: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
  /** What to make of it; null if the rows say it all. */
  readonly note: string | null;
  readonly wrong: boolean;
}

/** A stretch of an object's order around an operation: positions from 0, and -1 for one that fits nowhere. */
export interface Neighbour {
  readonly position: number;
  readonly operation: number;
}

/** The few operations that come before and after one in its object's order; before it ends, if it fits nowhere. */
export function neighboursOf(operation: number, report: Drawn, judgement: Judgement): Neighbour[] {
  const order = judgement.orders.get(report.operations[operation]!.object);
  const { position, standing } = judgement.placement(operation);
  if (order === undefined || (position === null && standing !== "blocked")) return [];
  const middle = position ?? order.order.length;
  const first = Math.max(0, middle - (position === null ? 5 : 3));
  const near = order.order
    .slice(first, middle + 3)
    .map((each, index) => ({ position: first + index, operation: each }));
  return position === null ? [...near, { position: -1, operation }] : near;
}

export function detailOf(item: Item, report: Drawn, judgement: Judgement): Detail {
  switch (item.kind) {
    case "operation":
      return operationDetail(report, judgement, item.operation);
    case "problem":
      return problemDetail(report, judgement, item.problem);
    case "band": {
      const band = report.bands[item.band]!;
      const nodes = band.nodes.length === 0 ? "the network" : band.nodes.join(", ");
      return plain("Fault", band.label, [
        ["class", band.kind],
        ["struck", nodes],
        ...stretch(band.at, band.until),
      ]);
    }
    case "note": {
      const { text, from, until, client } = report.annotations![item.note]!;
      const when = from === until ? [["at", milliseconds(from)] as const] : stretch(from, until);
      return plain("Annotation", text, [...(client === null ? [] : [["client", client] as const]), ...when]);
    }
    case "span": {
      const server = report.servers[item.server]!;
      const span = server.spans[item.span]!;
      const words = `${server.id}: ${span.status}, term ${span.term}`;
      return plain("Server", words, [
        ["status", span.status],
        ["term", String(span.term)],
        ...stretch(span.from, span.until),
      ]);
    }
  }
}

/** The few words that fit under a pointer. */
export function summaryOf(item: Item, report: Drawn, judgement: Judgement): string {
  if (item.kind === "problem") return milliseconds(problemsOf(report, judgement)[item.problem]!.at);
  if (item.kind === "band") {
    const band = report.bands[item.band]!;
    return `${milliseconds(band.at)} to ${milliseconds(band.until)}`;
  }
  if (item.kind === "note") {
    const { from, until } = report.annotations![item.note]!;
    return from === until ? milliseconds(from) : `${milliseconds(from)} to ${milliseconds(until)}`;
  }
  if (item.kind === "span") {
    const span = report.servers[item.server]!.spans[item.span]!;
    return `${milliseconds(span.from)} to ${milliseconds(span.until)}`;
  }
  const operation = report.operations[item.operation]!;
  const placement = judgement.placement(item.operation);
  const answer =
    operation.return === null ? operation.outcome : `took ${milliseconds(operation.return - operation.call)}`;
  return `${operation.client}, called at ${milliseconds(operation.call)}, ${answer}; ${standingWords(placement)}`;
}

function problemDetail(report: Drawn, judgement: Judgement, index: number): Detail {
  const problem = problemsOf(report, judgement)[index]!;
  if (problem.operation !== null) return operationDetail(report, judgement, problem.operation);
  const violation = report.violation!;
  return {
    title: violation.kind === "invariant" ? "Invariant broken" : "Liveness missed",
    words: violation.name,
    rows: [
      ["at", milliseconds(violation.at)],
      ["on", violation.nodes.length === 0 ? "the whole cluster" : violation.nodes.join(", ")],
    ],
    note: violation.message,
    wrong: true,
  };
}

function operationDetail(report: Drawn, judgement: Judgement, index: number): Detail {
  const operation = report.operations[index]!;
  const placement = judgement.placement(index);
  const order = judgement.orders.get(operation.object);
  const rows: [string, string][] = [
    ["client", operation.client],
    ["key", operation.object],
    ["called", milliseconds(operation.call)],
    ["returned", operation.return === null ? "never" : milliseconds(operation.return)],
  ];
  if (operation.return !== null) rows.push(["took", milliseconds(operation.return - operation.call)]);
  rows.push(["outcome", OUTCOMES[operation.outcome]]);
  if (placement.position !== null && placement.point !== null) {
    rows.push(["in the order", `${grouped(placement.position + 1)} of ${grouped(order?.order.length ?? 0)}`]);
    rows.push(["takes effect", milliseconds(placement.point)]);
  } else {
    rows.push(["in the order", standingWords(placement)]);
  }
  rows.push(...statesAround(placement, order));
  if (order !== undefined) rows.push(["this key", verdictWords(order.verdict)]);
  const wrong = placement.standing === "blocked";
  return {
    title: `Operation ${operation.id}`,
    words: operation.words,
    rows,
    note: noteOf(operation, placement, order),
    wrong,
  };
}

/** What it found and what it left; in front of a dead end, what nothing fits to. */
function statesAround(placement: Placement, order: ObjectOrder | undefined): [string, string][] {
  const states = order?.states ?? null;
  if (states === null) return [];
  if (placement.position === null)
    return placement.standing === "blocked" ? [["state before", states.at(-1)!]] : [];
  return [
    ["state before", states[placement.position]!],
    ["state after", states[placement.position + 1]!],
  ];
}

const OUTCOMES: Readonly<Record<ReportedOperation["outcome"], string>> = {
  acknowledged: "acknowledged",
  indeterminate: "indeterminate: the client gave up; it may take effect at any later time, or never",
  pending: "pending: no answer before the run ended",
};

function standingWords(placement: Placement): string {
  switch (placement.standing) {
    case "placed":
      return `takes effect as number ${grouped((placement.position ?? 0) + 1)}`;
    case "blocked":
      return "fits nowhere";
    case "beyond":
      return "after the dead end";
    case "free":
      return "left out: no effect seen";
    case "unjudged":
      return "not judged";
  }
}

function noteOf(
  operation: ReportedOperation,
  placement: Placement,
  order: ObjectOrder | undefined,
): string | null {
  switch (placement.standing) {
    case "blocked":
      return `The longest order found on key ${operation.object} holds ${counted(order?.order.length ?? 0, "operation")}. After it this answer is impossible, and no other order goes further.`;
    case "beyond":
      return "It was called after the search had come to a dead end on this key, so nobody tried to place it.";
    case "free":
      return "Nobody saw an answer and the order explains every other answer without it.";
    case "unjudged":
      return "The search used up its budget. That is no sign of a violation, nor of its absence.";
    case "placed":
      return null;
  }
}

function plain(title: string, words: string, rows: readonly (readonly [string, string])[]): Detail {
  return { title, words, rows, note: null, wrong: false };
}

function stretch(from: number, until: number): [string, string][] {
  return [
    ["from", milliseconds(from)],
    ["until", milliseconds(until)],
    ["for", milliseconds(until - from)],
  ];
}
