/** Leases are broken by their own nemesis: chance alone takes some hundred seeds. `linlab mutants` measures them. */

import { describe, expect, test } from "vitest";
import { isKill, noticedBy } from "../../lab/mutation/kill.ts";
import { defaultOptions, investigated, run } from "../../lab/run/index.ts";
import { findMutant } from "../../lab/run/mutants/index.ts";

const options = { ...defaultOptions, nemesis: "staleLease", servers: 3, reads: "lease" } as const;

describe("a lease that outlives the promises under it is noticed", () => {
  test.each([
    ["leaseFromReceipt", 2],
    ["leaseWithoutDrift", 5],
    ["leaseKeptThroughTransfer", 15],
    ["noWaitAfterRestart", 17],
    ["promiseNotKept", 9],
  ])("%s", (name, seed) => {
    const mutant = findMutant(name)!;
    const oracle = noticedBy(mutant, seed, options);
    expect(oracle).not.toBeNull();
    expect(isKill(mutant, oracle!)).toBe(true);
  });

  test("and none of the system as it is meant to be, whose clocks drift up to the bound", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { report } = run(seed, { ...options, clocks: "drift" });
      expect(report.outcome, `${report.sentence} ${report.replay}`).toBe("ok");
    }
  });
});

describe("clocks beyond every bound", () => {
  test("let a read under a lease be stale, and the lab says whose clock it was", () => {
    const { report } = investigated(run(107, { ...options, clocks: "wild" }));
    expect([report.outcome, report.why?.reason?.words]).toEqual([
      "illegal",
      "n1, leader of term 4, answered get k2 under a lease that the others no longer granted, for n3 led term 5: n1's clock ran slow: it counted 129 ms while 250 ms passed; entry 30, c1's append k2 \"c1.5;\", acknowledged 56.7 ms before c5 asked, was not in it",
    ]);
  });

  test("harm no read that rests on no clock", () => {
    for (let seed = 1; seed <= 20; seed++) {
      for (const reads of ["log", "index"] as const) {
        const { report } = run(seed, { ...defaultOptions, reads, clocks: "wild" });
        expect(report.outcome, `${report.sentence} ${report.replay}`).toBe("ok");
      }
    }
  });
});
