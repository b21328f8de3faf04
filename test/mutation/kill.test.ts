import { describe, expect, test } from "vitest";
import { isKill, noticedBy } from "../../lab/mutation/kill.ts";
import { defaultOptions, run } from "../../lab/run/index.ts";
import { findMutant } from "../../lab/run/mutants/index.ts";

const mutant = (name: string) => findMutant(name)!;

describe("a kill", () => {
  test("is what the expected oracle says, or one that sees the same", () => {
    expect(isKill(mutant("voteTwice"), "one vote per term")).toBe(true);
    expect(isKill(mutant("voteTwice"), "history")).toBe(false);
    expect(isKill(mutant("acksWholeLog"), "durability law")).toBe(true);
  });

  test("is what the refinement oracle says, of a bug in Raft and of no other", () => {
    expect(isKill(mutant("readJoinsRound"), "refinement")).toBe(true);
    for (const name of ["dedupGoesBack", "silenceIsDone", "fsyncLies"])
      expect(isKill(mutant(name), "refinement"), name).toBe(false);
  });

  test("is a crash only where the mutant must crash", () => {
    expect(isKill(mutant("backUpTooFar"), "crash")).toBe(true);
    expect(isKill(mutant("voteTwice"), "crash")).toBe(false);
  });

  test("a crash of the mutated code is told as one", () => {
    expect(noticedBy(mutant("backUpTooFar"), 1, defaultOptions)).toBe("crash");
  });
});

test("the history alone asks no invariant, and comes to the same history", () => {
  const options = { ...defaultOptions, mutant: "ackBeforeFsync" };
  expect(noticedBy(mutant("ackBeforeFsync"), 1, options)).toBe("durability law");
  expect(noticedBy(mutant("ackBeforeFsync"), 1, options, { historyAlone: true })).toBeNull();
  const whole = run(1, defaultOptions).report;
  expect(run(1, defaultOptions, { historyAlone: true }).report).toMatchObject({
    ...{ digest: whole.digest, verdict: "ok", violation: null },
  });
});
