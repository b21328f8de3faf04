/**
 * The second spelling of a history: operations with a call and a return, as Porcupine and most papers write them,
 * and the way from either spelling to the other. Malformed histories are refused here and nowhere else.
 */
import { HistoryError } from "./error.ts";
import type { History, HistoryEvent } from "./history.ts";

/** One client call with both ends. `call` and `return` are instants of any one scale: a position, a time. */
export interface Operation<Input, Output> {
  readonly operation: number;
  readonly client: string;
  readonly input: Input;
  /** Null when nobody saw the answer. */
  readonly output: Output | null;
  readonly call: number;
  /** Null when it never returned, or nobody knows its outcome: it may take effect at any time after the call. */
  readonly return: number | null;
}

/**
 * The operations of a history in the order of their calls. `call` and `return` are positions in the history, not
 * times: only positions keep the order of events that share an instant.
 * Throws HistoryError if the history is malformed.
 */
export function operationsOf<Input, Output>(history: History<Input, Output>): Operation<Input, Output>[] {
  const places = pairs(history);
  const operations: Operation<Input, Output>[] = [];
  history.forEach((event, at) => {
    if (event.kind !== "invoke") return;
    const place = places[at]!;
    const end = place === NEVER ? undefined : history[place];
    operations.push({
      operation: event.operation,
      client: event.client,
      input: event.input,
      output: end?.kind === "response" ? end.output : null,
      call: at,
      return: end?.kind === "response" ? place : null,
    });
  });
  return operations;
}

/**
 * The event stream of timed operations. Intervals are closed: at equal times every call comes before every return,
 * so operations that touch in one instant, even ones without length, are concurrent.
 * Operations that never return stay pending. Throws HistoryError if an operation returns before its call.
 */
export function historyOf<Input, Output>(
  operations: readonly Operation<Input, Output>[],
): HistoryEvent<Input, Output>[] {
  const ends: End[] = [];
  const seen = new Set<number>();
  operations.forEach((operation, at) => {
    refuseTimes(operation, seen);
    ends.push({ time: operation.call, isReturn: 0, at });
    if (operation.return !== null) ends.push({ time: operation.return, isReturn: 1, at });
  });
  // The last criterion makes the result independent of the engine's sort.
  ends.sort((a, b) => a.time - b.time || a.isReturn - b.isReturn || a.at - b.at);
  return ends.map(({ time, isReturn, at }): HistoryEvent<Input, Output> => {
    const { operation, client, input, output } = operations[at]!;
    // A null output of an operation that returned: it took effect by then, and its answer constrains nothing.
    if (isReturn === 1) return { kind: "response", operation, output: output as Output, time };
    return { kind: "invoke", operation, client, input, time };
  });
}

/** For what has no partner, in the answer of `pairs`. */
export const NEVER = -1;

/**
 * By position in the history: for an invocation the position of its response, for a response that of its invocation,
 * and NEVER for an invocation whose outcome is unknown.
 * One client may have several operations outstanding: a history may come from concurrent use of one client.
 * Throws HistoryError at the first event that cannot have been recorded.
 */
export function pairs<Input, Output>(history: History<Input, Output>): Int32Array {
  const partners = new Int32Array(history.length).fill(NEVER);
  const places = new Map<number, number>();
  const settled = new Uint8Array(history.length);
  for (let at = 0; at < history.length; at++) {
    const event = history[at]!;
    const place = places.get(event.operation);
    if (event.kind === "invoke") {
      if (place !== undefined) refuseTwin(at, event.operation, place);
      if (!Number.isSafeInteger(event.operation)) refuseId(at, event.operation);
      places.set(event.operation, at);
    } else if (event.kind === "response" || event.kind === "indeterminate") {
      if (place === undefined) refuseOrphan(at, event);
      else if (settled[place] === 1) refuseSecondEnd(at, event);
      else {
        settled[place] = 1;
        if (event.kind === "indeterminate") continue;
        partners[place] = at;
        partners[at] = place;
      }
    } else refuseKind(at, event);
  }
  return partners;
}

/** Which of the two spellings it is; a history without events is both. */
export function areOperations<Input, Output>(
  history: History<Input, Output> | readonly Operation<Input, Output>[],
): history is readonly Operation<Input, Output>[] {
  const first = history[0] as { readonly kind?: unknown } | undefined;
  return first !== undefined && first.kind === undefined && !("kind" in first) && "call" in first;
}

interface End {
  readonly time: number;
  readonly isReturn: 0 | 1;
  readonly at: number;
}

function refuseTimes(operation: Operation<unknown, unknown>, seen: Set<number>): void {
  const { operation: id, call, return: end } = operation;
  if (!Number.isSafeInteger(id)) refuseId(null, id);
  if (seen.has(id)) refuse(null, `operation ${id} is listed twice; give every operation an id of its own`);
  seen.add(id);
  if (Number.isNaN(call) || Number.isNaN(end)) {
    refuse(null, `operation ${id} has a time that is not a number; give call and return times`);
  }
  if (end !== null && end < call) {
    const advice = "take both times from one clock, or give return null if the answer never came";
    refuse(null, `operation ${id} returns at ${end}, before its call at ${call}; ${advice}`);
  }
}

function refuseId(at: number | null, id: unknown): never {
  refuse(at, `operation id ${String(id)} is not an integer; number the operations`);
}

function refuseTwin(at: number, id: number, first: number): never {
  const advice = "give every call an id of its own, a retry too";
  refuse(at, `operation ${id} is invoked again, first at event ${first}; ${advice}`);
}

function refuseOrphan(at: number, { kind, operation }: HistoryEvent<unknown, unknown>): never {
  const advice = "record the invocation before the call is sent";
  refuse(at, `${kind} for operation ${operation}, which was not invoked before; ${advice}`);
}

function refuseSecondEnd(at: number, { kind, operation }: HistoryEvent<unknown, unknown>): never {
  const advice = "record one outcome for each operation, and drop an answer that comes after giving up";
  refuse(at, `${kind} for operation ${operation}, whose outcome was recorded before; ${advice}`);
}

function refuseKind(at: number, event: never): never {
  const { kind } = event as { kind: unknown };
  refuse(at, `unknown event kind ${JSON.stringify(kind)}; use "invoke", "response" or "indeterminate"`);
}

function refuse(at: number | null, message: string): never {
  throw new HistoryError(at === null ? message : `event ${at}: ${message}`, at);
}
