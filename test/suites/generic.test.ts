import { describe, expect, test } from "vitest";
import { findMutant } from "../../lab/run/index.ts";
import { appendProblem, type GenericOptions, genericTest } from "../../lab/suites/index.ts";
import { rerun, seeds } from "../seeds.ts";

const quiet: GenericOptions = {
  clients: 5,
  servers: 5,
  unreliable: false,
  crashes: false,
  partitions: false,
};

/** The Go labs' names, with what each turns on. */
const SUITES: readonly (readonly [name: string, options: GenericOptions])[] = [
  ["basic: one client", { ...quiet, clients: 1 }],
  ["basic: many clients", quiet],
  ["unreliable net, many clients", { ...quiet, unreliable: true }],
  ["partitions, one client", { ...quiet, clients: 1, partitions: true }],
  ["partitions, many clients", { ...quiet, partitions: true }],
  ["crashes, one client", { ...quiet, clients: 1, crashes: true }],
  ["crashes, many clients", { ...quiet, crashes: true }],
  ["unreliable net, crashes, many clients", { ...quiet, unreliable: true, crashes: true }],
  [
    "all of it: unreliable net, crashes, partitions",
    { ...quiet, unreliable: true, crashes: true, partitions: true },
  ],
];

describe("GenericTest", () => {
  for (const [name, options] of SUITES) {
    test(name, () => {
      for (const seed of seeds(3)) {
        const result = genericTest(seed, options);
        expect(result.problems, rerun(seed, name)).toEqual([]);
        // A client that never got through would have nothing to be wrong about.
        expect(result.operations, rerun(seed, name)).toBeGreaterThan(50 * options.clients);
      }
    });
  }
});

describe("GenericTest notices", () => {
  test.each([
    ["noSessions", { ...quiet, unreliable: true }],
    ["noUpToDateCheck", { ...quiet, partitions: true }],
    ["anyReplicaReads", { ...quiet, crashes: true }],
  ])("the mutant %s", (mutant, options) => {
    expect(genericTest(1, options, findMutant(mutant)!.system).problems).not.toEqual([]);
  });
});

describe("the check of a key that was appended to", () => {
  const whole = "x 3 0 yx 3 1 yx 3 2 y";

  test.each([
    ["accepts every append once and in order", whole, null],
    ["notices a lost one", "x 3 0 yx 3 2 y", 'key 3 lost "x 3 1 y"'],
    ["notices a repeated one", `${whole}x 3 1 y`, 'key 3 has "x 3 1 y" twice'],
    [
      "notices another order",
      "x 3 1 yx 3 0 yx 3 2 y",
      "key 3 has its 3 appends in another order, or more than them",
    ],
    ["notices an absent key", null, 'key 3 lost "x 3 0 y"'],
  ])("%s", (_name, value, problem) => {
    expect(appendProblem(3, value, 3)).toBe(problem);
  });
});
