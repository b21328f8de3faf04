/**
 * A cluster of bare Raft servers, and what a script can do to it: start commands, pull plugs, crash servers, let time
 * pass. Names and meanings are those of the Go labs' `config`; `RaftLab` adds its checks.
 */

import type { NodeId, Random } from "../../../src/base/index.ts";
import type { Codec } from "../../../src/codec/index.ts";
import {
  defaultLimits,
  defaultTiming,
  type Raft,
  type RaftFeatures,
  type RaftImage,
  type RaftInput,
  type RaftMessage,
  type RaftRecord,
  raftStateSize,
} from "../../../src/raft/index.ts";
import { Sights, type System } from "../../cluster/index.ts";
import { Invariants, type RaftServers } from "../../oracles/index.ts";
import { type Boot, type Conditions, perfectConditions, World } from "../../sim/index.ts";
import { Scripted } from "../script.ts";
import { fail, LIMIT } from "../suite.ts";
import { Journal } from "./journal.ts";
import { type ApplyMessage, type Command, commandCodec, RaftServer, raftWire } from "./server.ts";

/** What is under test: Raft or a mutant of it, with or without what its authors added to the paper later. */
export interface RaftSystem extends Pick<System, "Raft" | "storage" | "Disk"> {
  readonly features: RaftFeatures;
}

export interface RaftClusterOptions {
  readonly random: Random;
  readonly servers: number;
  readonly reliable: boolean;
  /** A snapshot is cut after every so many entries; null: never. */
  readonly snapshotInterval: number | null;
  readonly system: RaftSystem;
}

/** Where a leader put a command. */
export interface Started {
  readonly index: number;
  readonly term: number;
}

export class RaftCluster extends Scripted implements RaftServers {
  readonly world: World<RaftMessage, RaftRecord, RaftImage, ApplyMessage, RaftInput>;
  readonly serverIds: readonly NodeId[];
  /** For whatever a script leaves to chance. */
  readonly random: Random;
  protected readonly journal = new Journal();
  private readonly options: RaftClusterOptions;
  protected readonly invariants: Invariants;
  /** Whatever takes longer fails by the limit of the whole test. */
  protected readonly patience = LIMIT;
  private readonly servers = new Map<NodeId, RaftServer>();
  private readonly connected = new Set<NodeId>();
  /** How often a follower refused entries because its log does not match up to them. */
  refusals = 0;
  private commands = 0;

  constructor(options: RaftClusterOptions) {
    super();
    this.options = options;
    this.random = options.random.fork("script");
    this.serverIds = Array.from({ length: options.servers }, (_, i) => `n${i + 1}`);
    this.world = new World<RaftMessage, RaftRecord, RaftImage, ApplyMessage, RaftInput>({
      random: options.random.fork("world"),
      nodes: this.serverIds,
      wire: raftWire,
      storage: options.system.storage,
      Disk: options.system.Disk,
      // The Go labs' Raft tests all have long delays: a leader that waits for its calls in turn would not keep up.
      conditions: { ...perfectConditions, longDelays: true, reliable: options.reliable },
      boot: (boot) => this.boot(boot),
    });
    this.invariants = new Invariants(this);
    this.world.observe(new Sights(this, [this.invariants]));
    this.world.observe(this.invariants);
    this.world.observe({
      noticed: (id, message) => this.applied(id, message),
      sent: (_from, _to, message) => {
        if (message.kind === "appendEntriesReply" && message.conflict !== null) this.refusals++;
      },
    });
    for (const id of this.serverIds) this.restart(id);
  }

  private boot({ id, incarnation, now, image }: Boot<RaftImage>): RaftServer {
    const { random, system, snapshotInterval } = this.options;
    const options = {
      id,
      members: this.serverIds,
      random: random.fork(id, incarnation),
      timing: defaultTiming,
      features: system.features,
      limits: defaultLimits,
    };
    const server = new RaftServer(new system.Raft(options, image, now), snapshotInterval);
    this.servers.set(id, server);
    this.journal.restart(id, server.commands);
    return server;
  }

  private applied(id: NodeId, message: ApplyMessage): void {
    if (message.kind === "apply") this.journal.apply(id, message.index, message.command);
    else this.journal.restored(id, message.commands);
  }

  // --- Servers ---

  raft(id: NodeId): Raft | null {
    return this.isUp(id) ? this.servers.get(id)!.raft : null;
  }

  isUp(id: NodeId): boolean {
    return this.world.condition(id) === "up";
  }

  isConnected(id: NodeId): boolean {
    return this.connected.has(id);
  }

  /** The server so many places further round the circle. */
  after(id: NodeId, places: number): NodeId {
    return this.serverIds[(this.serverIds.indexOf(id) + places) % this.serverIds.length]!;
  }

  anyServer(): NodeId {
    return this.random.pick(this.serverIds);
  }

  // --- Commands ---

  /** A command that was never used before, so that none can be taken for another. */
  command(): number {
    return ++this.commands;
  }

  /** The same, as a text of this many characters. */
  text(characters: number): string {
    return String(this.command()).padStart(characters, ".");
  }

  /** Go's Start: hands a command to one server. Null if that one is down, or does not lead as far as it knows. */
  start(id: NodeId, command: Command): Started | null {
    const raft = this.raft(id);
    if (raft?.role !== "leader") return null;
    const index = raft.log.lastIndex + 1;
    this.journal.start(command);
    this.world.inject(id, { kind: "propose", command });
    return raft.log.lastIndex === index ? { index, term: raft.currentTerm } : null;
  }

  /** Start, where the server is known to lead. */
  mustStart(id: NodeId, command: Command): Started {
    return this.start(id, command) ?? fail(`${id}, the leader, refused the command ${command}`);
  }

  // --- Faults ---

  /** Pulls the server's plug: nothing reaches it and it reaches nobody, but it runs on. */
  disconnect(...ids: readonly NodeId[]): void {
    for (const id of ids) {
      this.connected.delete(id);
      this.enable(id, () => false);
    }
  }

  connect(...ids: readonly NodeId[]): void {
    for (const id of ids) {
      this.connected.add(id);
      this.enable(id, (other) => this.connected.has(other));
    }
  }

  private enable(id: NodeId, enabled: (other: NodeId) => boolean): void {
    for (const other of this.serverIds) {
      if (other === id) continue;
      this.world.network.enable(id, other, enabled(other));
      this.world.network.enable(other, id, enabled(other));
    }
  }

  /** Power loss. Harder than in the Go labs, whose persister never loses a write. */
  crash(...ids: readonly NodeId[]): void {
    for (const id of ids) {
      this.disconnect(id);
      if (this.isUp(id)) this.world.crash(id);
    }
  }

  /** Starts the server from its disk, after a crash if it was still running, and connects it. */
  restart(...ids: readonly NodeId[]): void {
    for (const id of ids) {
      this.crash(id);
      this.world.start(id);
      this.connect(id);
    }
  }

  setReliable(reliable: boolean): void {
    this.changeNetwork({ reliable });
  }

  setLongReordering(longReordering: boolean): void {
    this.changeNetwork({ longReordering });
  }

  private changeNetwork(change: Partial<Conditions>): void {
    this.world.setConditions({ ...this.world.network.conditions, ...change });
  }

  // --- Counts ---

  /** Requests whose handlers began at this server: labrpc's GetCount. */
  rpcCount(id: NodeId): number {
    return this.world.network.dispatchedAt(id);
  }

  /** Of all servers. */
  get handled(): number {
    return this.serverIds.reduce((sum, id) => sum + this.rpcCount(id), 0);
  }

  /** Requests sent, whatever became of them: labrpc's GetTotalCount. */
  get rpcTotal(): number {
    return this.world.network.counters.rpcs;
  }

  get bytesTotal(): number {
    return this.world.network.counters.bytes;
  }

  /** Go's LogSize: the most bytes that any server persists beside its snapshot. */
  get logSize(): number {
    const codec = commandCodec as Codec<unknown>;
    return Math.max(...this.serverIds.map((id) => raftStateSize(this.world.image(id), codec)));
  }

  /** The Go labs' last figure: the highest index applied. */
  get commandTotal(): number {
    return this.journal.lastIndex;
  }
}
