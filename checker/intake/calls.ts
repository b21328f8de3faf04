/** One object's operations, numbered by call, and the order of their calls and returns. */
import type { History } from "../history/history.ts";
import { type Intake, NEVER_RETURNS } from "./intake.ts";
import { atLeast, type Pooled } from "./pool.ts";

export class Calls<Input, Output> implements Pooled {
  history: History<Input, Output> = [];
  object = "";
  count = 0;
  /** How many of them return, and how many are in flight at once at most; who never returns stays in flight. */
  returns = 0;
  mostInFlight = 0;
  /** By operation: the position of its invocation in the history, and of its response, or at least NEVER_RETURNS. */
  callAt: Int32Array = new Int32Array(0);
  returnAt: Int32Array = new Int32Array(0);
  /** The operation that is called, the complement (`~`) of the one that returns, or NOTHING; from `from` to `to`. */
  events: Int32Array = new Int32Array(0);
  from = 0;
  to = 0;
  private readonly own: Columns = { callAt: NO_ROOM, returnAt: NO_ROOM, events: NO_ROOM };
  private localOf: Int32Array = NO_ROOM;

  get words(): number {
    return this.own.callAt.length * 3 + this.localOf.length;
  }

  /** From now on this is about that object. Borrows from the intake where there is only one. */
  load(intake: Intake<Input, Output>, object: number): void {
    this.history = intake.history;
    this.object = intake.objects[object]!;
    if (intake.objects.length === 1) {
      this.count = intake.count;
      this.returns = intake.returns;
      this.mostInFlight = intake.mostInFlight;
      this.callAt = intake.callAt;
      this.returnAt = intake.returnAt;
      this.events = intake.entries;
      this.from = 0;
      this.to = intake.length;
    } else this.copy(intake, intake.starts[object]!, intake.starts[object + 1]!);
  }

  clear(): void {
    this.history = [];
  }

  /** Stops borrowing: the intake is about to be used for something else. */
  detach(): void {
    this.callAt = this.callAt.slice(0, this.count);
    this.returnAt = this.returnAt.slice(0, this.count);
    this.events = NO_ROOM;
    this.to = this.from;
  }

  idOf(operation: number): number {
    return this.history[this.callAt[operation]!]!.operation;
  }

  inputOf(operation: number): Input {
    const event = this.history[this.callAt[operation]!]!;
    return (event as { readonly input: Input }).input;
  }

  /** Null when nobody saw the answer. */
  outputOf(operation: number): Output | null {
    const at = this.returnAt[operation]!;
    if (at >= NEVER_RETURNS) return null;
    return (this.history[at] as { readonly output: Output }).output;
  }

  private copy(intake: Intake<Input, Output>, from: number, to: number): void {
    const { own, localOf } = this;
    this.localOf = atLeast(localOf, intake.count);
    own.callAt = atLeast(own.callAt, to - from);
    own.returnAt = atLeast(own.returnAt, to - from);
    own.events = atLeast(own.events, to - from);
    const { callAt, returnAt, events } = own;
    let count = 0;
    let returns = 0;
    let mostInFlight = 0;
    for (let i = from; i < to; i++) {
      const entry = intake.sorted[i]!;
      if (entry < 0) {
        events[i - from] = ~this.localOf[~entry]!;
        returns++;
        continue;
      }
      if (count - returns >= mostInFlight) mostInFlight = count - returns + 1;
      this.localOf[entry] = count;
      callAt[count] = intake.callAt[entry]!;
      returnAt[count] = intake.returnAt[entry]!;
      events[i - from] = count++;
    }
    this.count = count;
    this.returns = returns;
    this.mostInFlight = mostInFlight;
    this.callAt = callAt;
    this.returnAt = returnAt;
    this.events = events;
    this.from = 0;
    this.to = to - from;
  }
}

interface Columns {
  callAt: Int32Array;
  returnAt: Int32Array;
  events: Int32Array;
}

const NO_ROOM = new Int32Array(0);
