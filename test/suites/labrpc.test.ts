import { describe, expect, test } from "vitest";
import type { Conditions } from "../../lab/sim/index.ts";
import { labrpcSuites } from "../../lab/suites/index.ts";
import { expectToPass } from "./verdict.ts";

describe("labrpc's own tests", () => {
  for (const suite of labrpcSuites) test(suite.name, () => expectToPass(suite));

  test("do the same for the same seed", () => {
    for (const { run } of labrpcSuites) expect(run(1)).toEqual(run(1));
  });
});

/** A network that is not the one that the suite asked for, and what the suite has to say of it. */
const NOTICED: readonly (readonly [suite: string, sabotage: Partial<Conditions>, problem: RegExp])[] = [
  ["Basic", { loss: 1000 }, /was answered with null/],
  ["Types", { loss: 1000 }, /was answered with null/],
  ["Disconnect", { detectsLoss: false }, /never came back/],
  ["Counts", { duplication: 1000 }, /s1 handled \d+ calls, expected 17/],
  ["Bytes", { loss: 500 }, /bytes, expected/],
  ["ConcurrentMany", { loss: 100 }, /was answered with null/],
  ["Unreliable", { reliable: true }, /300 of 300 calls were answered/],
  ["Unreliable", { loss: 1000 }, /0 of 300 calls were answered/],
  ["ConcurrentOne", { duplication: 500, detectsLoss: false }, /ended 2 times/],
  ["Regression1", { extraDelay: 1_000_000 }, /was answered with null/],
  ["Killed", { detectsLoss: false }, /never came back/],
  ["Benchmark", { duplication: 10 }, /10000 calls took \d+ events/],
  ["LongDelayRace", { detectsLoss: false }, /never came back/],
];

describe("a network that misbehaves is noticed", () => {
  test.each(NOTICED)("by %s: %o", (name, sabotage, problem) => {
    const suite = labrpcSuites.find((each) => each.name === name)!;
    expect(suite.run(1, sabotage).problems.join()).toMatch(problem);
  });
});
