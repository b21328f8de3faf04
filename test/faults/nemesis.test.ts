/** The nemesis: the same seed plans the same evil, of every kind that it may use and no other, and always ends it. */

import { describe, expect, test } from "vitest";
import {
  assertNodesExist,
  COMMON_CLASSES,
  drawSchedule,
  FAULT_CLASSES,
  type FaultClass,
  type NemesisOptions,
  readSchedule,
  type Schedule,
  type TimedFault,
  writeSchedule,
} from "../../lab/faults/index.ts";
import { type Duration, MILLISECOND, type NodeId, Random, SECOND } from "../../src/base/index.ts";

const SEEDS = Array.from({ length: 400 }, (_, i) => i + 1);

const names = (prefix: string, count: number): NodeId[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);

function draw(seed: number, options: Partial<NemesisOptions> = {}): Schedule {
  return drawSchedule(new Random(seed).fork("nemesis"), {
    servers: names("n", 5),
    clients: names("c", 5),
    duration: 6 * SECOND,
    classes: FAULT_CLASSES,
    steady: false,
    ...options,
  });
}

/** Everything that 200 seeds plan. */
const planned = (options: Partial<NemesisOptions> = {}): TimedFault[] =>
  SEEDS.flatMap((seed) => draw(seed, options).faults);

/** Beside transfers, which are no faults. */
const kindsOf = (faults: readonly TimedFault[]) =>
  new Set(faults.map(({ fault }) => fault.kind).filter((kind) => kind !== "transfer"));

const shareOf = (faults: readonly TimedFault[], wanted: (fault: TimedFault) => boolean) =>
  faults.filter(wanted).length / faults.length;

describe("the nemesis", () => {
  test("plans the same for the same seed, and something else for another", () => {
    for (const seed of SEEDS) expect(draw(seed)).toEqual(draw(seed));
    expect(new Set(SEEDS.map((seed) => writeSchedule(draw(seed)))).size).toBe(SEEDS.length);
  });

  test("uses each class that it may within a default run of 6 s, whatever the seed", () => {
    for (const steady of [false, true]) {
      for (const seed of SEEDS) {
        const kinds = kindsOf(draw(seed, { steady }).faults);
        expect([...kinds].sort()).toEqual([...FAULT_CLASSES].sort());
      }
    }
  });

  test.each(FAULT_CLASSES)("draws nothing but %s if that is all it may", (kind) => {
    for (const steady of [false, true]) {
      expect([...kindsOf(planned({ classes: [kind], steady }))]).toEqual([kind]);
    }
  });

  test.each(FAULT_CLASSES)("never draws %s if it may not", (kind) => {
    const classes = FAULT_CLASSES.filter((other) => other !== kind);
    for (const steady of [false, true]) {
      expect([...kindsOf(planned({ classes, steady }))]).not.toContain(kind);
    }
  });

  test("plans nothing if it may nothing", () => {
    expect(draw(1, { classes: [] }).faults).toEqual([]);
  });

  test("leaves a first leader 400 ms to be elected", () => {
    for (const seed of SEEDS) expect(draw(seed).faults[0]!.at).toBe(400 * MILLISECOND);
  });

  test("strikes again and again until the end, so that faults overlap in nearly every schedule", () => {
    let overlapping = 0;
    for (const seed of SEEDS) {
      const { faults } = draw(seed);
      const starts = [...faults.map(({ at }) => at), 6 * SECOND];
      for (const [i, { at }] of faults.entries()) {
        // A burst of crashes comes beside the others, and may share an instant with one.
        expect(starts[i + 1]! - at).toBeGreaterThanOrEqual(0);
        expect(starts[i + 1]! - at).toBeLessThanOrEqual(850 * MILLISECOND);
      }
      if (faults.some(({ until }, i) => until > starts[i + 1]!)) overlapping++;
    }
    expect(overlapping).toBeGreaterThanOrEqual(SEEDS.length - 2);
  });

  const shapes = [1, 2, 3, 9].flatMap((servers) =>
    [100, 101, 400, 1000, 6000].map((milliseconds): [number, Duration] => [
      servers,
      milliseconds * MILLISECOND,
    ]),
  );
  test.each(shapes)(
    "plans for %i servers, one client and %i µs what can be read, concerns them and is over by then",
    (servers, duration) => {
      const nodes = [...names("n", servers), "c1"];
      for (const seed of SEEDS) {
        const steady = seed % 2 === 0;
        const schedule = draw(seed, { servers: names("n", servers), clients: ["c1"], duration, steady });
        expect(schedule.faults.length).toBeGreaterThan(0);
        expect(readSchedule(writeSchedule(schedule), "drawn")).toEqual(schedule);
        assertNodesExist(schedule, nodes, "drawn");
        for (const { at, until } of schedule.faults) {
          expect(until).toBeGreaterThan(at);
          expect(until).toBeLessThanOrEqual(duration);
        }
      }
    },
  );
});

describe("over many seeds the nemesis", () => {
  const faults = planned();

  test("prefers the classes that break Raft more often: partitions and crashes, then pauses", () => {
    const share = (kind: FaultClass) => shareOf(faults, ({ fault }) => fault.kind === kind);
    for (const often of ["partition", "crash"] as const) {
      expect(share(often)).toBeGreaterThan(share("pause") * 1.2);
      expect(share("pause")).toBeGreaterThan(share("loss") * 1.2);
    }
  });

  const cutsOf = (faults: readonly TimedFault[]) =>
    faults.flatMap(({ fault }) => (fault.kind === "partition" ? [fault.cut] : []));
  const groupings = (faults: readonly TimedFault[]) =>
    cutsOf(faults).flatMap((cut) => (cut.kind === "groups" ? [cut.groups] : []));
  const namesClient = (ids: readonly NodeId[]) => ids.some((id) => id.startsWith("c"));

  test("draws each kind of cut, and one-way cuts of both directions", () => {
    const cuts = cutsOf(faults);
    expect(new Set(cuts.map(({ kind }) => kind))).toEqual(new Set(["groups", "isolate", "oneWay"]));
    const directions = cuts.flatMap((cut) => (cut.kind === "oneWay" ? [cut.direction] : []));
    expect(new Set(directions)).toEqual(new Set(["in", "out"]));
  });

  test("divides the servers in every way by a coin", () => {
    const sizes = groupings(faults).map(([one]) => one!.filter((id) => id.startsWith("n")).length);
    expect([...new Set(sizes)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test.each([
    [3, 1],
    [5, 2],
    [9, 4],
  ])("cuts off of %i servers the largest minority, which is %i, often enough", (servers, minority) => {
    const withoutClients = groupings(planned({ servers: names("n", servers) })).filter(
      (groups) => !namesClient(groups.flat()),
    );
    const largest = withoutClients.filter(([few]) => few!.length === minority);
    expect(largest.length).toBeGreaterThan(100);
    expect(largest.length / withoutClients.length).toBeGreaterThan(0.9);
  });

  test("cuts clients off too: a clerk's way to the servers is part of the network", () => {
    const isolated = cutsOf(faults).filter((cut) => cut.kind === "isolate" && namesClient(cut.companions));
    expect(isolated.length).toBeGreaterThan(100);
    expect(groupings(faults).filter((groups) => namesClient(groups.flat())).length).toBeGreaterThan(100);
  });

  test("crashes the leader, some server, all of them, and clients", () => {
    const targets = faults.flatMap(({ fault }) => (fault.kind === "crash" ? [fault.target] : []));
    expect(targets.filter(({ kind }) => kind === "leader").length).toBeGreaterThan(50);
    expect(targets.filter(({ kind }) => kind === "all").length).toBeGreaterThan(20);
    const nodes = targets.flatMap((target) => (target.kind === "node" ? [target.id[0]] : []));
    expect(nodes.filter((prefix) => prefix === "n").length).toBeGreaterThan(50);
    expect(nodes.filter((prefix) => prefix === "c").length).toBeGreaterThan(10);
  });

  test("names no node twice in one partition", () => {
    for (const { fault } of faults) {
      if (fault.kind !== "partition" || fault.cut.kind !== "groups") continue;
      const named = fault.cut.groups.flat();
      expect(new Set(named).size).toBe(named.length);
    }
  });

  test("shifts nothing else by what another fork of the seed draws", () => {
    const root = new Random(3);
    root.uint32();
    root.fork("workload").uint32();
    const options = {
      ...{ servers: ["n1"], clients: ["c1"], duration: SECOND, classes: FAULT_CLASSES },
      steady: false,
    };
    expect(drawSchedule(root.fork("nemesis"), options)).toEqual(
      drawSchedule(new Random(3).fork("nemesis"), options),
    );
  });
});

describe("where the network is steady, half of the schedules and more", () => {
  const isLasting = ({ at, until }: TimedFault) => until === 6 * SECOND && until - at > 4 * SECOND;
  const common = { steady: true, classes: COMMON_CLASSES };
  const schedules = SEEDS.map((seed) => draw(seed, common).faults);
  const sieges = schedules.filter((faults) => faults.some(isLasting));

  test("are sieges: a minority suffers until the end, and after the first two seconds nothing else happens", () => {
    expect(sieges.length).toBeGreaterThan(SEEDS.length / 2);
    for (const faults of sieges) {
      const [lasting, ...more] = faults.filter(isLasting);
      expect(more).toEqual([]);
      expect(lasting!.fault.kind).toMatch(/^(partition|crash|pause)$/);
      for (const { at, until } of faults) {
        expect(at).toBeLessThan(2 * SECOND);
        if (until !== 6 * SECOND) expect(until).toBeLessThan(2 * SECOND);
      }
    }
  });

  test("besiege the leader mostly, and cut it off in one direction often", () => {
    const lasting = sieges.map((faults) => faults.find(isLasting)!.fault);
    const deafLeader = lasting.filter(
      (fault) =>
        fault.kind === "partition" &&
        fault.cut.kind === "oneWay" &&
        fault.cut.direction === "in" &&
        fault.cut.target.kind === "leader",
    );
    expect(deafLeader.length).toBeGreaterThan(sieges.length / 8);
  });

  test("but none where there is no minority, or no time", () => {
    const few = SEEDS.flatMap((seed) => draw(seed, { steady: true, servers: ["n1", "n2"] }).faults);
    const short = SEEDS.flatMap((seed) => draw(seed, { steady: true, duration: 3 * SECOND }).faults);
    for (const { at, until } of [...few, ...short]) expect(until - at).toBeLessThan(2 * SECOND);
  });
});

describe("a companion", () => {
  const schedules = SEEDS.map((seed) => draw(seed).faults);

  test("of a client that hears nobody is a crash of servers while it does", () => {
    const deaf = schedules.flatMap((faults) =>
      faults.flatMap((strike) => (isDeaf(strike) ? [{ strike, faults }] : [])),
    );
    expect(deaf.length).toBeGreaterThan(50);
    const accompanied = deaf.filter(({ strike, faults }) =>
      faults.some(
        ({ at, fault }) =>
          at > strike.at &&
          at <= strike.at + 600 * MILLISECOND &&
          fault.kind === "crash" &&
          fault.target.kind !== "node",
      ),
    );
    // The run may end before it comes.
    expect(accompanied.length / deaf.length).toBeGreaterThan(0.8);
  });

  const isDeaf = ({ fault }: TimedFault) =>
    fault.kind === "partition" &&
    fault.cut.kind === "oneWay" &&
    fault.cut.target.kind === "node" &&
    fault.cut.target.id.startsWith("c");

  test("of a cut is a crash of its majority, on the heels of an answer, as it is healed", () => {
    const ambushes = schedules.flatMap((faults) => faults.filter(({ on }) => on === "answer"));
    const leaders = ambushes.filter(({ fault }) => fault.kind === "crash" && fault.target.kind === "leader");
    expect(leaders.length).toBeGreaterThan(100);
    expect(ambushes.length).toBeGreaterThan(3 * leaders.length);
    expect(new Set(ambushes.map(({ fault }) => fault.kind))).toEqual(new Set(["crash"]));
  });

  test("of any fault on servers is a transfer of leadership, now and then", () => {
    const transfers = schedules.map(
      (faults) => faults.filter(({ fault }) => fault.kind === "transfer").length,
    );
    expect(transfers.filter((count) => count > 0).length).toBeGreaterThan(SEEDS.length / 2);
    const none = SEEDS.flatMap((seed) => draw(seed, { classes: ["loss", "delay"] }).faults);
    expect(none.filter(({ fault }) => fault.kind === "transfer")).toEqual([]);
  });
});
