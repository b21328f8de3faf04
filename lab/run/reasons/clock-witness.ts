/** Sees which clock went wrong when a lease outlived the promises that it rested on (thesis, section 6.4.1). */

import type { Duration, NodeId } from "../../../src/base/index.ts";
import { MILLION } from "../../../src/raft/index.ts";
import type { WrongClock } from "./deed.ts";
import { nowIn, type Scene } from "./scene.ts";

/** How far back one looks, in election timeouts: a lease lasts for less than one, and an election for as long. */
const WINDOWS = [1, 2, 4] as const;

/** The clock that is to blame for the lease of this leader; null if all kept within their bound. */
export function clockToBlame(scene: Scene, leader: NodeId): WrongClock | null {
  const { cluster } = scene;
  for (const timeouts of WINDOWS) {
    const window = Math.min(nowIn(scene), timeouts * cluster.settings.timing.electionTimeout);
    const wrong = cluster.serverIds
      .map((id) => wrongClock(scene, id, window, id === leader ? "slow" : "fast"))
      .filter((each) => each !== null)
      .sort((a, b) => Math.abs(b.counted - b.passed) - Math.abs(a.counted - a.passed));
    if (wrong[0] !== undefined) return wrong[0];
  }
  return null;
}

/** A leader's slow clock lets its lease last longer, and a fast one of who promised ends the promise earlier. */
function wrongClock(scene: Scene, id: NodeId, passed: Duration, how: "slow" | "fast"): WrongClock | null {
  const { world, driftBound } = scene.cluster;
  const now = nowIn(scene);
  const counted = world.clock(id) - world.clock(id, now - passed);
  // Each reading is rounded down.
  const off = how === "slow" ? passed - counted - 1 : counted - passed - 1;
  return off * MILLION > passed * driftBound ? { id, how, counted, passed } : null;
}
