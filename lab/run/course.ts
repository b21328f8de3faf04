/**
 * The course of a run, of whatever system: the world lives through the faults and, healed, until every client has its
 * answer. Whoever runs the world does so leg by leg, because the code of some systems goes on between two events and
 * must be waited for. (A generator that pauses there would do as well, but then every default run took 5 % longer.)
 */

import { AssertionError, type Duration, type Instant, type NodeId } from "../../src/base/index.ts";
import { Refusal } from "../../src/raft/index.ts";
import type { AnyMembers } from "../cluster/index.ts";
import type { Violation } from "../oracles/index.ts";
import type { Injector } from "./injector.ts";
import type { Phases } from "./phases.ts";

/** Whoever judges while the world runs. */
export interface Oracles {
  /** Something is wrong: there is no need to go on. Asked after every event, so it goes to the world as it is. */
  readonly wrong: () => boolean;
  /** Something is wrong, or nobody waits for an answer: asked after every event once all has healed. */
  readonly over: () => boolean;
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

/** Run the world until then, or until `done`, which is asked after each event. */
export interface Leg {
  readonly until: Instant;
  readonly done: () => boolean;
}

export class Course {
  private readonly members: AnyMembers;
  private readonly duration: Duration;
  private readonly by: Attendants;

  /** Faults strike for `duration`. */
  constructor(members: AnyMembers, duration: Duration, by: Attendants) {
    this.members = members;
    this.duration = duration;
    this.by = by;
  }

  /** The first leg. */
  faults(): Leg {
    this.members.startAll();
    return { until: this.duration, done: this.by.oracles.wrong };
  }

  /** The second one; null if something is wrong already. */
  healing(): Leg | null {
    const { oracles, injector, phases } = this.by;
    const isWrong = oracles.wrong();
    phases.end("faults", !isWrong);
    if (isWrong) return null;
    const rest = oracles.heal();
    injector.calmDown(rest);
    return { until: this.duration + oracles.boundWithout(rest), done: oracles.over };
  }

  /** What went wrong; null if nothing did. */
  end(): Violation | null {
    const violation = this.by.oracles.violation();
    this.endHealing(violation === null);
    return violation;
  }

  /** The code under test found itself in a state that it holds to be impossible. Throws every other error. */
  broken(error: unknown): Violation {
    if (!(error instanceof AssertionError)) throw error;
    if (this.by.phases.ended.length === 0) this.by.phases.end("faults", false);
    else this.endHealing(false);
    const at = this.members.world.now;
    const name = error instanceof Refusal ? "own disk" : "assertion";
    return { kind: "invariant", name, message: error.message, at, nodes: [] };
  }

  /** There is none after faults that did not pass. */
  private endHealing(passed: boolean): void {
    const { phases } = this.by;
    if (phases.ended[0]?.passed === true) phases.end("healing", passed);
  }
}

/** Runs a world of actors, which are done when an event has been handled. Returns what went wrong. */
export function follow(course: Course, world: AnyMembers["world"]): Violation | null {
  try {
    const faults = course.faults();
    world.run(faults.until, faults.done);
    const healing = course.healing();
    if (healing !== null) world.run(healing.until, healing.done);
    return course.end();
  } catch (error) {
    return course.broken(error);
  }
}
