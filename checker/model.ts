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
  /**
   * Why data from a file is no operation of this model, as what was expected and what was found; null if it is one.
   * A model without it takes everything.
   */
  misfit?(input: unknown, output: unknown): string | null;
  /** What the search may take for granted; it finds the same verdicts without, only later. */
  readonly traits?: Traits<State, Input, Output>;
}

/**
 * What an operation, with what is known of its answer, does to states.
 * - `reads`: it leaves every state as it is (a get).
 * - `refuses`: the same, and it is possible in all states but few (a cas that did not swap).
 * - `updates`: it is possible in every state and, in the sense of `Traits`, revives nothing (an append).
 * - `overwrites`: it is possible in every state, and the state after it is always the same (a put).
 * - `depends`: none of these, or nothing is promised (a cas that swapped, or whose answer nobody saw).
 */
export type Effect = "reads" | "refuses" | "updates" | "overwrites" | "depends";

/**
 * Promises about a model that the search trusts: a wrong one gives wrong verdicts. Each is a law about single
 * operations, so a test can look for a counter-example without any search. A null output is an unknown answer.
 */
export interface Traits<State, Input, Output> {
  effect(input: Input, output: Output | null): Effect;
  /**
   * Asked of operations that read, refuse or depend: whether it still matters to them which state this is. False is
   * a promise that lasts until another operation `revives` the interest: what refuses is possible, everything else
   * is impossible or, if its answer is unknown, changes nothing.
   */
  sees(state: State, input: Input, output: Output | null): boolean;
  /**
   * Whether `writer` may turn a state that an operation does not see into one that it does. Asked of
   * operations that overwrite or depend: appending to a value that is no prefix of the wanted one makes no prefix
   * of it, so in kv only what replaces the value revives.
   */
  revives(writer: Input, input: Input, output: Output | null): boolean;
}
