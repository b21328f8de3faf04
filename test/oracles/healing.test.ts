/** Progress after healing: how long a core may take that has to catch up first. */

import { expect, test } from "vitest";
import { defaultSettings } from "../../lab/cluster/settings.ts";
import { LIVENESS_BOUND } from "../../lab/oracles/index.ts";
import { Liveness } from "../../lab/oracles/liveness.ts";
import { defaultOptions, run, watch } from "../../lab/run/index.ts";
import { makeCluster } from "../../lab/run/setup.ts";
import { Random, SECOND } from "../../src/base/index.ts";

// Seed 8618 of a sweep: entries one by one to slow disks, and of the three servers that were healed one lacked 277.
test("a core with a server far behind may take as long as its entries do, message by message, disk by disk", () => {
  const options = { ...defaultOptions, unreliable: false, reorder: false, duration: 4 * SECOND };
  const limits = { maxBatch: 1, window: 1, chunk: 32 };
  const cluster = makeCluster(new Random(11), options, {
    settings: { ...defaultSettings, limits, slowDisks: "all" },
  });
  const liveness = new Liveness(cluster, watch(cluster).recorder, options.duration);
  const { world, serverIds } = cluster;
  cluster.startAll();
  world.run(SECOND);
  const behind = serverIds.find((id) => id !== cluster.leader())!;
  for (const other of serverIds) {
    if (other === behind) continue;
    world.network.cut(other, behind);
    world.network.cut(behind, other);
  }
  world.run(options.duration);
  const ends = serverIds.map((id) => cluster.raft(id)!.log.lastIndex);
  const lag = Math.max(...ends) - cluster.raft(behind)!.log.lastIndex;
  expect(lag).toBeGreaterThan(20);
  // A write takes up to twice 15 ms, and waits for one that is under way.
  expect(liveness.boundWithout([])).toBeGreaterThan(LIVENESS_BOUND + lag * 0.06 * SECOND);
  expect(liveness.boundWithout([behind])).toBeLessThan(LIVENESS_BOUND + SECOND);
});

const brief = { ...defaultOptions, clients: 1, duration: SECOND };
const SEEDS = Array.from({ length: 100 }, (_, i) => i + 1);

test("faults that end before anybody had an answer do not end the run: somebody has one at its end", () => {
  const reports = SEEDS.map((seed) => run(seed, brief).report);
  const late = reports.filter(({ operations }) => operations.some(({ call }) => call >= brief.duration));
  expect(late.length).toBeGreaterThan(0);
  expect(reports.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
});

test("a cluster that never serves anybody is found out by a client that gives up in time, too", () => {
  const reports = SEEDS.map((seed) => run(seed, { ...brief, mutant: "noElectionTimer" }).report);
  expect(reports.filter(({ outcome }) => outcome === "unknown")).toEqual([]);
  const gaveUp = reports.filter(({ outcome, counts }) => outcome === "liveness" && counts.indeterminate > 0);
  expect(gaveUp.length).toBeGreaterThan(0);
  for (const { violation } of gaveUp)
    expect(violation).toMatchObject({ name: "progress after healing", nodes: ["c1"] });
});
