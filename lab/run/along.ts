/** What an object's state was along an order of its operations, in words: for people who step through that order. */

import type { HistoryEvent } from "porcupine-ts";

interface Specification {
  readonly name: string;
  readonly initial: unknown;
  /** A symbol where the output is impossible in the state. */
  step(state: unknown, input: unknown, output: unknown): unknown;
}

type Events = readonly HistoryEvent<unknown, unknown>[];

/** Histories of more events are drawn without states, which would be half of the page. */
const MOST_EVENTS = 20_000;
/** Of a longer state the beginning and the end are told. */
const LONGEST = 120;

/** The state before everything and after each operation of the order; null if there is no telling. */
export type StatesAlong = (order: readonly number[]) => readonly string[] | null;

export function statesAlong(model: unknown, history: Events): StatesAlong {
  const specification = model as Specification;
  let calls: ReadonlyMap<number, readonly [input: unknown, output: unknown]> | null = null;
  return (order) => {
    if (history.length > MOST_EVENTS) return null;
    calls ??= callsOf(history);
    const absent = specification.name.includes("kv") ? "absent" : "null";
    let state = specification.initial;
    const states = [inWords(state, absent)];
    for (const id of order) {
      const call = calls.get(id);
      if (call === undefined) return null;
      state = specification.step(state, ...call);
      if (typeof state === "symbol") return null;
      states.push(inWords(state, absent));
    }
    return states.every((each) => each !== null) ? states : null;
  };
}

/** Null for the output that nobody saw. */
function callsOf(history: Events): ReadonlyMap<number, readonly [input: unknown, output: unknown]> {
  const outputs = new Map<number, unknown>();
  for (const event of history) if (event.kind === "response") outputs.set(event.operation, event.output);
  return new Map(
    history.flatMap((event) =>
      event.kind === "invoke"
        ? [[event.operation, [event.input, outputs.get(event.operation) ?? null]] as const]
        : [],
    ),
  );
}

/** The order that people are shown: one that explains every answer or, without one, the longest that was found. */
export function orderOf({ linearization, partials }: Orders): readonly number[] {
  return (
    linearization ??
    partials.reduce((best, each) => (each.length > best.length ? each : best), [] as readonly number[])
  );
}

interface Orders {
  readonly linearization: readonly number[] | null;
  readonly partials: readonly (readonly number[])[];
}

/** Null for what is no data: somebody's own model may keep a Map, which JSON would show as empty. */
function inWords(state: unknown, absent: string): string | null {
  if (state === null) return absent;
  if (typeof state === "string" && state.length > LONGEST) return ends(state, JSON.stringify);
  return isData(state) ? ends(JSON.stringify(state), (text) => text) : null;
}

function ends(text: string, shown: (text: string) => string): string {
  if (text.length <= LONGEST) return shown(text);
  const half = LONGEST / 2;
  return `${shown(text.slice(0, half))}…${shown(text.slice(-half))} (${text.length} characters)`;
}

function isData(value: unknown): boolean {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return true;
  if (Array.isArray(value)) return value.every(isData);
  if (typeof value !== "object") return false;
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isData);
}
