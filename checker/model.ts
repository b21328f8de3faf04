/** A model is the sequential specification that a history is judged by: data plus pure functions. */

/** What `step` returns when the output cannot be the answer in that state. */
export const ILLEGAL: unique symbol = Symbol("illegal");

/**
 * Every function must be pure: the search calls `step` often, in orders that never happened.
 * States are immutable values.
 */
export interface Model<State, Input, Output> {
  /** The name by which the command line and history files call it. */
  readonly name: string;
  /** The state of one object before its first operation. */
  readonly initial: State;
  /**
   * The state after the operation, or ILLEGAL if this output is impossible in this state.
   * `output` is null when nobody saw the answer: then any answer is possible and only the effect counts.
   */
  step(state: State, input: Input, output: Output | null): State | typeof ILLEGAL;
  /** An injective key: equal keys if and only if equal states. */
  stateKey(state: State): string;
  /**
   * The object that an operation touches. Objects are independent, so each one's subhistory is judged alone
   * (Horn & Kroening, "Faster linearizability checking via P-compositionality", FORTE 2015).
   */
  objectOf(input: Input): string;
  /** The operation in words, such as `get x -> "1"`; output null reads as an unknown answer. */
  describe(input: Input, output: Output | null): string;
  /** What the search may take for granted; it finds the same verdicts without, only later. */
  readonly traits?: Traits<State, Input, Output>;
}

/**
 * Promises about a model that the search trusts: a wrong one gives wrong verdicts. Each is a law about single
 * operations, so a test can look for a counter-example without any search.
 */
export interface Traits<State, Input, Output> {
  /** True only if the operation, with this answer, leaves every state as it is: a get, a refused cas. */
  readOnly(input: Input, output: Output | null): boolean;
  /**
   * Whether a read-only operation may still get this answer, from this state on. False is a promise: the answer is
   * impossible in this state and stays so until an operation `revives` it.
   */
  viable(state: State, input: Input, output: Output): boolean;
  /**
   * Whether the effect of `writer` may lead from a state that is not viable for an answer to one that is.
   * An append makes a value that is no prefix of the answer no prefix again, so only overwrites revive.
   */
  revives(writer: Input, input: Input, output: Output): boolean;
}
