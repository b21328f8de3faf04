/** The availability bound: what is demanded of a connected majority, of whom it is not, and how long it may take. */

import { describe, expect, test } from "vitest";
import type { Cluster } from "../../lab/cluster/cluster.ts";
import { defaultSettings, type Settings } from "../../lab/cluster/settings.ts";
import { Availability } from "../../lab/oracles/availability.ts";
import { availabilityBound, type Circumstances } from "../../lab/oracles/bound.ts";
import { defaultOptions, watch } from "../../lab/run/index.ts";
import { makeCluster } from "../../lab/run/setup.ts";
import { defaultDiskTiming, perfectConditions } from "../../lab/sim/index.ts";
import { type Duration, MILLISECOND, type NodeId, Random, SECOND } from "../../src/base/index.ts";

/** By then, with this seed, there is a leader. */
const LED = 2 * SECOND;

const only = (preVote: boolean, checkQuorum: boolean): Settings => ({
  ...defaultSettings,
  features: { preVote, checkQuorum },
});

/**
 * A cluster with this deliberate bug; `arrange` does something to it and its leader when it has one, and then nothing
 * happens for so long. Returns what was missed.
 */
function watched(
  mutant: string | null,
  arrange: (cluster: Cluster, leader: NodeId, changed: () => void) => void,
  { settings = defaultSettings, length = 20 * SECOND }: { settings?: Settings; length?: Duration } = {},
) {
  const options = { ...defaultOptions, unreliable: false, reorder: false, mutant, duration: 60 * SECOND };
  const cluster = makeCluster(new Random(11), options, { settings });
  const availability = new Availability(cluster, watch(cluster).recorder, options.duration);
  const { world } = cluster;
  world.setConditions(perfectConditions);
  cluster.startAll();
  world.run(LED, () => availability.missed);
  expect(availability.violation).toBeNull();
  const leader = cluster.leader()!;
  arrange(cluster, leader, () => availability.changed());
  availability.changed();
  world.run(LED + length, () => availability.missed);
  return { violation: availability.violation, cluster, leader };
}

const cutWays = ({ world, serverIds }: Cluster, id: NodeId, ways: "in" | "out" | "both") => {
  for (const other of serverIds) {
    if (other === id) continue;
    if (ways !== "out") world.network.cut(other, id);
    if (ways !== "in") world.network.cut(id, other);
  }
};
const deafen = (cluster: Cluster, leader: NodeId) => cutWays(cluster, leader, "in");
const isolate = (cluster: Cluster, leader: NodeId) => cutWays(cluster, leader, "both");

describe("a connected majority", () => {
  test("that nobody leads misses the bound, and the violation says who, when and how long", () => {
    const { violation, leader, cluster } = watched("noElectionTimer", isolate);
    const connected = cluster.serverIds.filter((id) => id !== leader);
    expect(violation).toMatchObject({ kind: "liveness", name: "availability", nodes: connected });
    expect(violation!.message).toMatch(
      new RegExp(`^${connected.join(", ")} were connected, c\\d reached them all .* within \\d\\.\\d{3} s$`),
    );
    const limit = Number(/within (\d\.\d+) s/.exec(violation!.message)![1]) * SECOND;
    expect(violation!.at - LED).toBeGreaterThan(limit);
    // A client waits before long, and the clock began with its operation or with the cut.
    expect(violation!.at - LED).toBeLessThan(limit + 0.5 * SECOND);
  });

  const asMeant: readonly [what: string, arrange: (cluster: Cluster, leader: NodeId) => void][] = [
    ["its leader is isolated", isolate],
    ["its leader hears nobody", deafen],
    ["nobody hears its leader", (cluster, leader) => cutWays(cluster, leader, "out")],
    ["its leader is paused", ({ world }, leader) => world.pause(leader)],
    ["its leader crashes", ({ world }, leader) => world.crash(leader)],
    [
      "a follower hears nobody",
      (cluster, leader) => deafen(cluster, cluster.serverIds.find((id) => id !== leader)!),
    ],
  ];
  test.each(asMeant)("gets on when %s, as the system is meant to be", (_, arrange) => {
    expect(watched(null, arrange).violation).toBeNull();
  });

  test("must get on beside a leader that hears nobody: that is what CheckQuorum and PreVote are for", () => {
    expect(watched("noCheckQuorum", deafen).violation?.name).toBe("availability");
  });

  test.each([
    ["PreVote", only(false, true)],
    ["CheckQuorum", only(true, false)],
  ])("need not get on beside it without %s, but must when the leader is cut off", (_, settings) => {
    expect(watched("noCheckQuorum", deafen, { settings }).violation).toBeNull();
    expect(watched("noElectionTimer", isolate, { settings }).violation?.name).toBe("availability");
  });

  /** Its successor is elected behind a cut; then it is heard again, hears nobody, and its successor crashes. */
  const depose = (cluster: Cluster, leader: NodeId, changed: () => void) => {
    const { world, serverIds } = cluster;
    isolate(cluster, leader);
    changed();
    world.run(2 * LED, () => false);
    for (const id of serverIds) if (id !== leader) world.network.heal(leader, id);
    world.crash(cluster.leader()!);
  };
  const withoutCheckQuorum = { settings: only(false, false) };

  test("must get on beside a leader of an earlier term that hears nobody, which does no harm", () => {
    expect(watched(null, depose, withoutCheckQuorum).violation).toBeNull();
    expect(watched("deposedLeaderResets", depose, withoutCheckQuorum).violation?.name).toBe("availability");
  });
});

describe("nothing is demanded", () => {
  const excused: readonly [why: string, arrange: (cluster: Cluster, leader: NodeId) => void][] = [
    [
      "while no majority is connected",
      (cluster, leader) => {
        const [one, other] = cluster.serverIds.filter((id) => id !== leader);
        isolate(cluster, leader);
        cutWays(cluster, one!, "both");
        cluster.world.pause(other!);
      },
    ],
    [
      "of servers that are linked to one another only in part",
      (cluster, leader) => {
        isolate(cluster, leader);
        const [one, other] = cluster.serverIds.filter((id) => id !== leader);
        cluster.world.network.cut(one!, other!);
      },
    ],
    [
      "while no client reaches them all",
      (cluster, leader) => {
        isolate(cluster, leader);
        const follower = cluster.serverIds.find((id) => id !== leader)!;
        for (const client of cluster.clientIds) cluster.world.network.cut(client, follower);
      },
    ],
    [
      "while the network loses most of what is sent",
      (cluster, leader) => {
        isolate(cluster, leader);
        cluster.world.setConditions({ ...perfectConditions, loss: 800 });
      },
    ],
    [
      "while messages take as long as election timeouts",
      (cluster, leader) => {
        isolate(cluster, leader);
        cluster.world.setConditions({ ...perfectConditions, extraDelay: 100 * MILLISECOND });
      },
    ],
  ];
  test.each(excused)("%s", (_, arrange) => {
    expect(watched("noElectionTimer", arrange).violation).toBeNull();
  });

  test("while faults that concern them come and go faster than the bound; and after them it is", () => {
    const flap = (until: number) => (cluster: Cluster, leader: NodeId, changed: () => void) => {
      isolate(cluster, leader);
      const follower = cluster.serverIds.find((id) => id !== leader)!;
      for (let at = LED + SECOND; at < until; at += SECOND) {
        cluster.world.at(at, () => {
          cutWays(cluster, follower, "both");
          changed();
        });
        cluster.world.at(at + 10 * MILLISECOND, () => {
          for (const other of cluster.serverIds) {
            if (other === follower) continue;
            cluster.world.network.heal(other, follower);
            cluster.world.network.heal(follower, other);
          }
          changed();
        });
      }
    };
    expect(watched("noElectionTimer", flap(LED + 20 * SECOND)).violation).toBeNull();
    expect(watched("noElectionTimer", flap(LED + 5 * SECOND)).violation).not.toBeNull();
  });
});

describe("the bound", () => {
  const circumstances: Circumstances = {
    settings: defaultSettings,
    disk: defaultDiskTiming,
    conditions: perfectConditions,
    servers: 5,
    connected: 3,
    attemptTimeout: 300 * MILLISECOND,
    lag: { entries: 0, bytes: 0 },
  };
  const bound = (change: Partial<Circumstances> = {}) => availabilityBound({ ...circumstances, ...change });
  const hasty = {
    ...defaultSettings,
    timing: { electionTimeout: 60 * MILLISECOND, heartbeatInterval: 25 * MILLISECOND },
  };

  test("is short enough on a network without losses for a siege in a default run to outlast it", () => {
    expect(bound()!).toBeLessThan(4.5 * SECOND);
    expect(bound({ settings: hasty })!).toBeLessThan(2.5 * SECOND);
  });

  test("is never less than a leader's time to step down, an election and its split votes", () => {
    expect(bound()!).toBeGreaterThan((2 + 2 * 3) * defaultSettings.timing.electionTimeout);
  });

  test("grows with losses, delays, slow disks and what the slowest has to catch up with", () => {
    const conditions = (change: object) => ({ conditions: { ...perfectConditions, ...change } });
    for (const worse of [
      conditions({ loss: 20 }),
      conditions({ reordering: 20 }),
      conditions({ extraDelay: 10 * MILLISECOND }),
      { disk: { write: 100, fsync: 2 * MILLISECOND } },
      { lag: { entries: 100_000, bytes: 0 } },
      { lag: { entries: 0, bytes: 1_000_000 } },
    ])
      expect(bound(worse)!, JSON.stringify(worse)).toBeGreaterThan(bound()!);
  });

  test("is none where elections fail nearly always, or a round trip takes half of an election timeout", () => {
    expect(bound({ conditions: { ...perfectConditions, loss: 400 } })).toBeNull();
    expect(bound({ conditions: { ...perfectConditions, extraDelay: 70 * MILLISECOND } })).toBeNull();
    const ofThree = { servers: 3, connected: 2 };
    const delayed = (extraDelay: Duration) => ({ conditions: { ...perfectConditions, extraDelay } });
    expect(bound({ ...ofThree, ...delayed(58 * MILLISECOND) })).not.toBeNull();
    expect(bound({ ...ofThree, ...delayed(65 * MILLISECOND) })).toBeNull();
    expect(bound({ settings: hasty, disk: { write: 0, fsync: 10 * MILLISECOND } })).toBeNull();
  });
});
