/** The injector on a real cluster: each fault does what its label says, to whom it says, and leaves nothing behind. */

import { describe, expect, test } from "vitest";
import type { Cluster } from "../../lab/cluster/cluster.ts";
import { defaultSettings } from "../../lab/cluster/settings.ts";
import type { Fault, FaultClass, Target } from "../../lab/faults/index.ts";
import { type NodeId, SECOND } from "../../src/base/index.ts";
import { aboutToStrike, damage, HEAL, LED, leader, node, STRIKE, stage, struckLabels } from "./stage.ts";

const between = (some: readonly NodeId[], others: readonly NodeId[]) =>
  [...some.flatMap((a) => others.flatMap((b) => [`${a}>${b}`, `${b}>${a}`]))].sort();

describe("a fault does what its label says from its beginning to its end:", () => {
  const table: readonly [label: string, fault: Fault, damage: readonly string[], nodes: readonly NodeId[]][] =
    [
      ["crash n2", { kind: "crash", target: node("n2") }, ["n2 down"], ["n2"]],
      ["crash c1", { kind: "crash", target: node("c1") }, ["c1 down"], ["c1"]],
      [
        "crash every server (n1 n2 n3)",
        { kind: "crash", target: { kind: "all" } },
        ["n1 down", "n2 down", "n3 down"],
        ["n1", "n2", "n3"],
      ],
      ["pause n3", { kind: "pause", target: node("n3") }, ["n3 paused"], ["n3"]],
      ["pause c2", { kind: "pause", target: node("c2") }, ["c2 paused"], ["c2"]],
      [
        "cut n1 c1 | n2 n3",
        {
          kind: "partition",
          cut: {
            kind: "groups",
            groups: [
              ["n1", "c1"],
              ["n2", "n3"],
            ],
          },
        },
        between(["n1", "c1"], ["n2", "n3"]),
        ["n1", "c1", "n2", "n3"],
      ],
      [
        "cut n1 | n2 | n3",
        { kind: "partition", cut: { kind: "groups", groups: [["n1"], ["n2"], ["n3"]] } },
        [...between(["n1"], ["n2", "n3"]), ...between(["n2"], ["n3"])],
        ["n1", "n2", "n3"],
      ],
      [
        "isolate n1",
        { kind: "partition", cut: { kind: "isolate", target: node("n1"), companions: [] } },
        between(["n1"], ["n2", "n3"]),
        ["n1"],
      ],
      [
        "isolate n1 with c2",
        { kind: "partition", cut: { kind: "isolate", target: node("n1"), companions: ["c2"] } },
        between(["n1", "c2"], ["n2", "n3"]),
        ["n1", "c2"],
      ],
      [
        "isolate n1 with n2",
        { kind: "partition", cut: { kind: "isolate", target: node("n1"), companions: ["n2"] } },
        between(["n1", "n2"], ["n3"]),
        ["n1", "n2"],
      ],
      [
        "isolate c1",
        { kind: "partition", cut: { kind: "isolate", target: node("c1"), companions: [] } },
        between(["c1"], ["n1", "n2", "n3"]),
        ["c1"],
      ],
      [
        "n2 hears no server",
        { kind: "partition", cut: { kind: "oneWay", target: node("n2"), direction: "in" } },
        ["n1>n2", "n3>n2"],
        ["n2"],
      ],
      [
        "every server (n1 n2 n3) hears no server",
        { kind: "partition", cut: { kind: "oneWay", target: { kind: "all" }, direction: "in" } },
        [...between(["n1"], ["n2", "n3"]), ...between(["n2"], ["n3"])],
        ["n1", "n2", "n3"],
      ],
      [
        "no server hears n2",
        { kind: "partition", cut: { kind: "oneWay", target: node("n2"), direction: "out" } },
        ["n2>n1", "n2>n3"],
        ["n2"],
      ],
    ];

  test.each(table)("%s", (label, fault, expected, nodes) => {
    const scene = aboutToStrike(fault);
    const { cluster, injector } = scene;
    expect(damage(cluster)).toEqual([]);
    cluster.world.run(STRIKE);
    expect(damage(cluster).sort()).toEqual([...expected].sort());
    cluster.world.run(HEAL - 1);
    expect(damage(cluster).sort()).toEqual([...expected].sort());
    cluster.world.run(HEAL);
    expect(damage(cluster)).toEqual([]);
    const band = { kind: fault.kind, label, at: STRIKE, until: HEAL, nodes };
    const isCut = fault.kind === "partition" && fault.cut.kind === "groups";
    expect(injector.struck(HEAL)).toEqual([isCut ? { ...band, groups: fault.cut.groups } : band]);
    expect(injector.counts([fault.kind as FaultClass])).toEqual({ [fault.kind]: 1 });
  });

  const storms: readonly [label: string, fault: Fault, conditions: object][] = [
    ["the network loses 25 % of messages", { kind: "loss", permille: 250 }, { loss: 250 }],
    ["the network duplicates 0.5 % of messages", { kind: "duplication", permille: 5 }, { duplication: 5 }],
    ["the network reorders 40 % of messages", { kind: "reordering", permille: 400 }, { reordering: 400 }],
    ["the network delays messages by up to 12.5 ms", { kind: "delay", upTo: 12_500 }, { extraDelay: 12_500 }],
  ];
  test.each(storms)("%s", (label, fault, conditions) => {
    const scene = aboutToStrike(fault);
    const { world } = scene.cluster;
    const calm = world.network.conditions;
    world.run(STRIKE);
    expect(world.network.conditions).toEqual({ ...calm, ...conditions });
    world.run(HEAL);
    expect(world.network.conditions).toEqual(calm);
    expect(struckLabels(scene)).toEqual([label]);
  });

  test("a crash that is healed is a new life, and a pause that is healed the same one", () => {
    const { cluster } = aboutToStrike(
      { kind: "crash", target: node("n1") },
      { kind: "pause", target: node("n2") },
    );
    cluster.world.run(HEAL);
    expect(["n1", "n2", "n3"].map((id) => cluster.world.incarnation(id))).toEqual([1, 0, 0]);
  });
});

describe("a role", () => {
  const faults: readonly [what: string, fault: Fault, label: (id: NodeId) => string][] = [
    ["crashed", { kind: "crash", target: leader }, (id) => `crash the leader (${id})`],
    ["paused", { kind: "pause", target: leader }, (id) => `pause the leader (${id})`],
    [
      "isolated",
      { kind: "partition", cut: { kind: "isolate", target: leader, companions: ["c1"] } },
      (id) => `isolate the leader (${id}) with c1`,
    ],
    [
      "deafened",
      { kind: "partition", cut: { kind: "oneWay", target: leader, direction: "in" } },
      (id) => `the leader (${id}) hears no server`,
    ],
    [
      "muted",
      { kind: "partition", cut: { kind: "oneWay", target: leader, direction: "out" } },
      (id) => `no server hears the leader (${id})`,
    ],
  ];
  test.each(faults)("is resolved when the fault strikes: whoever leads then is %s", (_, fault, label) => {
    const scene = aboutToStrike(fault);
    const id = scene.cluster.leader()!;
    scene.cluster.world.run(STRIKE);
    expect(struckLabels(scene)).toEqual([label(id)]);
    // The heal is for the same node, whoever leads by then.
    scene.cluster.world.run(HEAL);
    expect(damage(scene.cluster)).toEqual([]);
  });

  test("is resolved again by the next fault, to whoever leads by then", () => {
    const crash: Fault = { kind: "crash", target: leader };
    const scene = stage(
      [
        { at: LED, until: 20 * SECOND, fault: crash },
        { at: 6 * SECOND, until: 20 * SECOND, fault: crash },
      ],
      5,
    );
    scene.cluster.world.run(7 * SECOND);
    const victims = scene.injector.struck(7 * SECOND).map(({ nodes }) => nodes[0]);
    expect(victims).toHaveLength(2);
    expect(victims[0]).not.toBe(victims[1]);
  });

  test("is played by whoever leads the highest term: one cut off who still believes to lead is not meant", () => {
    const isolate: Fault = { kind: "partition", cut: { kind: "isolate", target: leader, companions: [] } };
    const { cluster, injector } = stage(
      [
        { at: LED, until: 20 * SECOND, fault: isolate },
        { at: 6 * SECOND, until: 20 * SECOND, fault: { kind: "pause", target: leader } },
      ],
      5,
      // Otherwise it would notice, and step down.
      { ...defaultSettings, features: { ...defaultSettings.features, checkQuorum: false } },
    );
    cluster.world.run(6 * SECOND);
    const [cutOff, paused] = injector.struck(6 * SECOND).map(({ nodes }) => nodes[0]!);
    const raft = (id: NodeId) => cluster.server(id)!.raft;
    expect([raft(cutOff!).role, raft(paused!).role]).toEqual(["leader", "leader"]);
    expect(raft(paused!).currentTerm).toBeGreaterThan(raft(cutOff!).currentTerm);
  });
});

describe("a fault without a victim did not happen, and is not counted:", () => {
  const isolate = (target: Target): Fault => ({
    kind: "partition",
    cut: { kind: "isolate", target, companions: [] },
  });
  const table: readonly [what: string, arrange: (cluster: Cluster) => void, fault: Fault][] = [
    [
      "nobody leads",
      ({ world, serverIds }) => serverIds.forEach((id) => void world.crash(id)),
      isolate(leader),
    ],
    [
      "nobody leads to be crashed",
      ({ world, serverIds }) => serverIds.forEach((id) => void world.crash(id)),
      { kind: "crash", target: leader },
    ],
    ["it is down already", ({ world }) => world.crash("n1"), { kind: "crash", target: node("n1") }],
    ["who is down cannot be paused", ({ world }) => world.crash("n1"), { kind: "pause", target: node("n1") }],
    ["it is paused already", ({ world }) => world.pause("n1"), { kind: "pause", target: node("n1") }],
    [
      "a group stands alone",
      () => {},
      { kind: "partition", cut: { kind: "groups", groups: [["n1", "n2"], []] } },
    ],
    ["all servers are on one side", () => {}, isolate({ kind: "all" })],
  ];
  test.each(table)("%s", (_, arrange, fault) => {
    const { cluster, injector } = aboutToStrike(fault);
    arrange(cluster);
    const damaged = damage(cluster);
    cluster.world.run(STRIKE);
    expect(damage(cluster)).toEqual(damaged);
    expect(injector.struck(HEAL)).toEqual([]);
    expect(injector.counts([fault.kind as FaultClass])).toEqual({ [fault.kind]: 0 });
    cluster.world.run(HEAL);
  });

  test("while those of several that can be struck are", () => {
    const scene = aboutToStrike({ kind: "crash", target: { kind: "all" } });
    scene.cluster.world.crash("n2");
    scene.cluster.world.run(STRIKE);
    expect(struckLabels(scene)).toEqual(["crash every server (n1 n3)"]);
    scene.cluster.world.run(HEAL);
    // Who crashed it must restart it.
    expect(damage(scene.cluster)).toEqual(["n2 down"]);
  });
});

describe("what struck", () => {
  test("is told up to the end of the run, and what is still to come is not told", () => {
    const fault: Fault = { kind: "loss", permille: 1 };
    const { cluster, injector } = stage([
      { at: 10, until: 500, fault },
      { at: 300, until: 400, fault: { kind: "loss", permille: 2 } },
    ]);
    cluster.world.run(200);
    expect(injector.struck(200).map(({ at, until }) => [at, until])).toEqual([[10, 200]]);
  });

  test("is counted in messages where a fault is the network's", () => {
    const { cluster, injector } = aboutToStrike(
      { kind: "loss", permille: 300 },
      { kind: "delay", upTo: 1000 },
      { kind: "duplication", permille: 900 },
      { kind: "reordering", permille: 900 },
    );
    const kinds = ["loss", "delay", "duplication", "reordering"] as const;
    expect(injector.counts(kinds)).toEqual({ loss: 0, delay: 0, duplication: 0, reordering: 0 });
    cluster.world.run(HEAL);
    const { counters } = cluster.world.network;
    expect(injector.counts(kinds)).toEqual({
      loss: counters.lost,
      delay: counters.delayed,
      duplication: counters.duplicated,
      reordering: counters.reordered,
    });
    for (const count of Object.values(injector.counts(kinds))) expect(count).toBeGreaterThan(0);
  });
});
