import { describe, expect, test } from "vitest";
import { defaultOptions, type Mutant, mutants, type Report, run } from "../../lab/run/index.ts";

const MOST_SEEDS = 300;

/** Whether the oracle that must notice this mutant did. A crash of the mutated code is no kill. */
function noticed({ oracle }: Mutant, { verdict, violation }: Report): boolean {
  return oracle === "history" ? verdict === "illegal" : violation?.name === oracle;
}

describe(`a deliberate bug is noticed within ${MOST_SEEDS} seeds, by the oracle that is there for it`, () => {
  test.each(mutants.map((mutant) => [mutant.name, mutant] as const))("%s", (name, mutant) => {
    let seed = 1;
    while (seed <= MOST_SEEDS && !noticed(mutant, run(seed, { ...defaultOptions, mutant: name }).report))
      seed++;
    expect(seed).toBeLessThanOrEqual(MOST_SEEDS);
  });

  test("and the system as it is meant to be is not", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const { report } = run(seed, defaultOptions);
      expect(report.outcome, `${report.sentence} ${report.replay}`).toBe("ok");
    }
  });
});
