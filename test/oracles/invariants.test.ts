/** Invariants over a whole run: mutants break each of them; this is about what comes after the first. */

import { expect, test } from "vitest";
import { Invariants } from "../../lab/oracles/index.ts";
import { defaultOptions } from "../../lab/run/index.ts";
import { makeCluster } from "../../lab/run/setup.ts";
import { Random } from "../../src/base/index.ts";

// What was sound up to there may go on without bound: one history went on for minutes, ever more compared at each step.
test("nothing is looked at behind the first that broke", () => {
  const invariants = new Invariants(makeCluster(new Random(1), defaultOptions));
  const unseen = {
    get raft(): never {
      throw new Error("looked at");
    },
  } as unknown as Parameters<Invariants["changed"]>[1];
  expect(() => invariants.changed("n1", unseen, unseen)).toThrow("looked at");
  invariants.fail("log matching", "n1 and n2 differ", ["n1", "n2"]);
  invariants.changed("n1", unseen, unseen);
  invariants.fail("election safety", "n1 and n2 both lead", ["n1", "n2"]);
  expect(invariants.broken).toMatchObject({ name: "log matching", nodes: ["n1", "n2"] });
});
