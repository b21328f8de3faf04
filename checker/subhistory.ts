/**
 * One object's operations, laid out for the search.
 *
 * The search walks the object's returns in order. Before a return takes place, its operation must have been
 * linearized; so between two returns only the *in-flight* operations are in question, those called and not yet
 * returned. Operations are numbered by their call, returns by their order.
 */

import type { History } from "./history.ts";
import { identityOf } from "./identity.ts";
import type { Effect, Model } from "./model.ts";
import { NEVER, pairs } from "./operation.ts";

/** Operations with the same input and output are one class: no model can tell them apart. */
export interface OperationClass<Input, Output> {
  readonly input: Input;
  readonly output: Output | null;
  readonly effect: Effect;
  /** Reads or refuses: it leaves every state as it is. */
  readonly readOnly: boolean;
  /** Reads, refuses or depends: the state decides about it. */
  readonly observes: boolean;
}

/** Stands for "no return" among return numbers: later than all of them. */
const NEVER_RETURNS = 0x7fffffff;

export interface Subhistory<Input, Output> {
  readonly object: string;
  /** The operations' names in the history. */
  readonly ids: readonly number[];
  readonly classes: readonly OperationClass<Input, Output>[];
  readonly classOf: Int32Array;
  /** By operation, the number of its return, or NEVER_RETURNS. */
  readonly returnOf: Int32Array;
  /**
   * By operation, its place in a configuration's mask while it is in flight. A place is used again after the
   * return, so that masks are as wide as the concurrency, not as the history. Operations that never return keep
   * theirs for good, above all others, in the order of their calls.
   */
  readonly slotOf: Int32Array;
  readonly slots: number;
  /** Slots below this one belong to operations that return. */
  readonly completedSlots: number;
  /** By return: its operation. */
  readonly returning: Int32Array;
  /** By return: how many operations were called before it; exactly those have smaller numbers. */
  readonly calledBefore: Int32Array;
  /** By return, and one more at the end: where its part of `flight` starts. */
  readonly flightStart: Int32Array;
  /** For each return, the in-flight operations that return at all, the earliest return first: its own. */
  readonly flight: Int32Array;
  /** The operations that never return, by call. */
  readonly pending: Int32Array;
  /** By return: how many of `pending` were called before it. */
  readonly pendingBefore: Int32Array;
  /**
   * Chains to jump along. By return, and one more at the end: the next one, itself included, of an operation whose
   * answer the state decides about, or that overwrites.
   */
  readonly nextObserver: Int32Array;
  readonly nextOverwrite: Int32Array;
  /** By call, and one more at the end: the last operation called before that may revive; -1 if there is none. */
  readonly pastReviver: Int32Array;
}

/** The object subhistories in the order of first appearance. Throws HistoryError if the history is malformed. */
export function subhistoriesOf<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: History<Input, Output>,
): Subhistory<Input, Output>[] {
  const partners = pairs(history);
  const drafts = new Map<string, Draft<State, Input, Output>>();
  /** By position of an invocation that returns: its object's draft, and its number there. */
  const owners: (Draft<State, Input, Output> | null)[] = new Array(history.length).fill(null);
  const numbers = new Int32Array(history.length);
  for (let at = 0; at < history.length; at++) {
    const event = history[at]!;
    const partner = partners[at]!;
    if (event.kind === "response") owners[partner]!.return(numbers[partner]!);
    if (event.kind !== "invoke") continue;
    const object = model.objectOf(event.input);
    let draft = drafts.get(object);
    if (draft === undefined) {
      draft = new Draft(model, object);
      drafts.set(object, draft);
    }
    const end = partner === NEVER ? undefined : history[partner];
    if (end?.kind === "response") {
      owners[at] = draft;
      numbers[at] = draft.call(event.operation, event.input, end.output);
    } else draft.callPending(event.operation, event.input);
  }
  return [...drafts.values()].map((draft) => draft.finish());
}

/** Collects one object's events. */
class Draft<State, Input, Output> {
  private readonly model: Model<State, Input, Output>;
  private readonly object: string;
  private readonly ids: number[] = [];
  private readonly classes: OperationClass<Input, Output>[] = [];
  private readonly classIds = new Map<string, number>();
  private readonly classOf: number[] = [];
  private readonly slotOf: number[] = [];
  private readonly freeSlots: number[] = [];
  private completedSlots = 0;
  private readonly pending: number[] = [];
  private readonly returning: number[] = [];
  private readonly calledBefore: number[] = [];
  private readonly pendingBefore: number[] = [];

  constructor(model: Model<State, Input, Output>, object: string) {
    this.model = model;
    this.object = object;
  }

  /** The number of the new operation. */
  call(id: number, input: Input, output: Output | null): number {
    const number = this.ids.length;
    this.ids.push(id);
    this.classOf.push(this.classify(input, output));
    this.slotOf.push(this.freeSlots.pop() ?? this.completedSlots++);
    return number;
  }

  callPending(id: number, input: Input): void {
    const classId = this.classify(input, null);
    // Without a return nothing asks for it, and without an effect nothing can need it.
    if (this.classes[classId]!.readOnly) return;
    this.pending.push(this.ids.length);
    this.ids.push(id);
    this.classOf.push(classId);
    this.slotOf.push(NO_SLOT);
  }

  return(number: number): void {
    this.returning.push(number);
    this.calledBefore.push(this.ids.length);
    this.pendingBefore.push(this.pending.length);
    this.freeSlots.push(this.slotOf[number]!);
  }

  finish(): Subhistory<Input, Output> {
    const slotOf = Int32Array.from(this.slotOf);
    this.pending.forEach((number, at) => {
      slotOf[number] = this.completedSlots + at;
    });
    const returnOf = new Int32Array(this.ids.length).fill(NEVER_RETURNS);
    this.returning.forEach((number, at) => {
      returnOf[number] = at;
    });
    const calledBefore = Int32Array.from(this.calledBefore);
    return {
      object: this.object,
      ids: this.ids,
      classes: this.classes,
      classOf: Int32Array.from(this.classOf),
      returnOf,
      slotOf,
      slots: this.completedSlots + this.pending.length,
      completedSlots: this.completedSlots,
      returning: Int32Array.from(this.returning),
      calledBefore,
      ...flights(returnOf, calledBefore),
      pending: Int32Array.from(this.pending),
      pendingBefore: Int32Array.from(this.pendingBefore),
      nextObserver: this.nextReturn((it) => it.observes && it.output !== null),
      nextOverwrite: this.nextReturn((it) => it.effect === "overwrites"),
      pastReviver: this.pastRevivers(),
    };
  }

  private classify(input: Input, output: Output | null): number {
    const inputKey = identityOf(input);
    const outputKey = output === null ? "" : identityOf(output);
    const key = inputKey === null || outputKey === null ? null : inputKey + outputKey;
    const known = key === null ? undefined : this.classIds.get(key);
    if (known !== undefined) return known;
    const classId = this.classes.length;
    if (key !== null) this.classIds.set(key, classId);
    const effect = this.model.traits?.effect(input, output) ?? "depends";
    const readOnly = effect === "reads" || effect === "refuses";
    this.classes.push({ input, output, effect, readOnly, observes: readOnly || effect === "depends" });
    return classId;
  }

  private nextReturn(isWanted: (operation: OperationClass<Input, Output>) => boolean): Int32Array {
    const count = this.returning.length;
    const next = new Int32Array(count + 1);
    next[count] = count;
    for (let at = count - 1; at >= 0; at--) {
      next[at] = isWanted(this.classes[this.classOf[this.returning[at]!]!]!) ? at : next[at + 1]!;
    }
    return next;
  }

  private pastRevivers(): Int32Array {
    const past = new Int32Array(this.ids.length + 1).fill(-1);
    for (let number = 0; number < this.ids.length; number++) {
      const { effect } = this.classes[this.classOf[number]!]!;
      past[number + 1] = effect === "overwrites" || effect === "depends" ? number : past[number]!;
    }
    return past;
  }
}

/** Until the number of places that returning operations need is known. */
const NO_SLOT = -1;

/** The in-flight operations of every return, kept sorted by return while the returns go by. */
function flights(
  returnOf: Int32Array,
  calledBefore: Int32Array,
): { flightStart: Int32Array; flight: Int32Array } {
  const count = calledBefore.length;
  const flightStart = new Int32Array(count + 1);
  const flight: number[] = [];
  const now: number[] = [];
  let called = 0;
  for (let at = 0; at < count; at++) {
    for (; called < calledBefore[at]!; called++) {
      const end = returnOf[called]!;
      if (end === NEVER_RETURNS) continue;
      let place = now.length;
      while (place > 0 && returnOf[now[place - 1]!]! > end) place--;
      now.splice(place, 0, called);
    }
    for (let i = 0; i < now.length; i++) flight.push(now[i]!);
    flightStart[at + 1] = flight.length;
    now.shift();
  }
  return { flightStart, flight: Int32Array.from(flight) };
}
