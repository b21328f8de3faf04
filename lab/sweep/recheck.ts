/**
 * Whether two runs of one seed are one run. What is not a function of the seed, such as the order of a hash table or
 * state that outlives a run, makes every replay a lie; so a sweep runs some of its seeds twice.
 */

import type { Report, RunOptions, run } from "../run/index.ts";
import type { TraceEvent } from "../sim/index.ts";

/** `run`, or what a test has to show instead. */
export type Runner = typeof run;

/** Runs the seed again. Returns null if that is the same run in every respect, and otherwise what differs first. */
export function divergence(first: Report, seed: number, options: RunOptions, runner: Runner): string | null {
  const second = runner(seed, options).report;
  if (JSON.stringify(first) === JSON.stringify(second)) return null;
  const digests = `digests ${first.digest} and ${second.digest}`;
  if (first.digest === second.digest)
    return `The same events and two reports: they differ in ${firstField(first, second)}.`;
  // Only now are events kept: there are tens of thousands of them.
  const difference = firstDifference(traceOf(seed, options, runner), traceOf(seed, options, runner));
  if (difference !== null) return `Two runs with ${digests}: ${difference}.`;
  return `Two runs with ${digests}; two more, with all events kept, were the same.`;
}

function firstField(first: Report, second: Report): string {
  const fields = Object.keys(first) as (keyof Report)[];
  return (
    fields.find((name) => JSON.stringify(first[name]) !== JSON.stringify(second[name])) ??
    "what fields there are"
  );
}

function traceOf(seed: number, options: RunOptions, runner: Runner): readonly string[] {
  const events: string[] = [];
  runner(seed, options, { listener: (event) => events.push(eventText(event)) });
  return events;
}

/** Such as `1.234567 s deliver n1 -> n2 {"kind":"requestVote",...}`. */
export function eventText({ time, kind, from, to, payload }: TraceEvent): string {
  return `${(time / 1e6).toFixed(6)} s ${kind} ${from} -> ${to} ${JSON.stringify(payload)}`;
}

/** Events are counted from 1. */
export function firstDifference(first: readonly string[], second: readonly string[]): string | null {
  const length = Math.max(first.length, second.length);
  for (let i = 0; i < length; i++) {
    if (first[i] === second[i]) continue;
    return `event ${i + 1} was ${first[i] ?? "the end"}, and then ${second[i] ?? "the end"}`;
  }
  return null;
}
