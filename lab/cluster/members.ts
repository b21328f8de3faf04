/**
 * Who lives in a simulated world: servers n1, n2 ... and clients c1, c2 ..., whatever they run. All that faults, the
 * recorder and the course of a run need to know of a system stands here, so that they serve other systems too.
 */

import type { Actor, Effect, Input, NodeId } from "../../src/base/index.ts";
import { type Boot, World, type WorldOptions } from "../sim/index.ts";

export interface MembersOptions<Payload, DiskRecord, Image, Notice>
  extends Omit<WorldOptions<Payload, DiskRecord, Image, Notice>, "nodes" | "boot"> {
  readonly servers: number;
  /** Servers beyond these that may join later; none, if not said. */
  readonly spares?: number;
  readonly clients: number;
}

/** `Command` is what scripts and operators may ask of a node from outside of the world. */
export abstract class Members<Payload, DiskRecord, Image, Notice, Command = never> {
  readonly world: World<Payload, DiskRecord, Image, Notice, Command>;
  /** The spare ones too. */
  readonly serverIds: readonly NodeId[];
  /** Those who make up the cluster at first. */
  readonly founders: readonly NodeId[];
  readonly clientIds: readonly NodeId[];

  constructor(options: MembersOptions<Payload, DiskRecord, Image, Notice>) {
    this.founders = serverNames(options.servers);
    this.serverIds = serverNames(options.servers + (options.spares ?? 0));
    this.clientIds = clientNames(options.clients);
    this.world = new World({
      ...options,
      nodes: [...this.serverIds, ...this.clientIds],
      boot: (boot) => (boot.id.startsWith("n") ? this.bootServer(boot) : this.bootClient(boot)),
    });
  }

  /** How many make up the cluster; null if that may change. */
  get fixedSize(): number | null {
    return this.founders.length === this.serverIds.length ? this.founders.length : null;
  }

  startAll(): void {
    for (const id of [...this.serverIds, ...this.clientIds]) this.world.start(id);
  }

  /** Who leads, of the servers that are not down; null if nobody does. */
  abstract leader(): NodeId | null;

  /** Whom a fault means by the leader. */
  leaderToStrike(): NodeId | null {
    return this.leader();
  }

  /** Whether this message answers a client's operation. */
  abstract isAnswer(from: NodeId, to: NodeId, payload: Payload): boolean;

  /** A synced record of this node's disk rots. Says which; null if nothing can, or may: no majority may be hurt. */
  rot(_id: NodeId, _fromEnd: number): string | null {
    return null;
  }

  /** Tells a leader to hand over; nothing where there is nothing to hand over. */
  transfer(_leader: NodeId, _successor: NodeId): void {}

  /** Who the members are, as far as this leader knows. */
  membersOf(_leader: NodeId): readonly NodeId[] {
    return this.founders;
  }

  /** Asks a leader to make these the members; nothing where there is nobody to ask. */
  change(_leader: NodeId, _members: readonly NodeId[]): void {}

  protected abstract bootServer(boot: Boot<Image>): Booted<Payload, DiskRecord, Notice>;
  protected abstract bootClient(boot: Boot<Image>): Booted<Payload, DiskRecord, Notice>;
}

/** Members of whatever kind, for those that only strike, count and heal. */
export type AnyMembers = Omit<
  Members<unknown, unknown, unknown, unknown, unknown>,
  "bootServer" | "bootClient"
>;

type Booted<Payload, DiskRecord, Notice> = Actor<Input<Payload>, Effect<Payload, DiskRecord> | Notice>;

export function serverNames(count: number): readonly NodeId[] {
  return names("n", count);
}

export function clientNames(count: number): readonly NodeId[] {
  return names("c", count);
}

function names(prefix: string, count: number): readonly NodeId[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);
}
