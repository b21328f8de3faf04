/**
 * How the search sees a model: operation classes and states as small integers. Operations with the same input and
 * output are one class: no model can tell them apart. Comparing, hashing and remembering is then integer work.
 */
import type { Calls } from "../intake/calls.ts";
import type { Model } from "../model/model.ts";

export interface Lens {
  /** By class, what holds of its operations: some of the flags below. */
  readonly flags: ArrayLike<number>;
  /** How many classes there are so far. */
  readonly classes: number;
  /** Whether the model promises anything, so that looking ahead makes sense. */
  readonly hasPromises: boolean;
  /** Whether some class touches only parts. */
  readonly hasParts: boolean;
  /** From now on it looks at these operations; forgets all others. */
  load(calls: Calls<unknown, unknown>, model: Model<unknown, unknown, unknown>): void;
  classOf(operation: number): number;
  /** The state after an operation of the class, or IMPOSSIBLE. */
  step(state: number, classId: number): number;
  /** As `Traits.sees` and `Traits.revives`. */
  sees(state: number, classId: number): boolean;
  revives(writerClass: number, classId: number): boolean;
  /** How many states there are so far. */
  readonly states: number;
  /** Whether an operation sees a state exactly if it is the one that its class wants. */
  readonly isExact: boolean;
  /** By class: the state that it wants, and the one that it makes; negative if there is none. Only if exact. */
  readonly wanted: Int32Array;
  readonly made: Int32Array;
  /** The parts of the state that an operation of the class touches, by number; null if it may touch any. */
  partsOf(classId: number): readonly number[] | null;
  /** Lets go of the history. */
  clear(): void;
}

/** Reads or refuses: it leaves every state as it is. */
export const READ_ONLY = 1;
/** Reads, refuses or depends: the state decides about it. */
export const OBSERVES = 2;
export const REFUSES = 4;
export const DEPENDS = 8;
export const UPDATES = 16;
export const OVERWRITES = 32;
/** Observes, and its answer was seen: in some states it is impossible. */
export const DEMANDS = 64;
/** May let an operation see the state that did not: overwrites or depends. */
export const REVIVES = 128;

/** What `step` answers instead of a state. */
export const IMPOSSIBLE = -1;

export const INITIAL_STATE = 0;

/**
 * Stands for all states that nobody will ever see: what refuses is possible; what reads or depends is impossible
 * or, with an unknown answer, changes nothing; updates change nothing that matters; an overwrite ends it.
 */
export const BLANK = 1;
