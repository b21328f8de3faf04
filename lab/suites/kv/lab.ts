/**
 * A cluster and its clerks under the hands of a script: make clerks, cut the network in two, crash everybody, let time
 * pass, look at what the disks hold. The helpers have the names that readers of the Go labs know.
 */

import {
  assert,
  type Duration,
  type Instant,
  type NodeId,
  type Random,
  SECOND,
} from "../../../src/base/index.ts";
import type { Codec } from "../../../src/codec/index.ts";
import { commandCodec, defaultClerkTiming, type Operation } from "../../../src/kv/index.ts";
import { type RaftFeatures, type RaftImage, raftStateSize } from "../../../src/raft/index.ts";
import { Cluster, type ClusterOptions } from "../../cluster/index.ts";
import { type FaultBand, type Watchers, watch } from "../../run/index.ts";
import { type Script, Scripted } from "../script.ts";
import { fail } from "../suite.ts";
import { Call } from "./call.ts";
import { Caller } from "./caller.ts";
import { type Desk, LabClerk } from "./clerk.ts";

export type KvLabOptions = Pick<ClusterOptions, "random" | "servers" | "spares" | "conditions"> & {
  readonly features: RaftFeatures;
  /** How many clerks there are at most at a time. */
  readonly clerks: number;
  /** Bytes of log after which servers cut a snapshot; null: never. */
  readonly maxRaftState: number | null;
  readonly reads: "log" | "index";
  readonly system: NonNullable<ClusterOptions["system"]>;
};

/** A script that runs beside others: it yields how long it wants to sleep, or the call whose answer it needs. */
export type KvScript = Script<void, Call>;

/**
 * How long anything that waits may wait. The Go labs only limit the whole test, to 120 s; but whenever a script waits,
 * a majority is up and connected, and then they want a new leader within five seconds.
 */
const PATIENCE: Duration = 10 * SECOND;

/** The Go labs' limit, in multiples of maxraftstate. */
const MOST_RAFT_STATE = 8;

export class KvLab extends Scripted implements Desk {
  /** For whatever a script leaves to chance. */
  readonly random: Random;
  readonly maxRaftState: number | null;
  readonly cluster: Cluster;
  readonly watchers: Watchers;
  /** What `partition` did; the last one is open while its end is yet to come. */
  private readonly cuts: { label: string; at: Instant; until: Instant | null; nodes: readonly NodeId[] }[] =
    [];
  /** How often `crashAll` cut a server's power. */
  private crashes = 0;
  /** The call that each clerk waits for. */
  private readonly calls = new Map<NodeId, Call>();
  protected readonly patience = PATIENCE;

  constructor(options: KvLabOptions) {
    super();
    const {
      random,
      servers,
      spares = 0,
      features,
      clerks,
      conditions,
      maxRaftState,
      reads,
      system,
    } = options;
    this.random = random.fork("script");
    this.maxRaftState = maxRaftState;
    this.cluster = new Cluster({
      random,
      servers,
      spares,
      clients: clerks,
      conditions,
      encode: false,
      system,
      settings: { maxRaftState, reads, features },
      client: ({ id, incarnation, servers, Clerk }) => {
        const options = { client: id, incarnation, servers, random: random.fork(id, incarnation) };
        return new Caller({ ...defaultClerkTiming, ...options }, Clerk);
      },
    });
    this.watchers = watch(this.cluster);
    this.cluster.world.observe({
      noticed: (id, notice) => {
        if (notice.kind === "response") this.calls.get(id)!.end(notice.result);
        // Its clerk has all the patience there is, and there are sessions for everybody.
        else if (notice.kind === "indeterminate")
          fail(`${this.calls.get(id)} was given up: its session has ended`);
      },
    });
    this.restartAll();
  }

  get world(): Cluster["world"] {
    return this.cluster.world;
  }

  get now(): Instant {
    return this.world.now;
  }

  get serverIds(): readonly NodeId[] {
    return this.cluster.serverIds;
  }

  protected get invariants(): Watchers["invariants"] {
    return this.watchers.invariants;
  }

  get recorder(): Watchers["recorder"] {
    return this.watchers.recorder;
  }

  // --- Clerks ---

  /** A fresh clerk, which can reach these servers, or all. */
  clerk(servers: readonly NodeId[] = this.serverIds): LabClerk {
    const { world, cluster } = this;
    const id = cluster.clientIds.find((candidate) => world.condition(candidate) === "down");
    assert(id !== undefined, `this suite has set up ${cluster.clientIds.length} clerks and needs another`);
    world.start(id);
    for (const server of this.serverIds) world.network.enable(id, server, servers.includes(server));
    return new LabClerk(this, id);
  }

  /** The clerk begins this operation now. */
  invoke(id: NodeId, operation: Operation): Call {
    const call = new Call(id, Object.freeze(operation));
    this.calls.set(id, call);
    this.world.inject(id, { kind: "invoke", operation: call.operation, roam: false });
    return call;
  }

  /** Runs the world until the answer is there. */
  answered(call: Call, within: Duration = PATIENCE): Call {
    this.runUntil(this.now + within, () => call.done);
    if (!call.done) fail(`${call} was not answered within ${within / SECOND} s`);
    return call;
  }

  /** Runs the world until this is so, which is asked after every event. */
  until(what: string, isSo: () => boolean, within: Duration): void {
    let found = isSo();
    this.runUntil(this.now + within, () => {
      found ||= isSo();
      return found;
    });
    if (!found) fail(`after ${within / SECOND} s it is still not so that ${what}`);
  }

  leave(id: NodeId): void {
    this.world.crash(id);
  }

  protected override whyWaiting(): string {
    const waiting = this.recorder.waiting.map((id) => String(this.calls.get(id))).join(", ");
    return `: no answer to ${waiting || "nothing"}`;
  }

  // --- The network ---

  /** Who is on one of these sides reaches nobody on the others. Clerks that are on none reach every server. */
  partition(...sides: readonly (readonly NodeId[])[]): void {
    this.note(sides);
    const side = (id: NodeId) => sides.findIndex((members) => members.includes(id));
    for (const server of this.serverIds) {
      for (const id of [...this.serverIds, ...this.cluster.clientIds]) {
        if (id === server) continue;
        const together = side(id) === -1 || side(id) === side(server);
        this.world.network.enable(id, server, together);
      }
    }
  }

  private note(sides: readonly (readonly NodeId[])[]): void {
    const last = this.cuts.at(-1);
    if (last !== undefined) last.until ??= this.now;
    const apart = sides.filter((members) => members.length > 0);
    if (apart.length < 2) return;
    const label = apart.map((members) => members.join(" ")).join(" | ");
    this.cuts.push({ label, at: this.now, until: null, nodes: apart.flat() });
  }

  /** Every time that the network was cut, until now at most. */
  get partitions(): readonly FaultBand[] {
    return this.cuts.map((cut) => ({ ...cut, kind: "partition", until: cut.until ?? this.now }));
  }

  /** How often each class of faults struck; those that never did are left out. */
  get faults(): Readonly<Record<string, number>> {
    const { lost, delayed, duplicated, reordered } = this.world.network.counters;
    const all = { partition: this.cuts.length, crash: this.crashes, loss: lost, delay: delayed };
    const counts = Object.entries({ ...all, duplication: duplicated, reordering: reordered });
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  /** The Go labs' ConnectAll: everybody reaches everybody. */
  connectAll(): void {
    this.partition(this.serverIds);
  }

  /** The Go labs' make_partition: a majority, and the rest with the leader in it. */
  sidesWithLeaderInMinority(): readonly [majority: readonly NodeId[], minority: readonly NodeId[]] {
    const leader = this.leader();
    const others = this.serverIds.filter((id) => id !== leader);
    const majority = Math.floor(this.serverIds.length / 2) + 1;
    return [others.slice(0, majority), [leader, ...others.slice(majority)]];
  }

  private leader(): NodeId {
    const { cluster } = this;
    this.runUntil(this.now + PATIENCE, () => cluster.leader() !== null);
    return cluster.leader() ?? fail(`there is no leader after ${PATIENCE / SECOND} s`);
  }

  // --- Crashes ---

  /** Power loss everywhere. Harder than in the Go labs, whose persister never loses a write. */
  crashAll(): void {
    this.crash(...this.serverIds);
  }

  crash(...ids: readonly NodeId[]): void {
    this.crashes += ids.length;
    for (const id of ids) this.world.crash(id);
  }

  restartAll(): void {
    this.restart(...this.serverIds);
  }

  restart(...ids: readonly NodeId[]): void {
    for (const id of ids) this.world.start(id);
  }

  // --- Disks ---

  /** What this server would find there after a crash. */
  disk(id: NodeId): RaftImage {
    return this.world.image(id);
  }

  /** The Go labs' LogSize: the most bytes that any server persists beside its snapshot. */
  get raftStateSize(): number {
    const codec = commandCodec as Codec<unknown>;
    return Math.max(...this.serverIds.map((id) => raftStateSize(this.disk(id), codec)));
  }

  /** The bytes of the largest snapshot on any disk; 0 if there is none. */
  get snapshotSize(): number {
    return Math.max(...this.serverIds.map((id) => this.disk(id).snapshot?.data.length ?? 0));
  }

  /** Logs are trimmed where snapshots are wanted, and where they are not, there are none. */
  checkSizes(): void {
    const { maxRaftState, raftStateSize, snapshotSize } = this;
    if (maxRaftState === null) {
      if (snapshotSize > 0) fail(`there is a snapshot of ${snapshotSize} bytes that nobody asked for`);
    } else if (raftStateSize > MOST_RAFT_STATE * maxRaftState) {
      fail(`the log was not trimmed: ${raftStateSize} bytes, more than ${MOST_RAFT_STATE} x ${maxRaftState}`);
    }
  }
}
