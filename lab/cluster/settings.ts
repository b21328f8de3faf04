/** How the servers of a run are set up: features and limits, none of which may change what clients can tell. */

import { MILLISECOND, type NodeId, type Random } from "../../src/base/index.ts";
import type { ServerOptions } from "../../src/kv/index.ts";
import { defaultFeatures, defaultLimits, defaultTiming, type RaftTiming } from "../../src/raft/index.ts";
import { type DiskTiming, defaultDiskTiming } from "../sim/index.ts";

export interface Settings
  extends Pick<ServerOptions, "timing" | "features" | "limits" | "maxRaftState" | "reads" | "maxSessions"> {
  /** Which servers write to a slow disk: none, a minority or all. */
  readonly slowDisks: "none" | "few" | "all";
}

export const defaultSettings: Settings = {
  timing: defaultTiming,
  features: defaultFeatures,
  limits: defaultLimits,
  maxRaftState: null,
  reads: "log",
  maxSessions: 1000,
  slowDisks: "none",
};

/** Four times the heartbeats: a hasty cluster takes half as long again to simulate. */
const HASTY: RaftTiming = { electionTimeout: 60 * MILLISECOND, heartbeatInterval: 25 * MILLISECOND };

/** Of 1000 runs. */
const HASTY_SHARE = 125;

/** On a slow disk a crash finds writes under way: only there can one tell what counted before it was durable. */
const SLOW_DISK: DiskTiming = { write: 100, fsync: 15 * MILLISECOND };

/** How fast a server's disk is. */
export function diskTimingOf(
  id: NodeId,
  servers: readonly NodeId[],
  { slowDisks }: Pick<Settings, "slowDisks">,
): DiskTiming {
  const slow = { none: 0, few: Math.floor((servers.length - 1) / 2), all: servers.length }[slowDisks];
  return servers.indexOf(id) < slow ? SLOW_DISK : defaultDiskTiming;
}

/**
 * Swarm testing (Groce et al., ISSTA 2012): the seed draws what is on and how small the limits are, because bugs hide
 * in combinations that one default never shows.
 */
export function drawSettings(random: Random, clients: number): Settings {
  // A short timeout makes candidates collide: elections are where servers must remember what they said.
  const timing = random.chance(HASTY_SHARE) ? HASTY : defaultTiming;
  return {
    timing,
    features: { preVote: random.chance(800), checkQuorum: random.chance(800) },
    limits: {
      maxBatch: random.pick([1, 4, 64]),
      window: random.pick([1, 2, 8]),
      chunk: random.pick([32, 256, 4096]),
    },
    maxRaftState: random.pick([null, 60, 150, 400, 2000]),
    reads: random.pick(["log", "index"]),
    // Often so few that sessions end which are still in use, but never fewer than clients, which would do nothing else.
    maxSessions: clients + random.pick([1, 3, 1000]),
    // A hasty follower would not wait for them.
    slowDisks: timing === HASTY ? "none" : random.pick(["none", "none", "none", "none", "few", "all"]),
  };
}
