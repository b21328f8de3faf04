/** How the servers of a run are set up: features and limits, none of which may change what clients can tell. */

import { MILLISECOND, type Random } from "../../src/base/index.ts";
import type { ServerOptions } from "../../src/kv/index.ts";
import { defaultFeatures, defaultLimits, defaultTiming, type RaftTiming } from "../../src/raft/index.ts";

export type Settings = Pick<
  ServerOptions,
  "timing" | "features" | "limits" | "maxRaftState" | "reads" | "maxSessions"
>;

export const defaultSettings: Settings = {
  timing: defaultTiming,
  features: defaultFeatures,
  limits: defaultLimits,
  maxRaftState: null,
  reads: "log",
  maxSessions: 1000,
};

const HASTY: RaftTiming = { electionTimeout: 60 * MILLISECOND, heartbeatInterval: 25 * MILLISECOND };

/**
 * Swarm testing (Groce et al., ISSTA 2012): the seed draws what is on and how small the limits are, because bugs hide
 * in combinations that one default never shows.
 */
export function drawSettings(random: Random, clients: number): Settings {
  return {
    // A short timeout makes candidates collide: elections are where servers must remember what they said.
    timing: random.pick([defaultTiming, defaultTiming, HASTY]),
    features: { preVote: random.chance(750), checkQuorum: random.chance(750) },
    limits: {
      maxBatch: random.pick([1, 4, 64]),
      window: random.pick([1, 2, 8]),
      chunk: random.pick([32, 256, 4096]),
    },
    maxRaftState: random.pick([null, 100, 400, 2000]),
    reads: random.pick(["log", "index"]),
    // Often so few that sessions end which are still in use, but never fewer than clients, which would do nothing else.
    maxSessions: clients + random.pick([1, 3, 1000]),
  };
}
