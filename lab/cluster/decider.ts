/**
 * The seam for replays and scripts: whoever decides in the place of a run's draws. Each method gets what the seed has
 * drawn and returns what it is to be. Nobody is asked in the runs of a sweep.
 */

import type { Instant, NodeId, Random } from "../../src/base/index.ts";
import type { ClerkOptions, KvMessage } from "../../src/kv/index.ts";
import type { Chance, Conditions, Trace } from "../sim/index.ts";
import type { ClientAgenda } from "../workload/index.ts";
import type { Settings } from "./settings.ts";

export interface Decider extends Chance<KvMessage> {
  /** The world has been made and its clock will run. */
  watch(world: RunWorld): void;
  /** How the servers are set up. */
  settings(drawn: Settings): Settings;
  /** The network between faults. */
  conditions(drawn: Conditions): Conditions;
  /** How long this client waits, in one of its lives. */
  manners(client: NodeId, life: number, drawn: Manners): Manners;
  /** What a server draws its election timeouts from, or a client the server that it asks first and its pauses. */
  random(node: NodeId, life: number, drawn: Random): Random;
  agenda(client: NodeId, life: number, drawn: ClientAgenda): ClientAgenda;
  /** Whom a fault means by "the leader"; null if nobody. */
  leader(drawn: NodeId | null): NodeId | null;
  /** Who stays cut off while the others heal. */
  rest(drawn: readonly NodeId[]): readonly NodeId[];
}

/** The clock, what has happened so far, and what the network may do now. */
export interface RunWorld {
  readonly now: Instant;
  readonly network: { readonly conditions: Conditions };
  readonly trace: Pick<Trace, "count" | "digest">;
}

export type Manners = Pick<ClerkOptions, "attemptTimeout" | "patience">;
