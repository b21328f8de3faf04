/** A member of the cluster as a real process has it: the KV server on its journal, and clerks that share its name. */

import { type Message, type NodeId, Random } from "../base/index.ts";
import type { Codec } from "../codec/index.ts";
import { commandCodec, type KvMessage, Server, type ServerOptions } from "../kv/index.ts";
import {
  defaultFeatures,
  defaultLimits,
  defaultTiming,
  type RaftImage,
  type RaftRecord,
  raftRecordCodec,
  raftStorage,
} from "../raft/index.ts";
import type { Body } from "./body.ts";
import { Clerks } from "./clerks.ts";
import { Driver, now } from "./driver.ts";
import { Journal } from "./journal.ts";
import { type Arrival, addressee, nodeOf, pack, returnAddress, unpack } from "./wire.ts";

export interface MemberOptions {
  readonly id: NodeId;
  readonly members: readonly NodeId[];
  /** Drawn at the start: no other life of this node has the same. */
  readonly life: number;
  readonly journal: Journal<RaftRecord>;
  send(node: NodeId, body: Body): void;
}

/** As servers are by default, with snapshots; reads need no entries. */
export const SETTINGS: Omit<ServerOptions, "id" | "members" | "random"> = {
  timing: defaultTiming,
  features: defaultFeatures,
  limits: defaultLimits,
  maxRaftState: 65_536,
  reads: "index",
  maxSessions: 1000,
};

export class Member {
  readonly id: NodeId;
  readonly clerks: Clerks;
  private readonly options: MemberOptions;
  private readonly server: Driver<KvMessage, RaftRecord>;

  constructor(options: MemberOptions) {
    const { id, members, life } = options;
    this.id = id;
    this.options = options;
    const send = (from: NodeId, message: Message<KvMessage>) => this.send(from, message);
    this.clerks = new Clerks({ node: id, servers: members, life, send });
    const { journal } = options;
    const random = new Random(`${id}/${life}`);
    const server = new Server({ ...SETTINGS, id, members, random }, imageOf(journal), now());
    this.server = new Driver<KvMessage, RaftRecord>(server, {
      journal,
      send: (message) => send(id, message),
      notice: () => {},
    });
  }

  is(id: NodeId, members: readonly NodeId[]): boolean {
    return id === this.id && String(members) === String(this.options.members);
  }

  /** From another node. Throws BadLine. */
  hear(body: Body): void {
    this.deliver(unpack(body));
  }

  stop(): void {
    this.server.stop();
    this.clerks.stop();
  }

  /** What stays in this process goes over no wire. */
  private send(from: NodeId, message: Message<KvMessage>): void {
    const { kind, to, call, payload } = message;
    const sender = kind === "request" ? returnAddress(from, this.options.life) : from;
    if (nodeOf(to) !== this.id) this.options.send(nodeOf(to), pack(sender, message));
    else this.deliver({ to, input: { kind, from: sender, call, payload } });
  }

  private deliver({ to, input }: Arrival): void {
    const { address, life } = addressee(to);
    if (life !== null && life !== this.options.life) return;
    if (address === this.id) this.server.deliver(input);
    else this.clerks.deliver(address, input);
  }
}

/** Throws InputError: the file cannot be used, or it is damaged. */
export function openJournal(path: string, JournalClass: typeof Journal = Journal): Journal<RaftRecord> {
  return new JournalClass(path, raftRecordCodec(commandCodec as Codec<unknown>));
}

export function imageOf({ found }: Journal<RaftRecord>): RaftImage {
  const image = raftStorage.empty();
  for (const record of found) raftStorage.write(image, record);
  return image;
}
