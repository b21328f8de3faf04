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
 * What is not tried, and why nothing is lost. Suppose the search ended without success although the first
 * configuration can be completed. Of all configurations that were expanded and can be completed, take one with the
 * shortest completion. Every rule below shows that some completion, at most as long, starts with an operation that
 * was tried. That led to a configuration with a shorter completion, which was expanded, or has been dominated by
 * one that was and whose completion is as short: a contradiction. (A return counts a little too, so that passing one
 * also shortens.) So the rules cannot delegate to each other in a circle.
 * - Reads first: see `Configuration.settle`.
 * - Of several in-flight operations of one class only the first to return (never-returning ones last). If a
 *   completion takes a later one now and the earlier one afterwards, they can swap places: both are in flight, and
 *   what is in time for the earlier return is in time for the later one. An absorbed one does not stand for one
 *   that is not: the other one may have been called too late to be linearized where it was absorbed.
 * - A never-returning operation only if something in flight may tell that it took effect: see `isNeeded`.
 * - Updates and overwrites before they are due only if somebody may see the result: see `pays`.
 * - Nothing after a configuration from which an observer can never get its answer: see `isDoomed`.
 */
import { Configuration } from "./configuration.ts";
import { isBlank, isDoomed, isHopeless, isSeenNow } from "./lookahead.ts";
import type { Model } from "./model.ts";
import { BLANK, IMPOSSIBLE, States } from "./states.ts";
import type { Subhistory } from "./subhistory.ts";
import type { Verdict } from "./verdict.ts";
import { NONE, Visited } from "./visited.ts";

/** In the place of an operation: that the absorbed one that is due counts as linearized. */
const SKIP = -2;

/** Configurations after which attempts do not get much longer, mostly. */
const ENOUGH_ATTEMPTS = 1_000;

export class Search<State, Input, Output> {
  /** "unknown" until the search has ended. */
  verdict: Verdict = "unknown";
  /** Configurations explored. */
  steps = 0;
  /** The configuration in which everything is linearized, or NONE. */
  goal = NONE;
  readonly model: Model<State, Input, Output>;
  readonly subhistory: Subhistory<Input, Output>;
  readonly states: States<State, Input, Output>;
  readonly visited: Visited;
  private readonly here: Configuration<State, Input, Output>;
  /** Pairs to try, the last first: a configuration and an operation that is possible there. */
  private readonly stack: number[] = [];
  /** By class: the expansion that last tried it, and the one that last tried an absorbed operation of it. */
  private readonly triedIn: Int32Array;
  private readonly triedAbsorbedIn: Int32Array;
  private expansions = 0;
  /** No order can explain the history; the search only goes on for a while, for the sake of its attempts. */
  private readonly hopeless: boolean;

  constructor(model: Model<State, Input, Output>, subhistory: Subhistory<Input, Output>) {
    this.model = model;
    this.subhistory = subhistory;
    this.states = new States(model, subhistory.classes);
    this.here = new Configuration(model, subhistory, this.states);
    this.visited = new Visited(subhistory, this.here.mask.length);
    this.triedIn = new Int32Array(subhistory.classes.length);
    this.triedAbsorbedIn = new Int32Array(subhistory.classes.length);
    this.hopeless = isHopeless(this.here);
    this.arrive(NONE, NONE);
  }

  /** Goes on until the search has ended or this many more configurations are explored. */
  run(steps: number): void {
    const { stack, here, visited } = this;
    const end = this.steps + steps;
    while (this.verdict === "unknown" && this.steps < end) {
      if (stack.length === 0 || (this.hopeless && this.steps >= ENOUGH_ATTEMPTS)) {
        this.verdict = "illegal";
        return;
      }
      const operation = stack.pop()!;
      const from = stack.pop()!;
      visited.load(from, here);
      decide(here, operation);
      this.arrive(from, operation);
    }
  }

  private arrive(from: number, operation: number): void {
    const { here, visited } = this;
    here.settle();
    const configuration = visited.add(here, from, operation);
    if (configuration === NONE) return;
    this.steps++;
    if (here.isFinal()) {
      this.goal = configuration;
      this.verdict = "ok";
    } else if (!isDoomed(here)) this.expand(configuration);
  }

  /** Pushes what can be linearized next: the operation whose return is due is tried first, the pending ones last. */
  private expand(configuration: number): void {
    const { here, stack } = this;
    const { flight, flightStart, pending, pendingBefore } = this.subhistory;
    this.expansions++;
    const bottom = stack.length;
    const due = here.due();
    if (here.isAbsorbed(due)) {
      stack.push(SKIP, configuration);
      here.unabsorb(due);
    }
    for (let i = flightStart[here.at]!; i < flightStart[here.at + 1]!; i++) {
      const operation = flight[i]!;
      if (here.has(operation) || this.isTried(operation)) continue;
      const after = here.after(operation);
      if (after !== IMPOSSIBLE && (operation === due || this.pays(operation, after))) {
        stack.push(operation, configuration);
      }
    }
    for (let i = 0; i < pendingBefore[here.at]!; i++) {
      const operation = pending[i]!;
      if (here.has(operation) || this.isTried(operation)) continue;
      const after = here.after(operation);
      if (after !== IMPOSSIBLE && this.isNeeded(operation, after)) stack.push(operation, configuration);
    }
    // Reversed as a whole, so that the first pushed is the first popped, and each pair the right way round.
    for (let low = bottom, high = stack.length - 1; low < high; low++, high--) {
      const held = stack[low]!;
      stack[low] = stack[high]!;
      stack[high] = held;
    }
  }

  /** Marks an operation's class as tried in this expansion; true if an operation that stands for this one was. */
  private isTried(operation: number): boolean {
    const classId = this.subhistory.classOf[operation]!;
    if (this.triedIn[classId] === this.expansions) return true;
    if (!this.here.isAbsorbed(operation)) {
      this.triedIn[classId] = this.expansions;
      return false;
    }
    if (this.triedAbsorbedIn[classId] === this.expansions) return true;
    this.triedAbsorbedIn[classId] = this.expansions;
    return false;
  }

  /**
   * Whether a never-returning operation may be worth taking. One that changes nothing is not; but an overwrite, even
   * with the value that is there already, changes something if operations are absorbed by it.
   */
  private isNeeded(operation: number, after: number): boolean {
    const { effect } = this.subhistory.classes[this.subhistory.classOf[operation]!]!;
    if (after === this.here.state && !(effect === "overwrites" && this.here.canAbsorb())) return false;
    return effect === "depends" ? this.matters(after) : this.pays(operation, after);
  }

  /**
   * Whether some in-flight operation can tell that the state became `after`. If none can, then whatever comes right
   * after the never-returning operation ends in the same state without it, and a shorter completion exists. That
   * holds for what absorbs nothing.
   */
  private matters(after: number): boolean {
    const { flight, flightStart, pending, pendingBefore } = this.subhistory;
    const at = this.here.at;
    for (let i = flightStart[at]!; i < flightStart[at + 1]!; i++) {
      if (this.tells(flight[i]!, after)) return true;
    }
    for (let i = 0; i < pendingBefore[at]!; i++) {
      if (this.tells(pending[i]!, after)) return true;
    }
    return false;
  }

  private tells(operation: number, after: number): boolean {
    if (this.here.has(operation)) return false;
    const end = this.states.step(after, this.subhistory.classOf[operation]!);
    return end !== IMPOSSIBLE && end !== this.here.after(operation);
  }

  /**
   * Whether an update or overwrite may be worth linearizing before it is due. Look at what a completion puts after
   * it, up to and including the first operation that is no update.
   * - An observer: then it sees the state `after`, or refuses.
   * - An overwrite, before the next return or at it: then this operation could as well be absorbed there (if it never
   *   returns: be left out), and the completion is shorter without it.
   * - None before the next return, which is an update's: then the order with that update in front is a completion
   *   too, and it is tried; unless an observer that comes later sees the state.
   */
  private pays(operation: number, after: number): boolean {
    const { here } = this;
    const { classes, classOf } = this.subhistory;
    if (classes[classOf[operation]!]!.observes) return true;
    if (after === BLANK) return false;
    if (isSeenNow(here, after)) return true;
    if (classes[classOf[here.due()]!]!.effect !== "updates") return false;
    return !isBlank(here, after, operation);
  }
}

/** Carries out a decision of the search. */
export function decide<State, Input, Output>(
  here: Configuration<State, Input, Output>,
  operation: number,
): void {
  if (operation === SKIP) {
    here.skip();
    return;
  }
  // To do anything else is to decide that what is due does not count as linearized yet.
  here.unabsorb(here.due());
  here.take(operation);
}
