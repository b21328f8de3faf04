/**
 * The search for a linearization of one object's subhistory: Wing & Gong ("Testing and verifying concurrent
 * objects", 1993) with the just-in-time order and the memory of configurations of Lowe ("Testing for
 * linearizability", 2017).
 *
 * Just in time: an operation is linearized only when a return asks for one, either its own or before its own. That
 * loses nothing: the first operation of any linearization was called before the first return, because an operation
 * called later has to come after the one that returned. So from every configuration the candidates are the in-flight
 * operations, and a linearization of the rest starts with one of them.
 *
 * Depth first, with a stack of its own: histories are far longer than call stacks. The stack also makes a search
 * resumable, so that budgets can go round over the objects without doing work twice.
 *
 * What is not tried, and why nothing is lost (take a completion that needs the fewest never-returning operations;
 * each argument keeps their number and leads to a completion of the same kind, and each step makes it shorter, so
 * the arguments do not chase each other in circles):
 * - Not a read-only operation that is possible now, once: see `Configuration.settle`.
 * - Of several in-flight operations of one class only the first to return (never-returning ones last). If a completion
 *   takes a later one now and the earlier one afterwards, they can swap places: both are in flight, and the place
 *   that was in time for the earlier return is in time for the later one.
 * - A never-returning operation only if it changes the state and something in flight can tell: see `matters`.
 * - Nothing after a configuration from which a read can never get its answer: see `doomed`.
 */
import type { Verdict } from "./check.ts";
import { Configuration } from "./configuration.ts";
import type { Model } from "./model.ts";
import { IMPOSSIBLE, States } from "./states.ts";
import type { Subhistory } from "./subhistory.ts";
import { NONE, Visited } from "./visited.ts";

/** How many of the next reads `doomed` asks about: more cost more than they save. */
const READS_AHEAD = 4;

/** How many operations that are not in flight yet `doomed` looks through before it gives the benefit of the doubt. */
const CALLS_AHEAD = 64;

export class Search<State, Input, Output> {
  /** "unknown" until the search has ended. */
  verdict: Verdict = "unknown";
  /** Configurations explored. */
  steps = 0;
  /** The configuration in which everything is linearized, or NONE. */
  goal = NONE;
  readonly subhistory: Subhistory<Input, Output>;
  readonly states: States<State, Input, Output>;
  readonly visited: Visited;
  private readonly model: Model<State, Input, Output>;
  private readonly here: Configuration<State, Input, Output>;
  /** Pairs to try, the last first: a configuration and an operation that is possible there. */
  private readonly stack: number[] = [];
  /** By class: the expansion that last tried it. */
  private readonly triedIn: Int32Array;
  private expansions = 0;

  constructor(model: Model<State, Input, Output>, subhistory: Subhistory<Input, Output>) {
    this.model = model;
    this.subhistory = subhistory;
    this.states = new States(model, subhistory.classes);
    this.here = new Configuration(subhistory, this.states);
    this.visited = new Visited(this.here.mask.length, subhistory.returning.length + 1);
    this.triedIn = new Int32Array(subhistory.classes.length);
    this.arrive(NONE, NONE);
  }

  /** Goes on until the search has ended or this many more configurations are explored. */
  run(steps: number): void {
    const { stack, here, visited } = this;
    const end = this.steps + steps;
    while (this.verdict === "unknown" && this.steps < end) {
      if (stack.length === 0) {
        this.verdict = "illegal";
        return;
      }
      const operation = stack.pop()!;
      const from = stack.pop()!;
      here.at = visited.returnOf(from);
      here.state = visited.stateOf(from);
      visited.readMask(from, here.mask);
      here.take(operation);
      this.arrive(from, operation);
    }
  }

  private arrive(from: number, operation: number): void {
    const { here, visited } = this;
    here.settle(null);
    const configuration = visited.add(here.at, here.state, here.mask, from, operation);
    if (configuration === NONE) return;
    this.steps++;
    if (here.isFinal()) {
      this.goal = configuration;
      this.verdict = "ok";
    } else if (!this.doomed()) this.expand(configuration);
  }

  /** Pushes what can be linearized next: the operation whose return is due is tried first, the pending ones last. */
  private expand(configuration: number): void {
    const { here, stack } = this;
    const { flight, flightStart, pending, pendingBefore, classOf } = this.subhistory;
    this.expansions++;
    const bottom = stack.length;
    for (let i = flightStart[here.at]!; i < flightStart[here.at + 1]!; i++) {
      const operation = flight[i]!;
      if (here.has(operation) || this.tried(classOf[operation]!) || !here.allows(operation)) continue;
      stack.push(operation, configuration);
    }
    for (let i = 0; i < pendingBefore[here.at]!; i++) {
      const operation = pending[i]!;
      if (here.has(operation) || this.tried(classOf[operation]!)) continue;
      const after = this.states.step(here.state, classOf[operation]!);
      if (after === IMPOSSIBLE || after === here.state || !this.matters(after)) continue;
      stack.push(operation, configuration);
    }
    // Reversed as a whole, so that the first pushed is the first popped, and each pair the right way round.
    for (let low = bottom, high = stack.length - 1; low < high; low++, high--) {
      const held = stack[low]!;
      stack[low] = stack[high]!;
      stack[high] = held;
    }
  }

  /** Marks a class as tried in this expansion; true if it was already. */
  private tried(classId: number): boolean {
    if (this.triedIn[classId] === this.expansions) return true;
    this.triedIn[classId] = this.expansions;
    return false;
  }

  /**
   * Whether some in-flight operation can tell that the state became `after`. If none can, then whatever comes right
   * after the never-returning operation ends in the same state without it, and a completion with one fewer exists.
   */
  private matters(after: number): boolean {
    const { here, states } = this;
    const { flight, flightStart, pending, pendingBefore, classOf } = this.subhistory;
    for (let i = flightStart[here.at]!; i < flightStart[here.at + 1]!; i++) {
      const next = flight[i]!;
      if (here.has(next)) continue;
      const end = states.step(after, classOf[next]!);
      if (end !== IMPOSSIBLE && end !== states.step(here.state, classOf[next]!)) return true;
    }
    for (let i = 0; i < pendingBefore[here.at]!; i++) {
      const next = pending[i]!;
      if (here.has(next)) continue;
      const end = states.step(after, classOf[next]!);
      if (end !== IMPOSSIBLE && end !== states.step(here.state, classOf[next]!)) return true;
    }
    return false;
  }

  /**
   * Whether one of the next reads can never get its answer: not from this state, and every operation that could
   * revive it is linearized already or comes too late. Needs the model's traits.
   */
  private doomed(): boolean {
    const traits = this.model.traits;
    if (traits === undefined) return false;
    const { returning, nextRead, classes, classOf } = this.subhistory;
    const state = this.states.value(this.here.state);
    let read = nextRead[this.here.at]!;
    for (let asked = 0; asked < READS_AHEAD && read < returning.length; read = nextRead[read + 1]!) {
      const operation = returning[read]!;
      if (this.isFlying(operation) && this.here.has(operation)) continue;
      asked++;
      const { input, output } = classes[classOf[operation]!]!;
      if (!traits.viable(state, input, output as Output) && !this.revivable(read)) return true;
    }
    return false;
  }

  /** Whether an operation that is not linearized yet, and was called before this return, revives its read. */
  private revivable(read: number): boolean {
    const { at } = this.here;
    const { returning, calledBefore, flight, flightStart, pending, pendingBefore } = this.subhistory;
    for (let i = flightStart[at]!; i < flightStart[at + 1]!; i++) {
      if (!this.here.has(flight[i]!) && this.revives(flight[i]!, returning[read]!)) return true;
    }
    for (let i = 0; i < pendingBefore[at]!; i++) {
      if (!this.here.has(pending[i]!) && this.revives(pending[i]!, returning[read]!)) return true;
    }
    const first = calledBefore[at]!;
    const last = calledBefore[read]!;
    if (last - first > CALLS_AHEAD) return true;
    for (let later = first; later < last; later++) {
      if (this.revives(later, returning[read]!)) return true;
    }
    return false;
  }

  private revives(writer: number, read: number): boolean {
    const { classes, classOf } = this.subhistory;
    const { input, output } = classes[classOf[read]!]!;
    return this.model.traits!.revives(classes[classOf[writer]!]!.input, input, output as Output);
  }

  private isFlying(operation: number): boolean {
    return operation < this.subhistory.calledBefore[this.here.at]!;
  }
}
