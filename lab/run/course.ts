/**
 * The course of a run, of whatever system: the world lives through the faults and, healed, until every client has its
 * answer. A generator, because the servers of some systems go on after an event has been handled: it pauses wherever
 * `advance` does, and for a system of actors that is nowhere.
 */

import { AssertionError, type Duration, type Instant, type NodeId } from "../../src/base/index.ts";
import type { Injector } from "./injector.ts";
import type { AnyMembers } from "./members.ts";
import type { Phases } from "./phases.ts";
import type { Violation } from "./report.ts";

/** Whoever judges while the world runs. */
export interface Oracles {
  /** Something is wrong: there is no need to go on. Asked after every event. */
  readonly wrong: boolean;
  /** Nobody waits for an answer. */
  readonly answered: boolean;
  /** What went wrong by now, an open operation after the healing included; null if nothing did. */
  violation(): Violation | null;
  /** The faults are over. Returns the servers that nevertheless stay cut off. */
  heal(): readonly NodeId[];
  /** Once the network is calm: how long the others may take until everybody has an answer. */
  boundWithout(rest: readonly NodeId[]): Duration;
}

export interface Attendants {
  readonly oracles: Oracles;
  readonly injector: Injector;
  readonly phases: Phases;
}

/** Runs a world up to an instant or until `done`, as `World.run` does, and may pause on the way. */
export type Advance = (until: Instant, done: () => boolean) => Generator<void, void>;

export type Course = Generator<void, Violation | null>;

/** Returns what went wrong. Faults strike for `duration`. */
export function* course(members: AnyMembers, duration: Duration, by: Attendants, advance: Advance): Course {
  const { oracles, injector, phases } = by;
  try {
    members.startAll();
    yield* advance(duration, () => oracles.wrong);
    phases.end("faults", !oracles.wrong);
    if (oracles.wrong) return oracles.violation();
    const rest = oracles.heal();
    injector.calmDown(rest);
    yield* advance(duration + oracles.boundWithout(rest), () => oracles.wrong || oracles.answered);
    const violation = oracles.violation();
    phases.end("healing", violation === null);
    return violation;
  } catch (error) {
    // The code under test found itself in a state that it holds to be impossible.
    if (!(error instanceof AssertionError)) throw error;
    phases.end(phases.ended.length === 0 ? "faults" : "healing", false);
    const at = members.world.now;
    return { kind: "invariant", name: "assertion", message: error.message, at, nodes: [] };
  }
}

/** For actors, which are done when an event has been handled. */
export function withoutPause(world: AnyMembers["world"]): Advance {
  // biome-ignore lint/correctness/useYield: it never pauses
  return function* (until, done) {
    world.run(until, done);
  };
}

/** The end of a course that never pauses. */
export function finished(course: Course): Violation | null {
  for (;;) {
    const { done, value } = course.next();
    if (done === true) return value;
  }
}
