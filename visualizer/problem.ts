/** What a person should look at first: the instants at which something is wrong, in the order to visit them. */

import type { Drawn } from "./drawn.ts";
import type { Judgement } from "./judgement.ts";
import { squeeze } from "./text.ts";

export interface Problem {
  readonly kind: "violation" | "operation";
  /** The instant to mark. */
  readonly at: number;
  /** The stretch of time that shows it with what led to it. */
  readonly from: number;
  readonly until: number;
  readonly label: string;
  /** The operation to pin, and its object to highlight; null for a violation. */
  readonly operation: number | null;
  readonly object: string | null;
}

/** A broken invariant or missed bound first, since it outranks the history; then objects by the time they went wrong. */
export function problemsOf(report: Drawn, judgement: Judgement): Problem[] {
  const dead = [...judgement.orders.values()].flatMap((order) => {
    const index = order.blocked[0];
    return index === undefined ? [] : [deadEnd(report, order.object, order.order, index)];
  });
  dead.sort((a, b) => a.at - b.at);
  return report.violation === null ? dead : [violationOf(report), ...dead];
}

/** How many operations of the order before a dead end the first view shows. */
const CONTEXT = 6;
const LABEL_LENGTH = 46;

function deadEnd(report: Drawn, object: string, order: readonly number[], index: number): Problem {
  const operation = report.operations[index]!;
  const until = operation.return ?? operation.call;
  const before = order.slice(-CONTEXT).map((each) => report.operations[each]!.call);
  const from = Math.min(operation.call, ...before);
  // A read may be far from what it contradicts: past a tenth of the run, context costs more than it tells.
  const limit = report.counts.virtualMicroseconds / 10;
  return {
    kind: "operation",
    at: (operation.call + until) / 2,
    from: Math.max(from, operation.call - limit),
    until,
    label: `${squeeze(operation.words, LABEL_LENGTH)} fits nowhere`,
    operation: index,
    object,
  };
}

function violationOf(report: Drawn): Problem {
  const violation = report.violation!;
  const around = report.counts.virtualMicroseconds / 16;
  const verb = violation.kind === "invariant" ? "broken" : "missed";
  // A run stops at a broken invariant: half a view of nothing would come after it.
  const until = Math.min(violation.at + around, report.counts.virtualMicroseconds);
  return {
    kind: "violation",
    at: violation.at,
    from: until - 2 * around,
    until,
    label: `${violation.name} ${verb}`,
    operation: null,
    object: null,
  };
}
