/**
 * Liveness oracles: that something good happens in time. Safety holds in a cluster that has stopped, so it says
 * nothing about a server that waits for ever, or about two that talk without end.
 */

import { type Duration, type Instant, type NodeId, type Random, SECOND } from "../../src/base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import type { Recorder } from "../workload/index.ts";
import { Availability } from "./availability.ts";
import type { Violation } from "./violation.ts";
import { spared } from "./working.ts";

/**
 * After the healing every open operation must be answered within this, and the time that the core takes to have one
 * log. A core on a reliable network needs an election or two of at most half a second each, and a clerk may have to wait
 * out an attempt and a pause on top. The bound is several times that sum; the chance that split votes alone use it up
 * was not calculated.
 */
export const LIVENESS_BOUND: Duration = 6 * SECOND;

/**
 * Without PreVote, a server that counts by an old configuration raises its term with every timeout and does not ask who
 * could win: that one learns of the term only when it has stood for election in it too late. It wins once it stands
 * first; seed 4035 took more than 14 rounds. So many more are granted that the chance is that of a broken cluster.
 */
const CONTENTION: Duration = 60 * SECOND;

/** Events that a node may cause in a second of virtual time, over the run; one without faults has about 250. */
const EVENT_BUDGET = 3000;

export class Liveness {
  /** To be told of every fault. */
  readonly availability: Availability;
  private readonly cluster: Cluster;
  private readonly recorder: Recorder;
  private bound = LIVENESS_BOUND;
  /** The event budget when it was last asked for. */
  private granted = 0;

  /** The healing begins after `duration`. */
  constructor(cluster: Cluster, recorder: Recorder, duration: Duration) {
    this.cluster = cluster;
    this.recorder = recorder;
    this.availability = new Availability(cluster, recorder, duration);
  }

  /** True if there is no need to wait for the end. */
  get broken(): boolean {
    return this.availability.missed || this.overBudget;
  }

  /** Every reply that triggers a message that triggers a reply ends here. */
  get overBudget(): boolean {
    const { world } = this.cluster;
    // The budget only grows, so what was within it once needs no second look.
    if (world.trace.count <= this.granted) return false;
    this.granted = this.budget(world.now);
    return world.trace.count > this.granted;
  }

  /** Nobody waits, everybody who still asks has had an answer, and no change of the membership is half done. */
  get answered(): boolean {
    if (this.recorder.outstanding > 0) return false;
    const { clientIds } = this.cluster;
    return (
      clientIds.every((id) => this.recorder.hadAnswer(id) === true || !this.cluster.isBusy(id)) &&
      this.isSettled()
    );
  }

  /** Who waits, or has given up whatever it asked for and tries on. */
  private unanswered(): readonly NodeId[] {
    const { recorder, cluster } = this;
    const isUnanswered = (id: NodeId) =>
      recorder.waitingSince(id) !== null || (recorder.hadAnswer(id) === false && cluster.isBusy(id));
    return cluster.clientIds.filter(isUnanswered);
  }

  /** Whoever leads is a member, and counts by one configuration that is committed. Who is still to join is no matter. */
  private isSettled(): boolean {
    if (this.cluster.fixedSize !== null) return true;
    const leader = this.cluster.leader();
    if (leader === null) return false;
    const { configuration, configurationIndex, commitIndex } = this.cluster.raft(leader)!;
    const { voters, outgoing } = configuration;
    return outgoing === null && configurationIndex <= commitIndex && voters.includes(leader);
  }

  /**
   * Heals only a core: a majority of the servers, and every client. The rest stays cut off, because a cluster that
   * needs all of its servers to make progress is not fault-tolerant. Returns the rest; empty in half of the runs.
   */
  healCore(random: Random): readonly NodeId[] {
    const { world, serverIds, clientIds } = this.cluster;
    const isDrawn = random.chance(500);
    // Who waits for its log to be repaired must not be needed for a majority.
    const isWhole = serverIds.every((id) => this.cluster.rotted(id).size === 0);
    const drawn = isDrawn && isWhole ? this.drawRest(random) : [];
    const rest = this.cluster.decider?.rest(drawn) ?? drawn;
    for (const id of rest) {
      for (const other of [...serverIds, ...clientIds]) {
        if (other === id) continue;
        world.network.cut(id, other);
        // Between two of the rest, the other's turn cuts the way back.
        if (!rest.includes(other)) world.network.cut(other, id);
      }
    }
    return rest;
  }

  /** A minority or, where the members may have changed, whoever can be spared. */
  private drawRest(random: Random): readonly NodeId[] {
    const { serverIds } = this.cluster;
    if (this.cluster.fixedSize === null) return spared(random, serverIds, (id) => this.cluster.raft(id));
    return random.shuffle(serverIds).slice(0, Math.floor((serverIds.length - 1) / 2));
  }

  /**
   * How long the healed core may take, without the rest. Small messages and slow disks make it long where servers were
   * far behind.
   */
  boundWithout(rest: readonly NodeId[]): Duration {
    const core = this.cluster.serverIds.filter((id) => !rest.includes(id));
    const strangers = this.cluster.fixedSize === null && !this.cluster.settings.features.preVote;
    this.bound = LIVENESS_BOUND + this.availability.catchUpOf(core) + (strangers ? CONTENTION : 0);
    return this.bound;
  }

  /** What went wrong by now; null if nothing did. */
  violation(): Violation | null {
    const at = this.cluster.world.now;
    if (this.overBudget) {
      const { count } = this.cluster.world.trace;
      const message = `${count} events by ${(at / SECOND).toFixed(3)} s, of at most ${this.budget(at)}`;
      return { kind: "liveness", name: "event budget", message, at, nodes: [] };
    }
    if (this.availability.violation !== null) return this.availability.violation;
    if (this.answered) return null;
    const clients = this.unanswered();
    const bound = `within ${(this.bound / SECOND).toFixed(3)} s of the healing`;
    if (clients.length === 0) {
      if (this.isSettled()) return null;
      const message = `a change of the membership was not finished ${bound}`;
      return { kind: "liveness", name: "change after healing", message, at, nodes: [] };
    }
    const message = `${clients.join(", ")} got no answer ${bound}`;
    return { kind: "liveness", name: "progress after healing", message, at, nodes: clients };
  }

  /** The first second is free, so that the start of a short run is not a storm. */
  private budget(at: Instant): number {
    const nodes = this.cluster.serverIds.length + this.cluster.clientIds.length;
    return Math.ceil(nodes * EVENT_BUDGET * (1 + at / SECOND));
  }
}
