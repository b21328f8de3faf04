/** What strikes when something happens, not when it is time: an operator's transfer, and faults that wait for an answer. */

import { describe, expect, test } from "vitest";
import type { Cluster } from "../../lab/cluster/cluster.ts";
import { defaultSettings } from "../../lab/cluster/settings.ts";
import { type Fault, makeSchedule, type TimedFault } from "../../lab/faults/index.ts";
import { Injector } from "../../lab/run/injector.ts";
import { defaultOptions } from "../../lab/run/options.ts";
import { makeCluster } from "../../lab/run/setup.ts";
import { type Duration, MILLISECOND, Random, SECOND } from "../../src/base/index.ts";
import {
  aboutToStrike,
  damage,
  HEAL,
  LED,
  leader,
  node,
  STRIKE,
  type Stage,
  stage,
  struckLabels,
} from "./stage.ts";

describe("an operator's transfer", () => {
  test("makes another server the leader of a later term, and is no fault that is counted", () => {
    const { cluster, injector } = aboutToStrike({ kind: "transfer", to: "n1" });
    const before = cluster.leader()!;
    const term = cluster.raft(before)!.currentTerm;
    cluster.world.run(HEAL);
    const successor = before === "n1" ? "n2" : "n1";
    expect(cluster.leader()).toBe(successor);
    expect(cluster.raft(successor)!.currentTerm).toBe(term + 1);
    expect(struckLabels({ cluster, injector })).toEqual([`${before} hands over to ${successor}`]);
  });

  test.each<[string, (cluster: Cluster) => void, Fault]>([
    [
      "nobody leads",
      ({ world, serverIds }) => serverIds.forEach((id) => void world.crash(id)),
      { kind: "transfer", to: "n1" },
    ],
    [
      "the leader is paused",
      (cluster) => cluster.world.pause(cluster.leader()!),
      { kind: "transfer", to: "n1" },
    ],
    ["a client should take over", () => {}, { kind: "transfer", to: "c1" }],
  ])("does not happen if %s", (_, arrange, fault) => {
    const scene = aboutToStrike(fault);
    arrange(scene.cluster);
    scene.cluster.world.run(STRIKE);
    expect(struckLabels(scene)).toEqual([]);
  });
});

describe("a fault that waits for an answer", () => {
  const ambush = (length: Duration): TimedFault => ({
    at: STRIKE,
    until: STRIKE + length,
    fault: { kind: "crash", target: leader },
    on: "answer",
  });

  /** When servers answered clients, after the ambush was laid. */
  function answers(scene: Stage): number[] {
    const times: number[] = [];
    const { world } = scene.cluster;
    world.observe({
      sent: (_, __, payload) => {
        if (payload.kind === "result" && world.now >= STRIKE) times.push(world.now);
      },
    });
    return times;
  }

  test("strikes at that instant, once, and heals when it was to", () => {
    const scene = stage([ambush(SECOND)]);
    const times = answers(scene);
    scene.cluster.world.run(STRIKE + 2 * SECOND);
    const [band, ...more] = scene.injector.struck(STRIKE + 2 * SECOND);
    expect(more).toEqual([]);
    expect(band!.at).toBe(times[0]);
    expect(band!.until).toBe(STRIKE + SECOND);
    expect(damage(scene.cluster)).toEqual([]);
  });

  test("does not strike when none comes in time", () => {
    const scene = stage([ambush(SECOND)]);
    const { world, serverIds } = scene.cluster;
    // Early enough that what was asked before is answered before.
    world.run(LED - 10 * MILLISECOND);
    for (const server of serverIds) for (const client of ["c1", "c2"]) world.network.cut(client, server);
    world.run(STRIKE + SECOND);
    for (const server of serverIds) for (const client of ["c1", "c2"]) world.network.heal(client, server);
    world.run(STRIKE + 4 * SECOND);
    expect(scene.injector.struck(STRIKE + 4 * SECOND)).toEqual([]);
  });
});

test("who asked is told after every fault and after every healing", () => {
  const options = { ...defaultOptions, servers: 3, clients: 2 };
  const cluster = makeCluster(new Random(11), options, { settings: defaultSettings });
  const told: string[] = [];
  const fault: Fault = { kind: "crash", target: node("n2") };
  new Injector(cluster, makeSchedule([{ at: 100, until: 300, fault }]), SECOND, {
    changed: () => told.push(`${cluster.world.now} ${cluster.world.condition("n2")}`),
    disturbed: () => {},
  });
  cluster.startAll();
  cluster.world.run(500);
  expect(told).toEqual(["100 down", "300 up"]);
});
