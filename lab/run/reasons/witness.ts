/**
 * The witness of a run: watches it again from one end to the other and writes down every deed. Only runs that failed
 * are watched so, in a second run of the same seed: nothing of this is on the way of a run that is well.
 */

import type { NodeId } from "../../../src/base/index.ts";
import type { ClerkRequest, Command, KvMessage, ServerEffect, ServerInput } from "../../../src/kv/index.ts";
import type { RaftMessage } from "../../../src/raft/index.ts";
import type { Cluster, System } from "../../cluster/index.ts";
import type { Observer, TraceEvent } from "../../sim/index.ts";
import type { ClientNotice } from "../../workload/index.ts";
import type { Attendance } from "./attendance.ts";
import { ClientWitness } from "./client-witness.ts";
import type { Deed } from "./deed.ts";
import { Disks } from "./disk-witness.ts";
import { LeaseWitness } from "./lease-witness.ts";
import { type Focus, Letters } from "./letters.ts";
import { MachineWitness } from "./machine-witness.ts";
import { MembershipWitness } from "./membership-witness.ts";
import { ProgressWitness, type Waiting } from "./progress-witness.ts";
import { type Before, RaftWitness } from "./raft-witness.ts";
import type { Scene } from "./scene.ts";
import { type RaftEyes, type ServerEyes, type Watched, watched } from "./watched.ts";

export class Witness implements Attendance, Observer<KvMessage, ClientNotice>, ServerEyes {
  readonly deeds: Deed[] = [];
  private cluster: Cluster | null = null;
  private readonly scene: Scene;
  private readonly disks: Disks;
  private readonly members: MembershipWitness;
  private readonly leases: LeaseWitness;
  private readonly rafts: RaftWitness;
  private readonly progress: ProgressWitness;
  private readonly clients: ClientWitness;
  private readonly machines: MachineWitness;
  readonly letters: Letters;
  private readonly down = new Set<NodeId>();
  private snapshotAtStep = 0;
  private officeAtStep = 0;

  /** Keeps the messages of these operations. */
  constructor(focus: Focus = { operations: new Set(), key: null }) {
    const witness = this;
    this.scene = {
      deeds: this.deeds,
      get cluster() {
        return witness.cluster!;
      },
    };
    this.disks = new Disks(this.scene);
    this.members = new MembershipWitness(this.scene);
    this.leases = new LeaseWitness(this.scene);
    this.rafts = new RaftWitness(this.scene, this.disks, this.members, this.leases);
    this.progress = new ProgressWitness(this.scene, this.members);
    this.clients = new ClientWitness(this.scene, this.members);
    this.machines = new MachineWitness(this.scene, this.clients);
    this.clients.attend(this.machines);
    this.letters = new Letters(this.scene, focus, (message) =>
      typeof message === "string" ? this.clients.operationOf(message) : this.clients.meantFor(message),
    );
  }

  dress(system: System): System {
    const { leases, rafts, progress } = this;
    const eyes: RaftEyes<{ readonly of: Before; readonly for: Waiting }> = {
      before: (raft, input) => ({ of: rafts.before(raft, input), for: progress.before(raft) }),
      after: (raft, input, effects, before) => {
        leases.after(raft, input, effects);
        rafts.after(raft, input, effects, before.of);
        progress.after(raft, input, effects, before.for);
      },
      gaveUp: (raft) => rafts.gaveUp(raft),
    };
    return watched(system, eyes, this);
  }

  attend(cluster: Cluster): void {
    this.cluster = cluster;
    for (const id of cluster.serverIds) this.down.add(id);
    cluster.world.observe(this);
  }

  hear(event: TraceEvent): void {
    const { kind, from, to, payload } = event;
    if (kind === "durable" && this.scene.cluster.serverIds.includes(from))
      this.disks.synced(from, payload as number);
    this.letters.hear(event);
    if (kind === "deliver") this.clients.delivered(to, payload as KvMessage);
  }

  /** The run is over. */
  ended(): void {
    this.progress.ended();
  }

  // --- The world ---

  turned(id: NodeId): void {
    const { cluster } = this.scene;
    if (!cluster.serverIds.includes(id)) {
      this.clients.woke(id);
      return;
    }
    if (cluster.world.condition(id) === "down") {
      this.down.add(id);
      return;
    }
    if (!this.down.delete(id)) return;
    this.disks.started(id);
    this.leases.restarted(id);
    this.rafts.restarted(id);
    this.members.started(id);
    this.progress.started(id);
    this.clients.restarted(id);
    this.machines.started(id);
  }

  sent(from: NodeId, to: NodeId, payload: KvMessage): void {
    if (payload.kind === "clerkRequest") this.clients.asked(from, payload as ClerkRequest);
    else if ("term" in payload) this.disks.sent(from, to, payload as RaftMessage);
  }

  noticed(id: NodeId, notice: ClientNotice): void {
    const taken = this.clients.noticed(id, notice);
    if (taken !== null) this.letters.taken(taken);
  }

  // --- The servers ---

  before(id: NodeId, input: ServerInput): void {
    this.snapshotAtStep = this.snapshotOf(id);
    this.officeAtStep = this.officeOf(id);
    this.machines.stepBegins(id);
    this.clients.serverSteps(id, input);
  }

  after(id: NodeId, input: ServerInput, effects: readonly ServerEffect[]): void {
    const brought = input.kind === "request" && input.payload.kind === "installSnapshot";
    if (brought && this.snapshotOf(id) !== this.snapshotAtStep) this.machines.installed(id);
    const entry = this.clients.serverStepped(id, input, effects);
    if (entry !== null && input.kind === "request") this.letters.became(input.payload, id, entry);
    if (this.officeAtStep !== 0 && this.officeOf(id) !== this.officeAtStep)
      this.clients.left(id, this.officeAtStep);
  }

  applying(id: NodeId, index: number, command: Command, server: Watched, apply: () => void): void {
    this.machines.applying(id, index, command, server, apply);
  }

  /** The term that it leads; 0 if none. */
  private officeOf(id: NodeId): number {
    const raft = this.scene.cluster.raft(id);
    return raft?.role === "leader" ? raft.currentTerm : 0;
  }

  private snapshotOf(id: NodeId): number {
    return this.scene.cluster.raft(id)?.log.snapshotIndex ?? 0;
  }
}
