/** What a client does next, and when: drawn as it goes along, or told beforehand. */

import type { Duration, Instant, Random } from "../../src/base/index.ts";
import type { Operation, Result } from "../../src/kv/index.ts";
import type { Generator } from "./commands.ts";

export interface Errand {
  readonly operation: Operation;
  /** Ask any server first, not the one that answered last. */
  readonly roam: boolean;
}

export interface Agenda {
  /** When the next errand begins, for a client that has nothing to do from `now` on; null if there is none. */
  after(now: Instant): Instant | null;
  /** That errand, when its time has come; null if there is none after all. */
  begin(now: Instant): Errand | null;
  /** The answer to the latest operation. */
  learn(operation: Operation, result: Result): void;
}

export interface Habits {
  readonly generator: Generator;
  /** For think times and roaming. */
  readonly random: Random;
  readonly thinkTime: Duration;
  readonly roaming: number;
  /** No operation begins at or after this instant. */
  readonly stopAt: Instant;
}

/** Thinks for a while, and then asks for what its generator has drawn. */
export class DrawnAgenda implements Agenda {
  private readonly habits: Habits;

  constructor(habits: Habits) {
    this.habits = habits;
  }

  after(now: Instant): Instant | null {
    const { random, thinkTime, stopAt } = this.habits;
    const at = now + random.below(2 * thinkTime + 1);
    return at < stopAt ? at : null;
  }

  begin(now: Instant): Errand | null {
    const { generator, random, roaming, stopAt } = this.habits;
    // Who was paused meanwhile may wake after the end.
    if (now >= stopAt) return null;
    const operation = generator.next();
    if (operation === null) return null;
    return { operation, roam: operation.kind === "get" && random.chance(roaming) };
  }

  learn(operation: Operation, result: Result): void {
    this.habits.generator.learn(operation, result);
  }
}
