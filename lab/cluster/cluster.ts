/** A cluster in a simulated world: servers on disks, clients, the network between them. */

import type { Input, Instant, Message, NodeId, Random } from "../../src/base/index.ts";
import { decode, encode as encodeValue, Meter } from "../../src/codec/index.ts";
import {
  type Clerk,
  type ClerkInput,
  type KvMessage,
  kvMessageCodec,
  type Server,
  type ServerEffect,
  type Sessions,
} from "../../src/kv/index.ts";
import {
  type ChangeRefusal,
  noMark,
  type Raft,
  type RaftImage,
  type RaftInput,
  type RaftRecord,
} from "../../src/raft/index.ts";
import type { Boot, Conditions, Wire } from "../sim/index.ts";
import type { ClientNotice } from "../workload/index.ts";
import type { Clocks } from "./clocks.ts";
import type { Decider } from "./decider.ts";
import { type Disks, diskClassOf } from "./disks.ts";
import { Members, serverNames } from "./members.ts";
import { isMarked, mark, rottedIn, SealedStorage } from "./sealed.ts";
import { defaultSettings, diskTimingOf, type Settings } from "./settings.ts";
import { intendedSystem, type System } from "./system.ts";

/** What a script may ask of a client that it drives. */
export type ClientCommand = Extract<ClerkInput, { kind: "invoke" }>;

/** What an operator may ask of a server. */
type ServerCommand = Extract<RaftInput, { kind: "transfer" | "change" }>;

/** Clients write nothing to a disk; beside that they are actors like the servers. */
export interface ClientActor {
  readonly deadline: Instant | null;
  step(
    now: Instant,
    input: Input<KvMessage> | ClientCommand,
  ): readonly (Message<KvMessage> | ClientNotice | ServerEffect)[];
}

export interface ClientBoot {
  readonly id: NodeId;
  readonly number: number;
  readonly incarnation: number;
  readonly now: Instant;
  readonly servers: readonly NodeId[];
  readonly Clerk: typeof Clerk;
}

export interface ClusterOptions {
  readonly random: Random;
  readonly servers: number;
  readonly spares?: number;
  readonly clients: number;
  readonly conditions: Conditions;
  /** How the servers' clocks may go; perfectly, if not said. Whoever builds the cluster sets them. */
  readonly clocks?: Clocks;
  /** What the servers' disks do; what they should, if not said. */
  readonly disks?: Disks;
  /** What leases reckon with, in parts per million; none, if not said. */
  readonly driftBound?: number;
  /** Every message passes through bytes. */
  readonly encode: boolean;
  readonly system?: System;
  /** How servers are set up; as servers are by default, where it does not say. */
  readonly settings?: Partial<Settings>;
  /** Who decides in the place of chance; nobody, if not said. */
  readonly decider?: Decider | null;
  /** How to build a client, at its start and whenever it comes back from a crash. */
  client(boot: ClientBoot): ClientActor;
}

export class Cluster extends Members<
  KvMessage,
  RaftRecord,
  RaftImage,
  ClientNotice,
  ClientCommand | ServerCommand
> {
  readonly settings: Settings;
  readonly decider: Decider | null;
  readonly clocks: Clocks;
  readonly driftBound: number;
  readonly disks: Disks;
  private readonly system: System;
  /** Null where disks are sound. */
  private readonly sealed: SealedStorage | null;
  private readonly options: ClusterOptions;
  private readonly servers = new Map<NodeId, Server>();
  private readonly clients = new Map<NodeId, ClientActor>();
  /** How often a change of the membership was refused, and why. */
  readonly refusals = new Map<ChangeRefusal, number>();

  constructor(options: ClusterOptions) {
    const settings = { ...defaultSettings, ...options.settings };
    const system = options.system ?? intendedSystem;
    const decider = options.decider ?? null;
    const sealed = (options.disks ?? "sound") === "sound" ? null : sealedBy(system);
    super({
      servers: options.servers,
      spares: options.spares ?? 0,
      clients: options.clients,
      random: options.random.fork("world"),
      wire: kvWire(options.encode),
      storage: sealed ?? system.storage,
      Disk: diskClassOf(options.disks ?? "sound") ?? system.Disk,
      diskTiming: (id) => diskTimingOf(id, serverNames(options.servers + (options.spares ?? 0)), settings),
      conditions: options.conditions,
      chance: decider,
    });
    this.options = options;
    this.system = system;
    this.sealed = sealed;
    this.settings = settings;
    this.decider = decider;
    this.clocks = options.clocks ?? "perfect";
    this.disks = options.disks ?? "sound";
    this.driftBound = options.driftBound ?? 0;
    decider?.watch(this.world);
  }

  /** The server that runs under this name; null while it is down. */
  server(id: NodeId): Server | null {
    return this.world.condition(id) === "down" ? null : (this.servers.get(id) ?? null);
  }

  raft(id: NodeId): Raft | null {
    return this.server(id)?.raft ?? null;
  }

  sessions(id: NodeId): Sessions | null {
    return this.server(id)?.sessions ?? null;
  }

  /** Whether this client waits for something, or will ask for something yet. */
  isBusy(client: NodeId): boolean {
    return (this.clients.get(client)?.deadline ?? null) !== null;
  }

  /** Who leads the highest term, of the servers that are not down; null if nobody does. */
  override leader(): NodeId | null {
    let leader: Server | null = null;
    for (const id of this.serverIds) {
      const server = this.server(id);
      if (server?.raft.role !== "leader") continue;
      if (leader === null || server.raft.currentTerm > leader.raft.currentTerm) leader = server;
    }
    return leader?.raft.id ?? null;
  }

  override leaderToStrike(): NodeId | null {
    const leader = this.leader();
    return this.decider === null ? leader : this.decider.leader(leader);
  }

  override isAnswer(_from: NodeId, _to: NodeId, payload: KvMessage): boolean {
    return payload.kind === "result";
  }

  /** What a majority has lost nobody can repair. */
  override rot(id: NodeId, fromEnd: number): string | null {
    const others = this.serverIds.filter((other) => other !== id && this.rotted(other).size > 0);
    if (this.sealed === null || 2 * (others.length + 1) >= this.serverIds.length) return null;
    const index = this.sealed.rot(this.world.image(id), fromEnd);
    return index === null ? null : `entry ${index}`;
  }

  /** Entries on this server's disk that have rotted and that nobody has repaired. */
  rotted(id: NodeId): ReadonlySet<number> {
    return this.sealed === null ? NONE : rottedIn(this.world.image(id));
  }

  override transfer(leader: NodeId, successor: NodeId): void {
    this.world.inject(leader, { kind: "transfer", to: successor });
  }

  override membersOf(leader: NodeId): readonly NodeId[] {
    return this.raft(leader)?.configuration.voters ?? [];
  }

  override change(leader: NodeId, members: readonly NodeId[]): void {
    const refusal = this.raft(leader)?.refusalOf(members) ?? null;
    if (refusal !== null) this.refusals.set(refusal, (this.refusals.get(refusal) ?? 0) + 1);
    this.world.inject(leader, { kind: "change", members });
  }

  protected override bootServer({ id, incarnation, now, image }: Boot<RaftImage>): Server {
    const { random } = this.options;
    if (incarnation === 0) mark(image, id);
    else if (!isMarked(image)) throw noMark(id);
    const { Server: ServerClass, Raft: RaftClass } = this.system;
    const drawn = random.fork(id, incarnation);
    const options = {
      id,
      members: this.founders,
      random: this.decider?.random(id, incarnation, drawn) ?? drawn,
      ...this.settings,
      ...(this.settings.reads === "lease" ? { lease: { driftBound: this.driftBound } } : {}),
    };
    const server = new ServerClass(options, image, now, RaftClass);
    this.servers.set(id, server);
    return server;
  }

  protected override bootClient({ id, incarnation, now }: Boot<RaftImage>): ClientActor {
    const number = this.clientIds.indexOf(id);
    const { Clerk } = this.system;
    const client = this.options.client({ id, number, incarnation, now, servers: this.serverIds, Clerk });
    this.clients.set(id, client);
    return client;
  }
}

function sealedBy({ storage, seals }: System): SealedStorage {
  return new SealedStorage(storage, seals);
}

const NONE: ReadonlySet<number> = new Set();

/** In the mode with bytes, what arrives was decoded from what was sent, so nothing can be shared by accident. */
function kvWire(throughBytes: boolean): Wire<KvMessage> {
  return {
    weigh(payload, digest) {
      const meter = new Meter(digest);
      kvMessageCodec.write(meter, payload);
      return meter.size;
    },
    carry: throughBytes
      ? (payload) => decode(kvMessageCodec, encodeValue(kvMessageCodec, payload))
      : (payload) => payload,
  };
}
