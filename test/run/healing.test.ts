/** Progress after healing: how long a core may take that has to catch up first. */

import { expect, test } from "vitest";
import { defaultOptions, LIVENESS_BOUND, watch } from "../../lab/run/index.ts";
import { Liveness } from "../../lab/run/liveness.ts";
import { defaultSettings } from "../../lab/run/settings.ts";
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
