/**
 * The availability bound: a majority that is connected gets something done, all the time and not only after the
 * healing. A leader that nobody can reach and that nobody replaces, a follower that never calls for an election and
 * a handover without end all come right when the network heals, so only this oracle sees them.
 *
 * What is demanded. *Connected* is a quorum of the servers, by the configuration of each of them: all up, every link between them open both ways,
 * and no other server that is up linked to one of them both ways. While that is so, a client is up, linked to all of
 * them both ways and waits, and the network and the servers' surroundings stay as they are, an operation is
 * acknowledged or an entry committed within the bound (see bound.ts). The clock begins again with progress, with a
 * client that begins to wait or to reach them all, and with a fault or a healing that changes: who is connected, or
 * lives since when; which links lead from the others to them or back; who hands over; who counts by which
 * configuration; what the network loses or delays.
 *
 * One-way links from the others are no excuse: PreVote and CheckQuorum are there so that a server that hears nobody
 * can neither depose a leader nor remain one. Where either is off, nothing is demanded while such a link is open from a
 * server that could do harm. One that leads an earlier term than all of the connected have cannot, nor can a follower
 * with PreVote.
 */

import { type Duration, type Instant, MILLISECOND, type NodeId, SECOND } from "../../src/base/index.ts";
import { defaultClerkTiming } from "../../src/kv/index.ts";
import type { Raft } from "../../src/raft/index.ts";
import { type Cluster, diskTimingOf, longerBy } from "../cluster/index.ts";
import type { Recorder } from "../workload/index.ts";
import { availabilityBound, type Circumstances, catchUp } from "./bound.ts";
import type { Violation } from "./violation.ts";
import { canWork } from "./working.ts";

/** How often progress is looked for: it is noticed late by at most this, which is added to the bound. */
const LOOK: Duration = 50 * MILLISECOND;

export class Availability {
  /** What was missed; null if nothing was. */
  violation: Violation | null = null;
  private readonly cluster: Cluster;
  private readonly fixedSize: number | null;
  private readonly recorder: Recorder;
  /** Nothing is demanded from then on. */
  private readonly until: Instant;
  /** Null before the first event; "" while nothing is demanded. */
  private situation: string | null = null;
  /** The connected servers. */
  private connected: readonly NodeId[] = [];
  /** Others from whom a link leads to one of the connected. */
  private heard: readonly NodeId[] = [];
  private bound: Duration = 0;
  /** The configurations of all that are up. */
  private counted = "";
  /** When the situation began, or the latest progress in it. */
  private since: Instant = 0;
  /** Clients that reach all of the connected, since when. */
  private readonly reaching = new Map<NodeId, Instant>();
  private acknowledged = 0;
  private committed = 0;
  private nextLook: Instant = 0;

  constructor(cluster: Cluster, recorder: Recorder, until: Instant) {
    this.cluster = cluster;
    this.fixedSize = cluster.fixedSize;
    this.recorder = recorder;
    this.until = until;
  }

  /** Ask after every event; mostly it is a comparison. */
  get missed(): boolean {
    const { now } = this.cluster.world;
    if (now >= this.nextLook && now < this.until) {
      this.nextLook = now + LOOK;
      if (this.situation === null) this.changed();
      if (this.situation !== "") this.look(now);
    }
    return this.violation !== null;
  }

  /** Call after every fault and every healing. */
  changed(): void {
    const { now } = this.cluster.world;
    const connected = this.connectedMajority();
    this.followClients(now, connected);
    this.counted = this.countedBy();
    const situation = connected.length === 0 ? "" : this.describe(connected);
    if (situation === this.situation) return;
    const bound = situation === "" ? null : this.boundFor(connected);
    this.situation = bound === null ? "" : situation;
    this.bound = bound ?? 0;
    this.connected = connected;
    this.since = now;
  }

  /** Call when somebody stops a message that the network would have delivered: the bound is for networks alone. */
  disturbed(): void {
    this.since = this.cluster.world.now;
  }

  /** How long these servers may take to have the same log, if nothing is added to it. */
  catchUpOf(servers: readonly NodeId[]): Duration {
    return catchUp(this.circumstancesOf(servers.filter((id) => this.cluster.raft(id) !== null)));
  }

  private look(now: Instant): void {
    if (this.isDisturbed(this.connected) || this.membersChanged()) {
      this.changed();
      return;
    }
    if (this.progresses()) this.since = now;
    for (const [client, reachesSince] of this.reaching) {
      const waitsSince = this.recorder.waitingSince(client);
      if (waitsSince === null) continue;
      if (now - Math.max(this.since, reachesSince, waitsSince) > this.bound + LOOK) this.fail(client);
    }
  }

  private progresses(): boolean {
    const { acknowledged } = this.recorder;
    const committed = Math.max(this.committed, ...this.live().map((id) => this.raft(id).commitIndex));
    if (acknowledged === this.acknowledged && committed === this.committed) return false;
    this.acknowledged = acknowledged;
    this.committed = committed;
    return true;
  }

  private fail(client: NodeId): void {
    const at = this.cluster.world.now;
    const limit = (this.bound / SECOND).toFixed(3);
    const message =
      `${this.connected.join(", ")} were connected, ${client} reached them all and waited, ` +
      `but nothing was acknowledged or committed within ${limit} s`;
    this.violation ??= { kind: "liveness", name: "availability", message, at, nodes: this.connected };
  }

  /** Who counts by another configuration than when the situation began, counts on others. */
  private membersChanged(): boolean {
    return this.fixedSize === null && this.countedBy() !== this.counted;
  }

  private countedBy(): string {
    if (this.fixedSize !== null) return "";
    return this.live()
      .map((id) => worded(this.raft(id)))
      .join();
  }

  // --- The situation ---

  private connectedMajority(): readonly NodeId[] {
    const live = this.live();
    const connected = this.linkedWith(live);
    if (connected === null) return [];
    // Nobody of the others can win an election, for no answer reaches them; but they may be able to prevent one.
    this.heard = live.filter(
      (other) => !connected.includes(other) && connected.some((id) => this.isOpen(other, id)),
    );
    return this.isDisturbed(connected) ? [] : connected;
  }

  /** Whether one of those who are heard could keep these from electing a leader, or depose theirs. */
  private isDisturbed(connected: readonly NodeId[]): boolean {
    const { preVote, checkQuorum } = this.cluster.settings.features;
    // Who counts by an old configuration raises its term and does not tell those who could win.
    if (!preVote && this.fixedSize === null && new Set(connected.map((id) => worded(this.raft(id)))).size > 1)
      return true;
    if (this.heard.length === 0 || (preVote && checkQuorum)) return false;
    const earliest = Math.min(...connected.map((id) => this.raft(id).currentTerm));
    return this.heard.some((other) => {
      const { role, currentTerm } = this.raft(other);
      // Whoever leads hears of no later term, and without CheckQuorum goes on; its heartbeats are refused.
      if (role === "leader" && !checkQuorum) return currentTerm >= earliest;
      return !preVote || role !== "follower";
    });
  }

  private isEnough(group: ReadonlySet<NodeId>): boolean {
    if (this.fixedSize !== null) return 2 * group.size > this.fixedSize;
    return canWork(group, (server) => this.cluster.raft(server));
  }

  /** More than half of the servers that are linked both ways, each with each and with nobody else; null if none. */
  private linkedWith(live: readonly NodeId[]): readonly NodeId[] | null {
    for (const id of live) {
      const group = new Set(live.filter((other) => this.isLinked(id, other)));
      if (!this.isEnough(group)) continue;
      const connected = [...group];
      if (connected.every((a) => live.every((b) => group.has(b) === this.isLinked(a, b)))) return connected;
    }
    return null;
  }

  /** Everything that may cost the connected an election, or time. */
  private describe(connected: readonly NodeId[]): string {
    const { world } = this.cluster;
    const { reliable, loss, reordering, extraDelay } = world.network.conditions;
    const others = this.live().filter((id) => !connected.includes(id));
    const links = others.flatMap((other) =>
      connected.flatMap((id) => [
        ...(this.isOpen(other, id) ? [`${this.life(other)} -> ${id}`] : []),
        ...(this.isOpen(id, other) ? [`${id} -> ${this.life(other)}`] : []),
      ]),
    );
    const handingOver = connected.filter((id) => {
      const { role, acceptsProposals } = this.raft(id);
      return role === "leader" && !acceptsProposals;
    });
    const lives = connected.map((id) => this.life(id));
    return JSON.stringify([lives, links, handingOver, this.counted, reliable, loss, reordering, extraDelay]);
  }

  private boundFor(connected: readonly NodeId[]): Duration | null {
    return longerBy(this.cluster, availabilityBound(this.circumstancesOf(connected)));
  }

  private circumstancesOf(connected: readonly NodeId[]): Circumstances {
    const { world, settings, serverIds } = this.cluster;
    const rafts = connected.map((id) => this.raft(id));
    const disks = connected.map((id) => diskTimingOf(id, serverIds, settings));
    const ends = rafts.map(({ log }) => log.lastIndex);
    return {
      settings,
      disk: disks.reduce((slowest, disk) => (disk.fsync > slowest.fsync ? disk : slowest)),
      conditions: world.network.conditions,
      servers: serverIds.length,
      connected: connected.length,
      attemptTimeout: defaultClerkTiming.attemptTimeout,
      lag: {
        entries: Math.max(...ends) - Math.min(...ends),
        bytes: Math.max(...rafts.map(({ snapshot }) => snapshot?.data.length ?? 0)),
      },
    };
  }

  private followClients(now: Instant, connected: readonly NodeId[]): void {
    for (const id of this.cluster.clientIds) {
      const reaches =
        connected.length > 0 &&
        this.cluster.world.condition(id) === "up" &&
        connected.every((server) => this.isLinked(id, server));
      if (!reaches) this.reaching.delete(id);
      else if (!this.reaching.has(id)) this.reaching.set(id, now);
    }
  }

  private live(): readonly NodeId[] {
    const { world, serverIds } = this.cluster;
    // Who waits for its log to be repaired votes for nobody, and asks nobody for a vote.
    return serverIds.filter((id) => world.condition(id) === "up" && !this.raft(id).isDamaged);
  }

  private life(id: NodeId): string {
    return `${id}.${this.cluster.world.incarnation(id)}`;
  }

  private raft(id: NodeId): Raft {
    return this.cluster.raft(id)!;
  }

  private isLinked(a: NodeId, b: NodeId): boolean {
    return a === b || (this.isOpen(a, b) && this.isOpen(b, a));
  }

  private isOpen(from: NodeId, to: NodeId): boolean {
    return this.cluster.world.network.isOpen(from, to);
  }
}

function worded({ configuration: { voters, outgoing } }: Raft): string {
  return `${voters.join(" ")}/${outgoing?.join(" ") ?? ""}`;
}
