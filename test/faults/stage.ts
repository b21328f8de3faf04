/** A real cluster with an injector, for tests of what faults do to it. */

import { expect } from "vitest";
import type { Cluster } from "../../lab/cluster/cluster.ts";
import { defaultSettings } from "../../lab/cluster/settings.ts";
import { type Fault, makeSchedule, type Target, type TimedFault } from "../../lab/faults/index.ts";
import { Injector } from "../../lab/run/injector.ts";
import { defaultOptions } from "../../lab/run/options.ts";
import { makeCluster } from "../../lab/run/setup.ts";
import { MILLISECOND, type NodeId, Random, SECOND } from "../../src/base/index.ts";

/** By then, with these seeds, there is a leader, and nothing has gone wrong yet. */
export const LED = 2 * SECOND;
export const STRIKE = LED + 1;
export const HEAL = STRIKE + 200 * MILLISECOND;

export const node = (id: NodeId): Target => ({ kind: "node", id });
export const leader: Target = { kind: "leader" };

export interface Stage {
  readonly cluster: Cluster;
  readonly injector: Injector;
}

/** With `membership`, two more stand by. */
export function stage(
  faults: readonly TimedFault[],
  servers = 3,
  settings = defaultSettings,
  membership = false,
): Stage {
  const options = { ...defaultOptions, servers, clients: 2, unreliable: false, reorder: false, membership };
  const cluster = makeCluster(new Random(11), options, { settings });
  const injector = new Injector(cluster, makeSchedule(faults));
  cluster.startAll();
  return { cluster, injector };
}

/** A cluster to which this happens from STRIKE to HEAL; run until just before it strikes. */
export function aboutToStrike(...faults: Fault[]): Stage {
  const stages = stage(faults.map((fault) => ({ at: STRIKE, until: HEAL, fault })));
  stages.cluster.world.run(LED);
  expect(stages.cluster.leader()).not.toBeNull();
  return stages;
}

const nodesOf = ({ serverIds, clientIds }: Cluster) => [...serverIds, ...clientIds];

/** The links that are stopped, as "n1>n2", and the nodes that are not up, as "n1 down". */
export function damage(cluster: Cluster): string[] {
  const { world } = cluster;
  const nodes = nodesOf(cluster);
  const links = nodes.flatMap((from) =>
    nodes.flatMap((to) => (world.network.isOpen(from, to) ? [] : [`${from}>${to}`])),
  );
  const ill = nodes.filter((id) => world.condition(id) !== "up").map((id) => `${id} ${world.condition(id)}`);
  return [...links, ...ill];
}

export function struckLabels({ injector, cluster }: Stage): string[] {
  return injector.struck(cluster.world.now).map(({ label }) => label);
}
