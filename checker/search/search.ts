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
 * - Only what has to do with what is due, if the model has footprints: see `Vicinity`.
 * - Nothing after a configuration from which an observer can never get its answer: see `isDoomed`.
 */
import type { Calls } from "../intake/calls.ts";
import { grown, type Pooled } from "../intake/pool.ts";
import { ALL_OPTIMISATIONS, type Optimisations, patient } from "../optimisations.ts";
import type { Verdict } from "../verdict.ts";
import { Configuration } from "./configuration.ts";
import { BLANK, DEPENDS, IMPOSSIBLE, type Lens, OBSERVES, OVERWRITES, UPDATES } from "./lens.ts";
import { isBlank, isDoomed, isHopeless, isSeenNow } from "./lookahead.ts";
import { ModelLens } from "./states.ts";
import { Subhistory } from "./subhistory.ts";
import { Vicinity } from "./vicinity.ts";
import { NONE, Visited } from "./visited.ts";

/** In the place of an operation: that the absorbed one that is due counts as linearized. */
const SKIP = -2;

/** Configurations after which attempts do not get much longer, mostly. */
const ENOUGH_ATTEMPTS = 1_000;

/**
 * Configurations after which the whole history is laid out, and everything is switched on. That may come late: what is
 * not replaced or absorbed is only explored in more detail, and the rules ask about single configurations and what
 * follows them, never about how one was reached.
 */
const PATIENCE = 128;

/** Within a budget of steps this leaves room for all expansions of a search. */
const MOST_EXPANSIONS = 1 << 30;

/** Until the first `load`. */
const NO_LENS: Lens = new ModelLens();

export class Search implements Pooled {
  /** "unknown" until the search has ended. */
  verdict: Verdict = "unknown";
  /** Configurations explored. */
  steps = 0;
  /** The configuration in which everything is linearized, or NONE. */
  goal = NONE;
  /** The furthest return that was waited for. */
  furthest = 0;
  readonly subhistory = new Subhistory();
  readonly visited = new Visited(this.subhistory);
  readonly here = new Configuration(this.subhistory, NO_LENS, ALL_OPTIMISATIONS);
  private lens: Lens = NO_LENS;
  private optimisations = ALL_OPTIMISATIONS;
  /** All that are asked for; those in use may be fewer at first: for configurations with smaller numbers. */
  private wanted = ALL_OPTIMISATIONS;
  private patientUntil = 0;
  /** Pairs to try, the last first: a configuration and an operation that is possible there. */
  private stack: Int32Array = new Int32Array(64);
  private height = 0;
  /**
   * By class: the expansion that last tried it, and the one that last tried an absorbed operation of it. Expansions are
   * counted on from search to search, so that these need not be emptied.
   */
  private triedIn: Int32Array = new Int32Array(64);
  private triedAbsorbedIn: Int32Array = new Int32Array(64);
  private readonly vicinity = new Vicinity();
  private expansions = 0;
  /** What `here` is right now, but for the question whether what is due was absorbed; or NONE. */
  private current = NONE;
  /** No order can explain the history; the search only goes on for a while, for the sake of its attempts. */
  private hopeless = false;

  get words(): number {
    return this.subhistory.words + this.visited.words + this.stack.length;
  }

  /** Starts over, with another object's operations. */
  load(calls: Calls<unknown, unknown>, lens: Lens, optimisations: Optimisations): void {
    this.verdict = "unknown";
    this.steps = 0;
    this.goal = NONE;
    this.furthest = 0;
    this.height = 0;
    this.lens = lens;
    this.wanted = optimisations;
    this.patientUntil = MOST_EXPANSIONS;
    this.use(patient(optimisations));
    this.subhistory.load(calls, lens, !optimisations.layout);
    this.here.lens = lens;
    this.here.reset();
    this.visited.reset(this.here.width, !optimisations.dominance);
    if (this.expansions > MOST_EXPANSIONS) {
      this.expansions = 0;
      this.triedIn.fill(0);
      this.triedAbsorbedIn.fill(0);
    }
    this.hopeless = false;
    if (this.subhistory.isWhole) this.look(this.here);
    this.arrive(NONE, NONE);
  }

  /**
   * Goes on until the search has ended, this many more configurations are explored, or they take this many words.
   * Whoever wants attempts (`curious`) gets some even where the verdict is clear from the start.
   */
  run(steps: number, words: number, curious: boolean): void {
    const { here, visited } = this;
    const end = this.steps + steps;
    while (this.verdict === "unknown" && this.steps < end && visited.used < words) {
      if (this.steps === PATIENCE) this.losePatience();
      if (this.height === 0 || (this.hopeless && (!curious || this.steps >= ENOUGH_ATTEMPTS))) {
        this.verdict = "illegal";
        return;
      }
      const operation = this.stack[--this.height]!;
      const from = this.stack[--this.height]!;
      if (from !== this.current) visited.load(from, here);
      decide(here, operation);
      this.arrive(from, operation);
    }
  }

  /** What was in use when the configuration was reached. */
  optimisationsAt(configuration: number): Optimisations {
    return configuration < this.patientUntil ? patient(this.wanted) : this.wanted;
  }

  private use(optimisations: Optimisations): void {
    this.optimisations = optimisations;
    this.here.optimisations = optimisations;
  }

  /** A search that takes longer had better know what comes. */
  private losePatience(): void {
    if (this.patientUntil > this.visited.count) {
      this.patientUntil = this.visited.count;
      this.use(this.wanted);
    }
    if (this.subhistory.isWhole) return;
    this.subhistory.reachEnd();
    const start = new Configuration(this.subhistory, this.lens, this.optimisations);
    start.reset();
    this.look(start);
  }

  private look(start: Configuration): void {
    this.hopeless = this.optimisations.lookahead && isHopeless(start);
  }

  private arrive(from: number, operation: number): void {
    const { here, visited } = this;
    here.settle();
    const configuration = visited.add(here, from, operation);
    this.current = configuration;
    if (configuration === NONE) return;
    this.steps++;
    if (here.at > this.furthest) this.furthest = here.at;
    if (here.isFinal()) {
      this.goal = configuration;
      this.verdict = "ok";
    } else if (!this.optimisations.lookahead || !isDoomed(here)) this.expand(configuration);
  }

  /** Pushes what can be linearized next: the operation whose return is due is tried first, the pending ones last. */
  private expand(configuration: number): void {
    const { here } = this;
    const { flight, flightStart, pending, pendingBefore } = this.subhistory;
    this.expansions++;
    if (this.lens.classes > this.triedIn.length) {
      this.triedIn = grown(this.triedIn, this.lens.classes);
      this.triedAbsorbedIn = grown(this.triedAbsorbedIn, this.lens.classes);
    }
    const bottom = this.height;
    const most = 2 * (flightStart[here.at + 1]! - flightStart[here.at]! + pendingBefore[here.at]! + 1);
    this.stack = grown(this.stack, bottom + most);
    const due = here.due();
    const { absorption, footprints } = this.optimisations;
    const vicinity = this.lens.hasParts && footprints ? this.vicinity : null;
    vicinity?.find(here);
    if (here.isAbsorbed(due)) {
      this.push(configuration, SKIP);
      here.unabsorb(due);
    }
    for (let i = flightStart[here.at]!; i < flightStart[here.at + 1]!; i++) {
      const operation = flight[i]!;
      if (here.has(operation) || vicinity?.has(operation) === false || this.isTried(operation)) continue;
      const after = here.after(operation);
      if (after !== IMPOSSIBLE && (operation === due || !absorption || this.pays(operation, after))) {
        this.push(configuration, operation);
      }
    }
    if (this.subhistory.isExact) this.expandPendingExactly(configuration, vicinity);
    else {
      for (let i = 0; i < pendingBefore[here.at]!; i++) {
        this.considerPending(configuration, pending[i]!, vicinity);
      }
    }
    this.reverse(bottom);
  }

  /** Those that may change the state: where wants are exact, the others need not be looked at. */
  private expandPendingExactly(configuration: number, vicinity: Vicinity | null): void {
    const { demand, calledBefore } = this.subhistory;
    const { firstWanting, nextWanting, nextOverwriting } = demand;
    const called = calledBefore[this.here.at]!;
    for (let one = demand.firstOverwriting; one < called; one = nextOverwriting[one]!) {
      this.considerPending(configuration, one, vicinity);
    }
    for (let one = firstWanting[this.here.state]!; one < called; one = nextWanting[one]!) {
      this.considerPending(configuration, one, vicinity);
    }
  }

  private considerPending(configuration: number, operation: number, vicinity: Vicinity | null): void {
    const { here } = this;
    if (here.has(operation) || vicinity?.has(operation) === false || this.isTried(operation)) return;
    const after = here.after(operation);
    if (after !== IMPOSSIBLE && this.isNeeded(operation, after)) this.push(configuration, operation);
  }

  private push(configuration: number, operation: number): void {
    this.stack[this.height++] = configuration;
    this.stack[this.height++] = operation;
  }

  /** So that the first pushed is the first popped. */
  private reverse(bottom: number): void {
    const { stack } = this;
    for (let low = bottom + 1, high = this.height - 1; low < high; low += 2, high -= 2) {
      const held = stack[low]!;
      stack[low] = stack[high]!;
      stack[high] = held;
    }
  }

  /** Marks an operation's class as tried in this expansion; true if an operation that stands for this one was. */
  private isTried(operation: number): boolean {
    if (!this.optimisations.symmetry) return false;
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
    const flags = this.subhistory.flagsOf[operation]!;
    const absorbs = (flags & OVERWRITES) !== 0 && this.here.canAbsorb();
    if (after === this.here.state && !absorbs) return false;
    if (!this.optimisations.usefulness) return true;
    return (flags & DEPENDS) !== 0 ? this.matters(after) : this.pays(operation, after);
  }

  /**
   * Whether some in-flight operation can tell that the state became `after`. If none can, then whatever comes right
   * after the never-returning operation ends in the same state without it, and a shorter completion exists. That
   * holds for what absorbs nothing. Another never-returning operation that comes right after it changes the state, or
   * the completion would be shorter without that one.
   */
  private matters(after: number): boolean {
    const { here } = this;
    const { flight, flightStart, pending, pendingBefore, calledBefore, isExact, demand } = this.subhistory;
    for (let i = flightStart[here.at]!; i < flightStart[here.at + 1]!; i++) {
      if (this.tells(flight[i]!, after, IMPOSSIBLE)) return true;
    }
    if (isExact) {
      const called = calledBefore[here.at]!;
      const { firstWanting, nextWanting } = demand;
      for (let one = firstWanting[after]!; one < called; one = nextWanting[one]!) {
        if (this.tells(one, after, after)) return true;
      }
      return false;
    }
    for (let i = 0; i < pendingBefore[here.at]!; i++) {
      if (this.tells(pending[i]!, after, after)) return true;
    }
    return false;
  }

  /** Whether it is possible after the state `after`, but ends neither in `except` nor where it would end here. */
  private tells(operation: number, after: number, except: number): boolean {
    if (this.here.has(operation)) return false;
    const end = this.lens.step(after, this.subhistory.classOf[operation]!);
    return end !== IMPOSSIBLE && end !== except && end !== this.here.after(operation);
  }

  /**
   * Whether an update or overwrite may be worth linearizing before it is due. Look at what a completion puts after
   * it, up to and including the first operation that is no update.
   * - An observer: then it sees the state `after`, or refuses.
   * - An overwrite, before the next return or at it: then this operation could as well be left out, if it never
   *   returns, or else be absorbed there, and the completion is shorter without it. So what returns is asked about
   *   only where there is absorption.
   * - None before the next return, which is an update's: then the order with that update in front is a completion
   *   too, and it is tried; unless an observer that comes later sees the state.
   */
  private pays(operation: number, after: number): boolean {
    const { here } = this;
    const { flagsOf } = this.subhistory;
    if (!this.optimisations.usefulness || (flagsOf[operation]! & OBSERVES) !== 0) return true;
    if (after === BLANK) return false;
    if (isSeenNow(here, after)) return true;
    if ((flagsOf[here.due()]! & UPDATES) === 0) return false;
    return !isBlank(here, after, operation);
  }
}

/** Carries out a decision of the search. */
export function decide(here: Configuration, operation: number): void {
  if (operation === SKIP) {
    here.skip();
    return;
  }
  // To do anything else is to decide that what is due does not count as linearized yet.
  here.unabsorb(here.due());
  here.take(operation);
}
