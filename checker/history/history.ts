/**
 * What clients saw: the checker's only input.
 *
 * A history is a stream of invocations and responses whose *order* is the order in which they happened. Times are
 * carried for display only: with equal times, closed intervals would make a client's own successive operations
 * concurrent and hide a stale read.
 */

/** One client call began. Its input is known; its outcome is not, yet. */
export interface Invocation<Input> {
  readonly kind: "invoke";
  /** Names the operation; unique in the history. */
  readonly operation: number;
  readonly client: string;
  readonly input: Input;
  /** Microseconds, for display only. */
  readonly time: number;
}

/** The call returned: the operation took effect between its invocation and this event. */
export interface Response<Output> {
  readonly kind: "response";
  readonly operation: number;
  readonly output: Output;
  readonly time: number;
}

/**
 * The client stopped waiting and nobody knows the outcome: the operation may take effect at any later time, or never.
 * There is deliberately no event that says "failed": a lost reply is not a failed operation.
 */
export interface Indeterminate {
  readonly kind: "indeterminate";
  readonly operation: number;
  readonly time: number;
}

export type HistoryEvent<Input, Output> = Invocation<Input> | Response<Output> | Indeterminate;

/** Invocations without a later event are *pending* and are judged like indeterminate ones. */
export type History<Input, Output> = readonly HistoryEvent<Input, Output>[];
