/** A model is the sequential specification that a history is judged by: data plus pure functions. */

import type { StateKey } from "./key.ts";

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
  /** An injective key: equal keys if and only if equal states. Always a text, or always a list. */
  stateKey(state: State): StateKey;
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
  /**
   * Which parts of the state an operation may look at or change; null or absent: all of it. Operations without a part
   * in common commute, and neither decides what the other one may answer.
   */
  footprint?(input: Input): readonly string[] | null;
  /**
   * Promises that the state of an object is one value, the first one `Model.initial`, and that the operation does to
   * it exactly what its access says. Most histories of such a model are decided in nearly linear time.
   */
  cell?(input: Input, output: Output | null): CellAccess;
  /** Promises that the state of an object is a value with a version number: see `VersionAccess`. */
  versions?(input: Input, output: Output | null): VersionAccess;
}

/** What a cell holds, compared by `===`; not NaN. */
export type CellValue = string | number | null;

/**
 * What an operation, with what is known of its answer, does to a cell.
 * - `nothing`: it is possible whatever the cell holds, and leaves it (a read that nobody saw the answer of).
 * - `never`: it is impossible whatever the cell holds (an answer of the wrong kind).
 * - `reads`: the cell held the value, and goes on holding it.
 * - `differs`: the cell held any other value, and goes on holding it (a refused cas).
 * - `writes`: it holds the value afterwards, whatever it held.
 * - `swaps`: it held `from` and holds `to` afterwards.
 * - `tries`: if it held `from` it holds `to` afterwards, else it is left (a cas that nobody saw the answer of).
 * - `appends`: it held a string, or null, which counts as empty, and holds that string followed by the text.
 */
export type CellAccess =
  | { readonly kind: "nothing" }
  | { readonly kind: "never" }
  | { readonly kind: "reads"; readonly value: CellValue }
  | { readonly kind: "differs"; readonly value: CellValue }
  | { readonly kind: "writes"; readonly value: CellValue }
  | { readonly kind: "swaps"; readonly from: CellValue; readonly to: CellValue }
  | { readonly kind: "tries"; readonly from: CellValue; readonly to: CellValue }
  | { readonly kind: "appends"; readonly text: string };

/**
 * What an operation, with what is known of its answer, does to a value with a version, a whole number: 0 for
 * `Model.initial`, and one more with every value that replaces another.
 * - `nothing`: it is possible in every state, and leaves it.
 * - `never`: it is impossible in every state.
 * - `reads`: there was this version; if `value` is not undefined, then with this value. It leaves the state.
 * - `differs`: the version was none of these. It leaves the state (a refused put).
 * - `replaces`: there was this version, and now there is the next one, with the value.
 * - `tries`: replaces if there was this version, and else leaves the state (a put that nobody saw the answer of).
 */
export type VersionAccess =
  | { readonly kind: "nothing" }
  | { readonly kind: "never" }
  | { readonly kind: "reads"; readonly version: number; readonly value: CellValue | undefined }
  | { readonly kind: "differs"; readonly versions: readonly number[] }
  | { readonly kind: "replaces"; readonly version: number; readonly value: CellValue }
  | { readonly kind: "tries"; readonly version: number; readonly value: CellValue };
