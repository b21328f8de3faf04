/**
 * Scripts, and the time that passes in them. The main script blocks: whatever it waits for, it runs the world until
 * then. Scripts beside it are generators, which yield what they wait for, and the world resumes them: Go's `go`.
 */

import { assert, type Duration, type Instant, SECOND } from "../../src/base/index.ts";
import type { Invariants } from "../oracles/index.ts";
import { fail } from "./suite.ts";

/** Something that will be there some time. */
export interface Awaitable {
  /** Calls back when it is there; at once if it is. */
  whenDone(waiter: () => void): void;
}

/** A script that runs beside others: it yields how long it wants to sleep, or what it waits for. */
export type Script<Result = void, Awaited extends Awaitable = never> = Generator<
  Duration | Awaited,
  Result,
  void
>;

/** A script under way. */
export interface Task {
  done: boolean;
}

/** What scripts need of a world. */
interface Clock {
  readonly now: Instant;
  run(until: Instant, stop: () => boolean): void;
  schedule(delay: Duration, action: () => void): void;
}

/** A world in the hands of scripts. */
export abstract class Scripted {
  abstract readonly world: Clock;
  /** Whatever the scripts do, these must hold. */
  protected abstract readonly invariants: Invariants;
  /** How long the main script waits for the others. */
  protected abstract readonly patience: Duration;
  private concurrent = false;

  /** Lets the world run. */
  sleep(duration: Duration): void {
    this.runUntil(this.world.now + duration, () => false);
  }

  /** Lets the world run until this is so, or until then. An invariant that breaks meanwhile ends the suite. */
  protected runUntil(until: Instant, done: () => boolean): void {
    assert(!this.concurrent, "a script that runs beside others yields what it waits for, it does not block");
    const { world, invariants } = this;
    world.run(until, () => invariants.broken !== null || done());
    const { broken } = invariants;
    if (broken !== null) fail(`${broken.name} at ${(broken.at / SECOND).toFixed(6)} s: ${broken.message}`);
  }

  /** Runs a script to its end, as the main script. */
  play<Result>(script: Script<Result>): Result {
    for (;;) {
      const { done, value } = script.next();
      if (done) return value;
      this.sleep(value);
    }
  }

  /** Runs a script beside the main script, which must `join` it. */
  spawn(script: Script<void, Awaitable>): Task {
    const task = { done: false };
    const later = (pause: Duration) => this.world.schedule(pause, resume);
    const resume = () => {
      this.concurrent = true;
      const next = script.next();
      this.concurrent = false;
      if (next.done) task.done = true;
      else if (typeof next.value === "number") later(next.value);
      // Not at once: the world is in the middle of the step that brought it.
      else next.value.whenDone(() => later(0));
    };
    later(0);
    return task;
  }

  /** Waits until all of these have ended. */
  join(tasks: readonly Task[]): void {
    const ended = () => tasks.every((task) => task.done);
    this.runUntil(this.world.now + this.patience, ended);
    if (!ended()) fail(`scripts have not ended after ${this.patience / SECOND} s${this.whyWaiting()}`);
  }

  /** What is known of why scripts still run, to be added to the complaint. */
  protected whyWaiting(): string {
    return "";
  }
}
