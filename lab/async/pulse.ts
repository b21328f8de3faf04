/** Between two events: which nodes' async code may have gone on, so that the world waits for it and then asks them. */

import type { NodeId } from "../../src/base/index.ts";
import type { Advance, AnyMembers } from "../run/index.ts";

export class Pulse {
  private touched = new Set<NodeId>();

  touch(id: NodeId): void {
    this.touched.add(id);
  }

  /** Runs a world, and pauses after every event that some code was waiting for, until that code waits again. */
  advance(world: AnyMembers["world"]): Advance {
    const pulse = this;
    return function* (until, done) {
      for (;;) {
        while (pulse.touched.size > 0) {
          yield;
          pulse.collect(world);
        }
        if (done()) return;
        if (world.step(until)) continue;
        world.run(until);
        return;
      }
    };
  }

  /** Hands the world what was said meanwhile. */
  private collect(world: AnyMembers["world"]): void {
    const { touched } = this;
    this.touched = new Set();
    // A deadline that has not passed is a nudge: it makes a node say what it has to say.
    for (const id of touched) if (world.condition(id) === "up") world.deliver(id, { kind: "deadline" });
  }
}
