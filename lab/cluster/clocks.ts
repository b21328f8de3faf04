/**
 * How wrong the servers' clocks go. Raft's safety rests on no clock, but for reads under a lease, which rest on a bound
 * on drift: up to it is a fault inside the model, beyond it one that no lease survives.
 */

import type { Duration, NodeId, Random } from "../../src/base/index.ts";
import { MILLION, type PartsPerMillion } from "../../src/raft/index.ts";
import type { Settings } from "./settings.ts";

/** Perfect; off by at most the drift bound that leases reckon with; or by anything, and jumping and stopping, too. */
export const CLOCKS = ["perfect", "drift", "wild"] as const;

export type Clocks = (typeof CLOCKS)[number];

/** Beyond the bound, clocks count between half and one and a half of the time that passes. */
const WILD: PartsPerMillion = MILLION / 2;

/**
 * By how much each server's clock is fast. Often one is as slow as it may be and all others as fast: then the promises
 * to that one, as a leader, end earliest by its clock.
 */
export function drawDrifts(
  random: Random,
  servers: readonly NodeId[],
  clocks: Exclude<Clocks, "perfect">,
  driftBound: PartsPerMillion,
): ReadonlyMap<NodeId, PartsPerMillion> {
  const most = clocks === "drift" ? driftBound : WILD;
  const slow = random.chance(500) ? random.pick(servers) : null;
  const drawn = (id: NodeId) => random.fork(id).between(-most, most);
  return new Map(servers.map((id) => [id, slow === null ? drawn(id) : id === slow ? -most : most]));
}

/** A cluster, as far as time goes differently there. */
interface Timely {
  readonly clocks: Clocks;
  /** By how much a clock may be wrong that is not wild. */
  readonly driftBound: PartsPerMillion;
  readonly settings: Pick<Settings, "reads" | "timing">;
}

/**
 * What takes so long by right clocks may take this long here: a slow clock lets all waiting last longer. Where leases are
 * given, whoever asks for votes on the heels of a leader is refused, and must wait for its timeout once more. Null, if
 * nothing is promised.
 */
export function longerBy({ clocks, driftBound, settings }: Timely, bound: Duration | null): Duration | null {
  if (bound === null || clocks === "wild") return null;
  const refused = settings.reads === "lease" ? 2 * settings.timing.electionTimeout : 0;
  const drift = clocks === "drift" ? driftBound : 0;
  return Math.ceil(((bound + refused) * MILLION) / (MILLION - drift));
}
