/** Changes of the membership as steps of a schedule: what an operator asks for, and when. */

import { describe, expect, test } from "vitest";
import { defaultSettings } from "../../lab/cluster/settings.ts";
import { drawChanges, type Fault, type TimedFault } from "../../lab/faults/index.ts";
import { canWork, spared } from "../../lab/oracles/working.ts";
import { defaultOptions, run, scheduleOf } from "../../lab/run/index.ts";
import { Random, SECOND } from "../../src/base/index.ts";
import { configurationOf, type Raft } from "../../src/raft/index.ts";
import { LED, leader, node, STRIKE, stage, struckLabels } from "./stage.ts";

type Change = Fault & { kind: "membership" };

const change = (add: readonly string[], ...remove: Change["remove"]): Change => ({
  kind: "membership",
  add,
  remove,
});

/** Three members and two who stand by, n4 and n5; this is asked at STRIKE. */
function asked(fault: Fault, more: Partial<TimedFault> = {}) {
  const scene = stage([{ at: STRIKE, until: STRIKE + 1, fault, ...more }], 3, defaultSettings, true);
  scene.cluster.world.run(LED);
  return { ...scene, led: scene.cluster.leader()! };
}

const others = (led: string) => ["n1", "n2", "n3"].filter((id) => id !== led);

describe("an operator", () => {
  test("has a server taken in for another", () => {
    const scene = asked(change(["n4"], leader));
    scene.cluster.world.run(STRIKE);
    expect(struckLabels(scene)).toEqual([`${scene.led} is asked to take in n4 for itself`]);
    scene.cluster.world.run(STRIKE + 2 * SECOND);
    const now = scene.cluster.leader()!;
    expect([...scene.cluster.membersOf(now)].sort()).toEqual([...others(scene.led), "n4"]);
  });

  test("is told of in decisions, roles resolved", () => {
    const { cluster, injector, led } = asked(change(["n4", "n5"], leader));
    cluster.world.run(STRIKE + SECOND);
    const [{ fault }] = injector.decisions(STRIKE + SECOND) as [TimedFault];
    expect(fault).toEqual(change(["n4", "n5"], node(led)));
  });

  test.each<[string, Change, boolean]>([
    ["a member to join", change(["n1"]), false],
    ["a stranger to leave", change([], node("n4")), false],
    ["everybody to leave", change([], node("n1"), node("n2"), node("n3")), false],
    ["a member and another to join", change(["n1", "n5"]), true],
  ])("who asks for %s is heard as far as it means anything", (_, fault, strikes) => {
    const scene = asked(fault);
    scene.cluster.world.run(STRIKE);
    expect(struckLabels(scene).length > 0).toBe(strikes);
    expect(scene.injector.counts(["membership"])).toEqual({ membership: strikes ? 1 : 0 });
  });

  test("can wait for the next leader, and asks too early", () => {
    const scene = asked(change(["n4"]), { on: "election", until: STRIKE + 3 * SECOND });
    const { cluster, led } = scene;
    cluster.world.run(STRIKE + SECOND);
    expect(struckLabels(scene)).toEqual([]);
    cluster.world.crash(led);
    cluster.world.run(STRIKE + 3 * SECOND);
    expect(struckLabels(scene)).toEqual([`${cluster.leader()} is asked to take in n4`]);
    expect(Object.fromEntries(cluster.refusals)).toEqual({ "has committed nothing in its term": 1 });
  });
});

describe("the changes of a run", () => {
  const members = ["n1", "n2", "n3"];
  const options = {
    ...{ members, servers: [...members, "n4", "n5"], duration: 6 * SECOND },
    classes: ["crash", "partition"] as const,
  };

  test("are drawn by the seed, in time, and name nobody who is not there", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const drawn = drawChanges(new Random(seed), options);
      expect(drawChanges(new Random(seed), options)).toEqual(drawn);
      expect(drawn.filter(({ at, until }) => at < 0 || until < at || until > options.duration)).toEqual([]);
      expect(JSON.stringify(drawn)).not.toMatch(/n[6-9]|n0|undefined/);
      expect(drawn.some(({ fault }) => fault.kind === "membership")).toBe(true);
    }
  });

  test("come with crashes and cuts only where those are asked for", () => {
    const kinds = (classes: typeof options.classes | readonly []) =>
      new Set(
        Array.from({ length: 50 }, (_, seed) => drawChanges(new Random(seed), { ...options, classes }))
          .flat()
          .map(({ fault }) => fault.kind),
      );
    expect(kinds(options.classes)).toEqual(new Set(["membership", "crash", "partition"]));
    expect(kinds([])).toEqual(new Set(["membership"]));
  });

  test("come on top of what the seed draws, which stays what it was but for who there is to strike", () => {
    const quiet = { ...defaultOptions, partitions: false, crashes: false, pauses: false };
    const without = scheduleOf(3, quiet).faults;
    const withChanges = scheduleOf(3, { ...quiet, membership: true }).faults;
    expect(withChanges.filter(({ fault }) => fault.kind !== "membership")).toEqual(without);
  });

  test("count like other faults: a run that asked for them and saw none says so", () => {
    const { faults } = run(1, { ...defaultOptions, membership: true }).report;
    expect(faults.membership).toBeGreaterThan(0);
    const short = run(1, { ...defaultOptions, membership: true, duration: 100_000 }).report;
    expect(short.vacuous).toContain("membership");
    expect(run(1, defaultOptions).report.faults).not.toHaveProperty("membership");
  });
});

describe("servers can work by themselves", () => {
  const counting = (configuration: ReturnType<typeof configurationOf>) =>
    ({ configuration, goal: configuration.voters }) as unknown as Raft;
  const old = configurationOf(["n1", "n2", "n3"]);
  const joint = configurationOf(["n3", "n4", "n5"], ["n1", "n2", "n3"]);

  test("if they are a quorum of what each of them counts by", () => {
    const rafts = new Map([
      ["n1", counting(old)],
      ["n2", counting(joint)],
    ]);
    const raft = (id: string) => rafts.get(id) ?? null;
    expect(canWork(new Set(["n1", "n2"]), raft)).toBe(false);
    expect(canWork(new Set(["n1", "n3"]), raft)).toBe(true);
    expect(canWork(new Set(["n1", "n2", "n4", "n5"]), raft)).toBe(true);
  });

  test("without whoever can be spared, and nobody can be while learners are to join", () => {
    const servers = ["n1", "n2", "n3", "n4", "n5"];
    for (let seed = 1; seed <= 30; seed++) {
      const rest = spared(new Random(seed), servers, (id) => counting(id === "n1" ? joint : old));
      const core = servers.filter((id) => !rest.includes(id));
      expect(rest.length).toBeGreaterThan(0);
      expect(canWork(new Set(core), () => counting(joint))).toBe(true);
    }
    const learning = { configuration: old, goal: ["n1", "n2", "n3", "n4"] } as unknown as Raft;
    expect(spared(new Random(1), servers, () => learning)).toEqual([]);
  });
});
