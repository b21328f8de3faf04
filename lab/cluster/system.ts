/** The system under test, as the parts that it is built from. A mutant is the same table with one part replaced. */

import type { KeyedRandom, NodeId } from "../../src/base/index.ts";
import { Clerk, Server } from "../../src/kv/index.ts";
import { Raft, type RaftImage, type RaftRecord, raftStorage } from "../../src/raft/index.ts";
import { type Chance, Disk, type DiskTiming, type Storage } from "../sim/index.ts";
import { intendedSeals, type Seals } from "./sealed.ts";

export interface System {
  readonly Raft: typeof Raft;
  readonly Server: typeof Server;
  readonly Clerk: typeof Clerk;
  /** What a write changes of what is on a disk. */
  readonly storage: Storage<RaftRecord, RaftImage>;
  /** How entries of the log are told intact, rotted and torn, on a disk where they may be. */
  readonly seals: Seals;
  /** When a write is on a disk, and what a crash leaves of it. */
  readonly Disk: RaftDisk;
}

/** A disk for Raft's records, whatever messages wait for them. */
export type RaftDisk = new <Payload>(
  owner: NodeId,
  storage: Storage<RaftRecord, RaftImage>,
  timing: DiskTiming,
  random: KeyedRandom,
  chance: Chance<never> | null,
) => Disk<Payload, RaftRecord, RaftImage>;

export const intendedSystem: System = {
  Raft,
  Server,
  Clerk,
  storage: raftStorage,
  seals: intendedSeals,
  Disk,
};
