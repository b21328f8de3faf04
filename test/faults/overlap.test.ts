/** Faults that overlap on the same nodes: whatever the order in which they come and go, at the end all is well again. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Cluster } from "../../lab/cluster/cluster.ts";
import { type Fault, makeSchedule, type Target, type TimedFault } from "../../lab/faults/index.ts";
import { Injector } from "../../lab/run/injector.ts";
import { defaultOptions } from "../../lab/run/options.ts";
import { makeCluster } from "../../lab/run/setup.ts";
import { Random } from "../../src/base/index.ts";

const n1: Target = { kind: "node", id: "n1" };

/** One of each kind, all of them about n1. */
const faults: Readonly<Record<string, Fault>> = {
  groups: {
    kind: "partition",
    cut: {
      kind: "groups",
      groups: [
        ["n1", "c1"],
        ["n2", "n3", "c2"],
      ],
    },
  },
  isolate: { kind: "partition", cut: { kind: "isolate", target: n1, companions: ["c1"] } },
  deafen: { kind: "partition", cut: { kind: "oneWay", target: n1, direction: "in" } },
  mute: { kind: "partition", cut: { kind: "oneWay", target: n1, direction: "out" } },
  crash: { kind: "crash", target: n1 },
  crashAll: { kind: "crash", target: { kind: "all" } },
  pause: { kind: "pause", target: n1 },
  pauseAll: { kind: "pause", target: { kind: "all" } },
  loss: { kind: "loss", permille: 300 },
  lessLoss: { kind: "loss", permille: 100 },
  delay: { kind: "delay", upTo: 5000 },
  duplication: { kind: "duplication", permille: 300 },
  reordering: { kind: "reordering", permille: 300 },
};

/** How two stretches of time can lie to each other. */
const overlaps: readonly [how: string, first: [number, number], second: [number, number]][] = [
  ["begins within and outlasts", [100, 300], [200, 400]],
  ["lies within", [100, 400], [200, 300]],
  ["begins and ends with", [100, 300], [100, 300]],
  ["begins with and outlasts", [100, 300], [100, 400]],
  ["begins at the end of", [100, 300], [300, 400]],
  ["has no length, within", [100, 300], [200, 200]],
];

function play(schedule: readonly TimedFault[]): Cluster {
  const options = { ...defaultOptions, servers: 3, clients: 2 };
  const cluster = makeCluster(new Random(5), options);
  new Injector(cluster, makeSchedule(schedule));
  cluster.startAll();
  return cluster;
}

function expectAllWell(cluster: Cluster, calm: unknown): void {
  const { world, serverIds, clientIds } = cluster;
  const nodes = [...serverIds, ...clientIds];
  expect(world.network.conditions).toEqual(calm);
  expect(nodes.filter((id) => world.condition(id) !== "up")).toEqual([]);
  for (const from of nodes) {
    for (const to of nodes) expect(world.network.isOpen(from, to), `${from} -> ${to}`).toBe(true);
  }
}

describe("two faults on the same node heal completely", () => {
  const milliseconds = ([at, until]: [number, number], fault: Fault): TimedFault => ({
    at: at * 1000,
    until: until * 1000,
    fault,
  });

  test.each(overlaps)("when one %s the other, whichever two they are", (_, first, second) => {
    for (const [one, a] of Object.entries(faults)) {
      for (const [other, b] of Object.entries(faults)) {
        const cluster = play([milliseconds(first, a), milliseconds(second, b)]);
        const calm = cluster.world.network.conditions;
        expect(() => cluster.world.run(400_000), `${one}, then ${other}`).not.toThrow();
        expectAllWell(cluster, calm);
      }
    }
  });

  test("and until both have ended the link stays cut that both cut", () => {
    const { isolate, deafen } = faults;
    const cluster = play([milliseconds([100, 300], isolate!), milliseconds([200, 400], deafen!)]);
    const { world } = cluster;
    const open = () => [world.network.isOpen("n2", "n1"), world.network.isOpen("n1", "n2")];
    world.run(350_000);
    expect(open()).toEqual([false, true]);
    world.run(400_000);
    expect(open()).toEqual([true, true]);
  });

  const storms: readonly [which: string, first: Fault, second: Fault, losses: number[]][] = [
    ["the second", faults.lessLoss!, faults.loss!, [100, 300, 100, 0]],
    ["the first", faults.loss!, faults.lessLoss!, [300, 300, 300, 0]],
  ];
  test.each(storms)(
    "and of two storms of one kind the worse counts while it lasts: %s",
    (_, a, b, losses) => {
      const cluster = play([milliseconds([100, 400], a), milliseconds([200, 300], b)]);
      const seen = [150, 250, 350, 450].map((time) => {
        cluster.world.run(time * 1000);
        return cluster.world.network.conditions.loss;
      });
      expect(seen).toEqual(losses);
    },
  );

  test("and a storm that comes twice, as the same object, lasts until the end of the second", () => {
    const { loss } = faults;
    const cluster = play([milliseconds([100, 300], loss!), milliseconds([200, 400], loss!)]);
    cluster.world.run(350_000);
    expect(cluster.world.network.conditions.loss).toBe(300);
    cluster.world.run(400_000);
    expect(cluster.world.network.conditions.loss).toBe(0);
  });

  test("and a life that began during a pause is not resumed by that pause's end", () => {
    const cluster = play([
      milliseconds([100, 400], faults.pause!),
      milliseconds([200, 250], faults.crash!),
      milliseconds([300, 600], faults.pause!),
    ]);
    const { world } = cluster;
    world.run(450_000);
    expect([world.condition("n1"), world.incarnation("n1")]).toEqual(["paused", 1]);
    world.run(600_000);
    expect(world.condition("n1")).toBe("up");
  });
});

test("any dozen faults at any times heal completely", () => {
  const timed = fc
    .record({
      at: fc.nat(20),
      length: fc.nat(20),
      name: fc.constantFrom(...Object.keys(faults)),
    })
    .map(({ at, length, name }) => ({
      at: at * 10_000,
      until: (at + length) * 10_000,
      fault: faults[name]!,
    }));
  fc.assert(
    fc.property(fc.array(timed, { maxLength: 12 }), (schedule) => {
      const cluster = play(schedule);
      const calm = cluster.world.network.conditions;
      cluster.world.run(400_000);
      expectAllWell(cluster, calm);
    }),
    { seed: 1, numRuns: 100 },
  );
});
