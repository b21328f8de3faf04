/** Between two events: which nodes' async code may have gone on, so that the world waits for it and then asks them. */

import type { NodeId } from "../../src/base/index.ts";
import type { AnyMembers } from "../cluster/index.ts";
import type { Leg } from "../run/index.ts";
import type { Turn } from "./turn.ts";

export class Pulse {
  private touched = new Set<NodeId>();

  touch(id: NodeId): void {
    this.touched.add(id);
  }

  /** Runs a world, and after every event that some code was waiting for waits until that code waits again. */
  async run(world: AnyMembers["world"], { until, done }: Leg, turn: Turn): Promise<void> {
    for (;;) {
      while (this.touched.size > 0) {
        await turn();
        this.collect(world);
      }
      if (done()) return;
      if (world.step(until)) continue;
      world.run(until);
      return;
    }
  }

  /** Hands the world what was said meanwhile. */
  private collect(world: AnyMembers["world"]): void {
    const { touched } = this;
    this.touched = new Set();
    // A deadline that has not passed is a nudge: it makes a node say what it has to say.
    for (const id of touched) if (world.condition(id) === "up") world.deliver(id, { kind: "deadline" });
  }
}
