/** What is left of a failure, counted. */

import type { Failure } from "../replay/index.ts";

export interface Remaining {
  readonly faults: number;
  /** Messages to which something happens, cut calls and what crashes leave on disks among them. */
  readonly messages: number;
  readonly commands: number;
  /** Election timeouts, and choices of clients. */
  readonly draws: number;
}

export function remainingOf({ schedule, decisions }: Failure): Remaining {
  const count = (...kinds: readonly string[]) => decisions.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    faults: schedule.faults.length,
    messages: count("message", "unanswered", "disk"),
    commands: count("command"),
    draws: count("draw"),
  };
}
