/** What a page draws of a history that came from a file: no servers and no faults, only clients and their operations. */

import type { Annotation, CheckResult, HistoryEvent, Verdict } from "porcupine-ts";
import type { Drawn } from "../../visualizer/index.ts";
import { LINLAB_VERSION, orderOf, statesAlong } from "../run/index.ts";

interface Described {
  readonly name: string;
  objectOf(input: unknown): string;
  describe(input: unknown, output: unknown): string;
}

/** What a file or a test says beside its history. */
interface Said {
  /** The state before everything, where it is not the model's own. */
  readonly initial?: unknown;
  readonly annotations?: readonly Annotation[];
}

type Events = readonly HistoryEvent<unknown, unknown>[];

/**
 * The verdict may be less than the result's: nobody was told anything.
 */
export function drawnOf(
  model: Described,
  history: Events,
  result: CheckResult,
  verdict: Verdict,
  { initial, annotations = [] }: Said = {},
): Drawn {
  const clock = clockOf(history);
  const operations = operationsOf(model, history, clock);
  const statesOf = statesAlong(model, history);
  const count = (outcome: Operation["outcome"]) =>
    operations.filter((each) => each.outcome === outcome).length;
  const ends = operations.map((operation) => operation.return ?? operation.call);
  return {
    linlab: LINLAB_VERSION,
    outcome: verdict,
    sentence: sentenceOf(verdict, result),
    violation: null,
    bands: [],
    servers: [],
    clients: [...new Set(operations.map(({ client }) => client))],
    operations,
    objects: result.objects.map(({ object, verdict, linearization, partials, explanation }) => ({
      object,
      verdict,
      linearization,
      partials,
      states: statesOf(orderOf({ linearization, partials })),
      explanation,
    })),
    counts: {
      acknowledged: count("acknowledged"),
      indeterminate: count("indeterminate"),
      pending: count("pending"),
      virtualMicroseconds: ends.reduce((latest, end) => Math.max(latest, end), 0),
    },
    ...(annotations.length === 0 ? {} : { annotations: annotations.map((each) => drawnNote(each, clock)) }),
    ...(history.every(isData) ? { recorded: recordedOf(model, history, { initial, annotations }) } : {}),
  };
}

function drawnNote(annotation: Annotation, { shown }: Clock): Annotation {
  return { ...annotation, from: shown(annotation.from), until: shown(annotation.until) };
}

function recordedOf(
  { name }: Described,
  history: Events,
  { initial, annotations = [] }: Said,
): NonNullable<Drawn["recorded"]> {
  const first = initial === undefined ? {} : { initial };
  const said = annotations.length === 0 ? {} : { annotations };
  return { header: { model: name, ...first, ...said }, history };
}

/** Whether JSON gives it back: a test's own model may have any values. */
function isData(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== "object") return false;
  if (Array.isArray(value)) return value.every(isData);
  const prototype = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isData);
}

type Operation = Drawn["operations"][number];

function operationsOf(model: Described, history: Events, { instants }: Clock): readonly Operation[] {
  const ends = new Map(
    history.flatMap((event, at) =>
      event.kind === "invoke" ? [] : [[event.operation, { event, at }] as const],
    ),
  );
  return history.flatMap((event, at): Operation[] => {
    if (event.kind !== "invoke") return [];
    const end = ends.get(event.operation);
    const output = end?.event.kind === "response" ? end.event.output : null;
    return [
      {
        id: event.operation,
        client: event.client,
        object: model.objectOf(event.input),
        kind: kindOf(event.input),
        words: model.describe(event.input, output),
        call: instants[at]!,
        return: end?.event.kind === "response" ? instants[end.at]! : null,
        outcome:
          end === undefined ? "pending" : end.event.kind === "response" ? "acknowledged" : "indeterminate",
      },
    ];
  });
}

/** In a file without usable times, events are drawn in their order, a millisecond apart. */
const STEP = 1000;

/** Microseconds from the first event on. */
interface Clock {
  /** By event. */
  readonly instants: readonly number[];
  /** Of any time by the history's own clock. */
  shown(time: number): number;
}

/** What decides is the order of events; times must not contradict it. */
function clockOf(history: Events): Clock {
  const inOrder = history.every(({ time }, at) => at === 0 || time >= history[at - 1]!.time);
  const first = history[0]?.time ?? 0;
  const span = (history.at(-1)?.time ?? 0) - first;
  const isTimed = inOrder && span > history.length;
  if (isTimed) {
    return {
      instants: history.map(({ time }) => time - first),
      // What was said before the first call is drawn at the beginning.
      shown: (time) => Math.max(0, time - first),
    };
  }
  const later = (time: number): number => history.findIndex((event) => event.time > time);
  return {
    instants: history.map((_, at) => at * STEP),
    // Between the events that it was said between.
    shown: (time) => Math.max(0, ((later(time) < 0 ? history.length : later(time)) - 0.5) * STEP),
  };
}

function kindOf(input: unknown): string {
  return typeof input === "object" && input !== null && "kind" in input ? String(input.kind) : "call";
}

/** Why, on the first object that the verdict is about. */
function sentenceOf(verdict: Verdict, { objects }: CheckResult): string {
  if (verdict === "ok") return "Some order of the operations explains every answer.";
  const first = objects.find((object) => object.verdict === verdict);
  return first?.explanation?.sentence ?? "Nobody was told anything, so there is nothing to judge.";
}
