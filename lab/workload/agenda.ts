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
  /** No operation begins at or after this instant, but for the first answer. */
  readonly stopAt: Instant;
}

/**
 * Thinks for a while, and then asks for what its generator has drawn. Who has had no answer by the end asks on until it
 * has one: if all had given up in time, nobody would notice that the cluster never served anybody.
 */
export class DrawnAgenda<Operation, Result> implements Agenda<Operation, Result> {
  private readonly habits: Habits<Operation, Result>;
  private hadAnswer = false;

  constructor(habits: Habits<Operation, Result>) {
    this.habits = habits;
  }

  after(now: Instant): Instant | null {
    const at = now + this.habits.think(now);
    return this.isOver(at) ? null : at;
  }

  begin(now: Instant): Errand<Operation> | null {
    const { generator, roams } = this.habits;
    // Who was paused meanwhile may wake after the end.
    if (this.isOver(now)) return null;
    const operation = generator.next();
    return operation === null ? null : { operation, roam: roams(operation) };
  }

  learn(operation: Operation, result: Result): void {
    this.hadAnswer = true;
    this.habits.generator.learn(operation, result);
  }

  private isOver(at: Instant): boolean {
    return this.hadAnswer && at >= this.habits.stopAt;
  }
}
