/**
 * Operations as the explanation handles them: with both their places in the history, which decide, and their times,
 * which are shown. Every shrink step takes a list of calls and returns another one.
 */
import type { History, HistoryEvent } from "../history/history.ts";
import { NEVER, pairs } from "../history/operation.ts";
import type { Model } from "../model/model.ts";

export interface Call<Input, Output> {
  readonly id: number;
  readonly client: string;
  readonly input: Input;
  /** Null when nobody saw the answer. */
  readonly output: Output | null;
  /** Position in the history. Between positions there is room, for intervals that are widened. */
  readonly call: number;
  /** Position in the history; Infinity when it never returned, nobody knows its outcome, or it was forgotten. */
  readonly return: number;
  /** Microseconds. */
  readonly calledAt: number;
  /** Microseconds; null when nobody ever knew its outcome. */
  readonly returnedAt: number | null;
}

/** Each object's calls in their order. Throws HistoryError if the history is malformed. */
export function callsByObject<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: History<Input, Output>,
): ReadonlyMap<string, readonly Call<Input, Output>[]> {
  const partners = pairs(history);
  const objects = new Map<string, Call<Input, Output>[]>();
  for (let at = 0; at < history.length; at++) {
    const event = history[at]!;
    if (event.kind !== "invoke") continue;
    const place = partners[at]!;
    const end = place === NEVER ? undefined : history[place];
    const returned = end?.kind === "response" ? end : null;
    const object = model.objectOf(event.input);
    let calls = objects.get(object);
    if (calls === undefined) {
      calls = [];
      objects.set(object, calls);
    }
    calls.push({
      id: event.operation,
      client: event.client,
      input: event.input,
      output: returned === null ? null : returned.output,
      call: at,
      return: returned === null ? Infinity : place,
      calledAt: event.time,
      returnedAt: returned === null ? null : returned.time,
    });
  }
  return objects;
}

/** The event stream of calls. */
export function eventsOf<Input, Output>(
  calls: readonly Call<Input, Output>[],
): HistoryEvent<Input, Output>[] {
  const ends: { readonly place: number; readonly event: HistoryEvent<Input, Output> }[] = [];
  for (const { id, client, input, output, call, return: end, calledAt, returnedAt } of calls) {
    ends.push({ place: call, event: { kind: "invoke", operation: id, client, input, time: calledAt } });
    if (end === Infinity) continue;
    // A null output of a call that returned: it took effect by then, and its answer constrains nothing.
    const event = {
      kind: "response",
      operation: id,
      output: output as Output,
      time: returnedAt ?? 0,
    } as const;
    ends.push({ place: end, event });
  }
  // Only returns that were moved share a place, and returns in a row may stand in any order.
  ends.sort((a, b) => a.place - b.place);
  return ends.map(({ event }) => event);
}

/** Whether one had returned before the other was called: then every order keeps them so. */
export function finishedBefore(a: Call<unknown, unknown>, b: Call<unknown, unknown>): boolean {
  return a.return < b.call;
}
