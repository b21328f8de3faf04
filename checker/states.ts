/**
 * States as small integers. The search compares, hashes and remembers states all the time: interned by the model's
 * key, that is integer work, and the model is asked at most once in a while for the same step.
 */
import { ILLEGAL, type Model } from "./model.ts";
import type { OperationClass } from "./subhistory.ts";

/** What `step` answers instead of a state. */
export const IMPOSSIBLE = -1;

export const INITIAL_STATE = 0;

/**
 * Stands for all states that nobody will ever see: what refuses is possible; what reads or depends is impossible
 * or, with an unknown answer, changes nothing; updates change nothing that matters; an overwrite ends it.
 */
export const BLANK = 1;

const ENTRY = 3;
const MOST_ENTRIES = 65_536;

export class States<State, Input, Output> {
  private readonly model: Model<State, Input, Output>;
  private readonly classes: readonly OperationClass<Input, Output>[];
  private readonly values: State[];
  private readonly ids = new Map<string, number>();
  /**
   * Remembered steps as (state, class + 1, result), each at the one place that its hash gives it, where a newer one
   * replaces it: forgetting costs a call of the model and bounds the memory, which all pairs would not.
   */
  private readonly memo: Int32Array;
  private readonly memoMask: number;

  constructor(model: Model<State, Input, Output>, classes: readonly OperationClass<Input, Output>[]) {
    this.model = model;
    this.classes = classes;
    // An overwrite makes the same state of any, so BLANK may have any value.
    this.values = [model.initial, model.initial];
    this.ids.set(model.stateKey(model.initial), INITIAL_STATE);
    let entries = 64;
    while (entries < classes.length * 8 && entries < MOST_ENTRIES) entries *= 2;
    this.memo = new Int32Array(entries * ENTRY);
    this.memoMask = entries - 1;
  }

  value(state: number): State {
    return this.values[state] as State;
  }

  /** The state after an operation of the class, or IMPOSSIBLE. */
  step(state: number, classId: number): number {
    const memo = this.memo;
    const hash = Math.imul(state, 0x9e3779b1) ^ Math.imul(classId, 0x85ebca6b);
    const at = ((hash ^ (hash >>> 15)) & this.memoMask) * ENTRY;
    if (memo[at] === state && memo[at + 1] === classId + 1) return memo[at + 2]!;
    const result = this.ask(state, classId);
    memo[at] = state;
    memo[at + 1] = classId + 1;
    memo[at + 2] = result;
    return result;
  }

  private ask(state: number, classId: number): number {
    const { input, output, effect } = this.classes[classId]!;
    if (state === BLANK && effect !== "overwrites") {
      return effect === "updates" || effect === "refuses" || output === null ? BLANK : IMPOSSIBLE;
    }
    const before = this.values[state] as State;
    const after = this.model.step(before, input, output);
    if (after === ILLEGAL) return IMPOSSIBLE;
    // Most often a read: the key of a long value is worth saving.
    if (Object.is(after, before)) return state === BLANK ? INITIAL_STATE : state;
    const key = this.model.stateKey(after);
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.values.length;
    this.values.push(after);
    this.ids.set(key, id);
    return id;
  }
}
