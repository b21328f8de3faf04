/** What a run may be asked for. Plain data: it stands in every report, and with the seed it is the whole run. */

import type { Clocks, Disks } from "../cluster/index.ts";

export interface RunOptions {
  /** Members of the cluster. */
  readonly servers: number;
  readonly clients: number;
  readonly keys: number;
  /** A mix of all operations on shared keys, or the Go labs' pattern: each client appends to a key of its own. */
  readonly workload: (typeof WORKLOADS)[number];
  /** How long clients keep sending and faults keep striking, in virtual microseconds; then the world heals. */
  readonly duration: number;
  /** Lost, delayed and duplicated messages. */
  readonly unreliable: boolean;
  readonly partitions: boolean;
  readonly crashes: boolean;
  readonly pauses: boolean;
  /** Messages overtake one another by a lot, requests as well as replies. */
  readonly reorder: boolean;
  /** Servers join, leave and replace one another: spare ones stand by, and a schedule says when. */
  readonly membership: boolean;
  /** How the servers' clocks go: perfectly, wrong within `driftBound`, or beyond every bound. */
  readonly clocks: Clocks;
  /** By how many microseconds in a million a clock may be wrong, as far as leases reckon with it. */
  readonly driftBound: number;
  /** What the servers' disks do: what they should; what servers are built for; or what nobody is. */
  readonly disks: Disks;
  /** How gets are answered: as entries of the log, by ReadIndex, or under a lease. Null: the seed draws one of the first two. */
  readonly reads: (typeof READS)[number] | null;
  /** Thesis, section 9.6. Null: the seed draws it. */
  readonly preVote: boolean | null;
  /** Thesis, section 6.2. Null: the seed draws it. */
  readonly checkQuorum: boolean | null;
  /** Who decides what goes wrong: a nemesis by name, or null for the one that draws it. */
  readonly nemesis: string | null;
  /** Every message passes through the codec, as it would on a wire. */
  readonly encode: boolean;
  /** Every step of a server must be an action of Raft's specification (lab/spec): sees more, and sooner, for its time. */
  readonly refinement: boolean;
  /** One deliberate bug by name, or null for the system as it is meant to be. */
  readonly mutant: string | null;
  /** Configurations that the checker may explore, over all objects, before it says "unknown". */
  readonly checkBudget: number;
}

/** How many servers stand by where members change. */
export const SPARES = 2;

export const WORKLOADS = ["mixed", "appends"] as const;

export const READS = ["log", "index", "lease"] as const;

/** The options that turn faults on and off, in the order in which people are told of them. */
export const FAULT_SWITCHES = ["unreliable", "partitions", "crashes", "pauses", "reorder"] as const;

/** The default run: every ratio of virtual to wall time speaks of it. */
export const defaultOptions: RunOptions = {
  servers: 5,
  clients: 5,
  keys: 5,
  workload: "mixed",
  duration: 6_000_000,
  unreliable: true,
  partitions: true,
  crashes: true,
  pauses: true,
  reorder: true,
  membership: false,
  clocks: "perfect",
  driftBound: 100_000,
  disks: "sound",
  reads: null,
  preVote: null,
  checkQuorum: null,
  nemesis: null,
  encode: false,
  refinement: false,
  mutant: null,
  checkBudget: 500_000,
};
