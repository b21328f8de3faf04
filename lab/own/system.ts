/** A system of one's own, as the lab needs to be told of it: its servers, how clients speak to it, what it promises. */

import type { Model } from "porcupine-ts";
import {
  type Actor,
  type Duration,
  type Effect,
  type Input,
  type Instant,
  MILLISECOND,
  type NodeId,
  type Random,
  SECOND,
} from "../../src/base/index.ts";
import { COMMON_CLASSES, type CommonClass } from "../faults/index.ts";
import type { Protocol } from "../workload/index.ts";

/**
 * `Payload` is all that travels: plain JSON data, for it is copied on the way. `DiskRecord` is what servers write to
 * their disks; `never` for servers that have none.
 */
export interface OwnSystem<Operation, Result, Payload, DiskRecord = never> extends Partial<Scale> {
  /** What the system promises to its clients. */
  readonly model: Model<unknown, Operation, Result>;
  /**
   * What clients ask for, simplest first, each as often as it is listed. The value is one that no other operation has,
   * so that a read tells which write it saw.
   */
  readonly operations: readonly ((value: string) => Operation)[];
  /** A server, at its start and whenever it comes back from a crash. */
  server(boot: ServerBoot<DiskRecord>): ServerActor<Payload, DiskRecord>;
  /** How a client of that name speaks to the servers. If not said: see `Direct`. */
  client?(boot: Boot): Protocol<Payload, Operation, Result>;
}

/** How much of what; every one of these has a default. */
export interface Scale {
  /** n1, n2 ...; 3. */
  readonly servers: number;
  /** c1, c2 ...; 3. */
  readonly clients: number;
  /** How long clients ask and faults strike, in virtual microseconds; 2 s. Then everything heals. */
  readonly duration: Duration;
  /** The mean pause of a client between two operations, in virtual microseconds; 40 ms. */
  readonly thinkTime: Duration;
  /** What the system is meant to survive; everything. */
  readonly faults: readonly CommonClass[];
  /** Servers tell by `leads` whether they lead, and half of the faults go for that one. False. */
  readonly hasLeader: boolean;
  /** After the healing every open operation must end within this; 6 s. Null: it may stay open. */
  readonly answersWithin: Duration | null;
  /** Configurations that the checker may explore before it says "unknown"; 500,000. */
  readonly checkBudget: number;
}

export const defaultScale: Scale = {
  servers: 3,
  clients: 3,
  duration: 2 * SECOND,
  thinkTime: 40 * MILLISECOND,
  faults: COMMON_CLASSES,
  hasLeader: false,
  answersWithin: 6 * SECOND,
  checkBudget: 500_000,
};

/** What a node is built from, at its start and whenever it comes back. */
export interface Boot {
  readonly id: NodeId;
  /** All servers, this one too if it is one. */
  readonly servers: readonly NodeId[];
  /** How often it has crashed. */
  readonly incarnation: number;
  readonly now: Instant;
  /** Of this life alone: all chance must come from here. */
  readonly random: Random;
}

export interface ServerBoot<DiskRecord> extends Boot {
  /** What its disk kept, oldest first. */
  readonly disk: readonly DiskRecord[];
}

export interface ServerActor<Payload, DiskRecord = never>
  extends Actor<Input<Payload>, Effect<Payload, DiskRecord>> {
  /** The term, or whatever number tells later leaders from earlier ones, in which it leads; null if it does not. */
  readonly leads?: number | null;
}

/** A system of any kind, where only its name and numbers matter. */
export type AnySystem<Operation, Result> = Pick<
  OwnSystem<Operation, Result, unknown>,
  "model" | "operations" | keyof Scale
>;

/** The numbers that the system gives, and the defaults of the others. */
export function scaleOf(system: Partial<Scale>): Scale {
  const given = Object.entries(system).filter(([name, value]) => name in defaultScale && value !== undefined);
  return { ...defaultScale, ...Object.fromEntries(given) };
}
