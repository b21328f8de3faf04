/**
 * The same run with ranks for times: every call and return is one step after the one before, so that a busy
 * millisecond is as wide as an idle second. What lies between two of them stays between them.
 */

import { standalone } from "./columns.ts";
import type { Drawn } from "./drawn.ts";

/** How long a step is: instants stay whole numbers, and there is room for what lies between two steps. */
export const STEP = 1000;

export interface Ranked {
  readonly drawn: Drawn;
  /** From times to ranks, and back. */
  rankOf(instant: number): number;
  instantOf(rank: number): number;
}

export function rankedOf(report: Drawn): Ranked {
  const instants = instantsOf(report);
  const rankOf = (instant: number): number => Math.round(between(instants, instant) * STEP);
  const violation =
    report.violation === null ? null : { ...report.violation, at: rankOf(report.violation.at) };
  const drawn: Drawn = {
    ...report,
    violation,
    operations: report.operations.map((operation) => ({
      ...standalone(operation),
      call: rankOf(operation.call),
      return: operation.return === null ? null : rankOf(operation.return),
    })),
    bands: report.bands.map((band) => ({ ...band, at: rankOf(band.at), until: rankOf(band.until) })),
    servers: report.servers.map((server) => ({
      ...server,
      spans: server.spans.map((span) => ({ ...span, from: rankOf(span.from), until: rankOf(span.until) })),
    })),
    ...(report.annotations === undefined
      ? {}
      : {
          annotations: report.annotations.map((note) => ({
            ...note,
            from: rankOf(note.from),
            until: rankOf(note.until),
          })),
        }),
    counts: { ...report.counts, virtualMicroseconds: rankOf(report.counts.virtualMicroseconds) },
  };
  return { drawn, rankOf, instantOf: (rank) => at(instants, rank / STEP) };
}

/** Each instant at which something was called or returned, once, with both ends of the run. */
function instantsOf(report: Drawn): Float64Array {
  const all = new Float64Array(2 * report.operations.length + 2);
  report.operations.forEach((operation, index) => {
    all[2 * index] = operation.call;
    all[2 * index + 1] = operation.return ?? operation.call;
  });
  all[all.length - 1] = report.counts.virtualMicroseconds;
  all.sort();
  return all.filter((instant, index) => index === 0 || instant !== all[index - 1]);
}

/** Where an instant stands among the sorted ones: 2.5 is in the middle of the third and the fourth. */
function between(instants: Float64Array, instant: number): number {
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (instants[middle]! <= instant) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  const [before, after] = [instants[low - 1]!, instants[low]];
  return low - 1 + (after === undefined ? 0 : (instant - before) / (after - before));
}

function at(instants: Float64Array, position: number): number {
  const place = Math.min(Math.max(0, position), instants.length - 1);
  const [before, after] = [instants[Math.floor(place)]!, instants[Math.ceil(place)]!];
  return before + (after - before) * (place - Math.floor(place));
}
