/** What fast-check makes of the lab: scenarios that can be run, and failures that shrink to what one can read. */

import * as fc from "fast-check";
import { runAsync } from "linlab/async";
import { scenarios, schedules, workloads } from "linlab/fast-check";
import { assertOk, FAULT_CLASSES, run, type Scenario } from "linlab/lab";
import type { RegisterInput } from "porcupine-ts";
import { describe, expect, test } from "vitest";
import { readSchedule, writeSchedule } from "../../lab/faults/index.ts";
import { scenarioOf } from "../../lab/own/scenario.ts";
import { brokenActors } from "../examples/register-actor.ts";
import { broken } from "../examples/register-async.ts";

const FIRST_SEEDS = [1, 2, 3];

interface Found {
  readonly scenario: Scenario<RegisterInput>;
  readonly message: string;
}

function found(details: fc.RunDetails<[Scenario<RegisterInput>]>): Found {
  expect(details.failed).toBe(true);
  return {
    scenario: details.counterexample![0],
    message: (details.errorInstance as Error).message,
  };
}

function expectReadable({ scenario, message }: Found): void {
  expect(scenario.schedule.faults.length).toBeLessThanOrEqual(2);
  expect(scenario.workload.length).toBeLessThanOrEqual(5);
  expect(message).toMatch(/c\d's read /);
  // What it ends with is what was found, all of it.
  expect(scenarioOf(broken, literalIn(message))).toEqual(scenario);
}

function literalIn(message: string): Partial<Scenario<RegisterInput>> {
  return JSON.parse(/Run it again .*?system, (.*)\)$/.exec(message)![1]!);
}

describe("a failing property shrinks to a handful of faults and operations, and its message runs it again:", () => {
  test.each(FIRST_SEEDS)("of actors, from seed %i", (seed) => {
    const property = fc.property(scenarios(brokenActors), (scenario) =>
      assertOk(run(brokenActors, scenario)),
    );
    const failure = found(fc.check(property, { seed }));
    expectReadable(failure);
    const again = run(brokenActors, literalIn(failure.message));
    expect(again.text).toBe(failure.message);
  });

  test.each(FIRST_SEEDS)("of async classes, from seed %i", async (seed) => {
    const property = fc.asyncProperty(scenarios(broken), async (scenario) =>
      assertOk(await runAsync(broken, scenario)),
    );
    const failure = found(await fc.check(property, { seed }));
    expectReadable(failure);
    const again = await runAsync(broken, literalIn(failure.message));
    expect(again.text).toBe(failure.message);
  });
});

describe("schedules", () => {
  test("are such as a file may hold, of the nodes and in the time that there are", () => {
    const options = { servers: 5, clients: 2, duration: 700_000 };
    fc.assert(
      fc.property(schedules(options), (schedule) => {
        expect(readSchedule(writeSchedule(schedule), "x")).toEqual(schedule);
        for (const { at, until } of schedule.faults) {
          expect(at).toBeLessThan(until);
          expect(until).toBeLessThanOrEqual(options.duration);
        }
        const named = JSON.stringify(schedule).match(/"[nc]\d+"/g) ?? [];
        for (const id of named) expect(["n1", "n2", "n3", "n4", "n5", "c1", "c2"]).toContain(id.slice(1, -1));
      }),
    );
  });

  test("hold every class of faults, and no other than asked for", () => {
    const kindsOf = (faults: typeof FAULT_CLASSES | readonly ["pause"]) =>
      new Set(
        fc
          .sample(schedules({ faults }), { numRuns: 200, seed: 1 })
          .flatMap((schedule) => schedule.faults.map(({ fault }) => fault.kind)),
      );
    expect([...kindsOf(FAULT_CLASSES)].sort()).toEqual([...FAULT_CLASSES].sort());
    expect([...kindsOf(["pause"])]).toEqual(["pause"]);
    expect(fc.sample(schedules({ faults: [] }), 1)[0]!.faults).toEqual([]);
  });

  test("go for the leader only where there is one", () => {
    const strikesLeader = (hasLeader: boolean) =>
      fc
        .sample(schedules({ hasLeader }), { numRuns: 100, seed: 1 })
        .some((schedule) => JSON.stringify(schedule).includes("leader"));
    expect([strikesLeader(false), strikesLeader(true)]).toEqual([false, true]);
  });

  test("shrink to the one simplest fault that still fails", () => {
    const hasCrash = ({ faults }: { faults: readonly { fault: { kind: string } }[] }) =>
      faults.some(({ fault }) => fault.kind === "crash");
    const details = fc.check(
      fc.property(schedules(), (schedule) => !hasCrash(schedule)),
      { seed: 1 },
    );
    expect(details.counterexample![0].faults).toEqual([
      { at: 0, until: 1000, fault: { kind: "crash", target: { kind: "node", id: "n1" } } },
    ]);
  });
});

test("workloads give every operation a value of its own, in order of time", () => {
  fc.assert(
    fc.property(workloads(broken), (workload) => {
      const times = workload.map(({ at }) => at);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      const values = workload.flatMap(({ operation }) =>
        operation.kind === "write" ? [operation.value] : [],
      );
      expect(new Set(values).size).toBe(values.length);
    }),
  );
});
