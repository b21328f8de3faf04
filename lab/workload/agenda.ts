/** What a caller does next, and when: drawn as it goes along, or told beforehand. */

import type { Duration, Instant } from "../../src/base/index.ts";
import type { Generator } from "./commands.ts";

export interface Errand<Operation> {
  readonly operation: Operation;
  /** Ask any server first, not the one that answered last. */
  readonly roam: boolean;
}

export interface Agenda<Operation, Result> {
  /** When the next errand begins, for a caller that has nothing to do from `now` on; null if there is none. */
  after(now: Instant): Instant | null;
  /** That errand, when its time has come; null if there is none after all. */
  begin(now: Instant): Errand<Operation> | null;
  /** The answer to the latest operation. */
  learn(operation: Operation, result: Result): void;
}

export interface Habits<Operation, Result> {
  readonly generator: Generator<Operation, Result>;
  /** How long it pauses from now on, until its next operation. */
  readonly think: (now: Instant) => Duration;
  /** Whether to ask any server first, this time. */
  readonly roams: (operation: Operation) => boolean;
  /** No operation begins at or after this instant. */
  readonly stopAt: Instant;
}

/** Thinks for a while, and then asks for what its generator has drawn. */
export class DrawnAgenda<Operation, Result> implements Agenda<Operation, Result> {
  private readonly habits: Habits<Operation, Result>;

  constructor(habits: Habits<Operation, Result>) {
    this.habits = habits;
  }

  after(now: Instant): Instant | null {
    const { think, stopAt } = this.habits;
    const at = now + think(now);
    return at < stopAt ? at : null;
  }

  begin(now: Instant): Errand<Operation> | null {
    const { generator, roams, stopAt } = this.habits;
    // Who was paused meanwhile may wake after the end.
    if (now >= stopAt) return null;
    const operation = generator.next();
    return operation === null ? null : { operation, roam: roams(operation) };
  }

  learn(operation: Operation, result: Result): void {
    this.habits.generator.learn(operation, result);
  }
}
