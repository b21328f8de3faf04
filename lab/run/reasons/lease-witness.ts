/** Sees who relies on a lease for longer than the promises last that it rests on (thesis, section 6.4.1). */

import type { Duration, Instant, NodeId } from "../../../src/base/index.ts";
import {
  isQuorum,
  leaseLength,
  type Raft,
  type RaftEffect,
  type RaftInput,
} from "../../../src/raft/index.ts";
import { nowIn, type Scene } from "./scene.ts";

/** What a server did as the leader of one term. All instants are its own clock's. */
interface Office {
  readonly term: number;
  /** By call: when it was sent. */
  readonly sent: Map<number, Instant>;
  /** By follower: when the latest call was sent that it has answered. */
  readonly answered: Map<NodeId, Instant>;
  successor: NodeId | null;
  isTold: boolean;
}

export class LeaseWitness {
  private readonly scene: Scene;
  private readonly offices = new Map<NodeId, Office>();

  constructor(scene: Scene) {
    this.scene = scene;
  }

  restarted(id: NodeId): void {
    this.offices.delete(id);
  }

  after(raft: Raft, input: RaftInput, effects: readonly RaftEffect[]): void {
    if (!raft.hasLeases || raft.role !== "leader") return;
    const office = this.officeOf(raft);
    const { id } = raft;
    if (input.kind === "reply" && "term" in input.payload && input.payload.term === raft.currentTerm) {
      const at = office.sent.get(input.call);
      if (at !== undefined)
        office.answered.set(input.from, Math.max(at, office.answered.get(input.from) ?? at));
    }
    for (const effect of effects) {
      if (effect.kind !== "request") continue;
      if (effect.payload.kind === "timeoutNow") office.successor = effect.to;
      else office.sent.set(effect.call, this.clockOf(id));
    }
    this.look(raft, office);
  }

  /** Somebody else was elected: is anybody still sure of its office? */
  elected(): void {
    const { cluster } = this.scene;
    for (const id of cluster.serverIds) {
      const raft = cluster.raft(id);
      const office = this.offices.get(id);
      if (raft?.role === "leader" && office?.term === raft.currentTerm) this.look(raft, office);
    }
  }

  private look(raft: Raft, office: Office): void {
    const now = this.clockOf(raft.id);
    if (office.isTold || !raft.holdsLease(now)) return;
    const { settings, driftBound } = this.scene.cluster;
    const length = leaseLength(settings.timing.electionTimeout, { driftBound });
    const sentFor = this.sentFor(raft, office, now);
    if (office.successor === null && sentFor !== null && sentFor < length) return;
    office.isTold = true;
    const { id: by, currentTerm: term } = raft;
    const { successor } = office;
    this.scene.deeds.push({ kind: "overheld", at: nowIn(this.scene), by, term, successor, sentFor, length });
  }

  /** Since the latest instant from which on a majority has answered what was sent. */
  private sentFor({ id, configuration }: Raft, { answered }: Office, now: Instant): Duration | null {
    const who = new Set([id]);
    if (isQuorum(who, configuration)) return 0;
    for (const [follower, at] of [...answered].sort(([, a], [, b]) => b - a)) {
      if (isQuorum(who.add(follower), configuration)) return now - at;
    }
    return null;
  }

  private officeOf({ id, currentTerm: term }: Raft): Office {
    const known = this.offices.get(id);
    if (known?.term === term) return known;
    const office = { term, sent: new Map(), answered: new Map(), successor: null, isTold: false };
    this.offices.set(id, office);
    return office;
  }

  private clockOf(id: NodeId): Instant {
    return this.scene.cluster.world.clock(id);
  }
}
