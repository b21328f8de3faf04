/** Faults that lie in wait: for the first answer that a client gets, or for the next leader that takes office. */

import type { NodeId } from "../../src/base/index.ts";
import type { AnyMembers } from "../cluster/index.ts";
import type { TimedFault } from "../faults/index.ts";

export class Occasions {
  private readonly cluster: AnyMembers;
  private readonly strike: (fault: TimedFault) => void;
  /** Those that wait for an answer. */
  private readonly ambushes = new Set<TimedFault>();
  /** Those that wait for another leader, and who led when they began to. */
  private readonly vigils = new Map<TimedFault, NodeId | null>();

  /** `strike` is called with the fault at the instant of its occasion; what waits in vain never strikes. */
  constructor(cluster: AnyMembers, faults: readonly TimedFault[], strike: (fault: TimedFault) => void) {
    this.cluster = cluster;
    this.strike = strike;
    const { world } = cluster;
    for (const timed of faults) {
      if (timed.on === "answer") world.at(timed.at, () => void this.ambushes.add(timed));
      else if (timed.on === "election")
        world.at(timed.at, () => void this.vigils.set(timed, cluster.leader()));
    }
    // Nobody listens in vain: both are called very often.
    if (faults.some(({ on }) => on === "answer")) {
      world.observe({ sent: (from, to, payload) => this.sent(from, to, payload) });
    }
    if (faults.some(({ on }) => on === "election")) world.observe({ stepped: () => this.stepped() });
  }

  /** An answer is on its way: whoever waited for it strikes when the step that gave it is over. */
  private sent(from: NodeId, to: NodeId, payload: unknown): void {
    if (this.ambushes.size === 0 || !this.cluster.isAnswer(from, to, payload)) return;
    for (const ambush of this.ambushes) this.come(ambush);
    this.ambushes.clear();
  }

  /** Somebody may have taken office: whoever waited for it strikes before anything else happens. */
  private stepped(): void {
    if (this.vigils.size === 0) return;
    const leader = this.cluster.leader();
    if (leader === null) return;
    for (const [vigil, before] of this.vigils) {
      if (leader === before) continue;
      this.vigils.delete(vigil);
      this.come(vigil);
    }
  }

  private come(timed: TimedFault): void {
    const { world } = this.cluster;
    if (timed.until > world.now) world.schedule(0, () => this.strike({ ...timed, at: world.now }));
  }
}
