import { describe, expect, test } from "vitest";
import { type Assay, type Fate, fateOf, type Row, scoreOf } from "../../lab/mutation/index.ts";
import { findMutant } from "../../lab/run/mutants/index.ts";

const LIVES: Assay = {
  ...{ killed: false, kills: 0, seeds: 100, mean: null, worst: null, first: null },
  ...{ seconds: 2, by: {}, crashes: 0 },
};

function dies(mean: number, worst: number, oracle: string): Assay {
  return { ...LIVES, killed: true, kills: 2, mean, worst, first: 1, by: { [oracle]: 2 } };
}

interface Others {
  readonly nemeses?: Assay;
  readonly history?: Assay;
  readonly suites?: Assay;
}

function row(
  name: string,
  swarm: Assay,
  { nemeses = LIVES, history = LIVES, suites = LIVES }: Others = {},
): Row {
  return { mutant: findMutant(name)!, columns: { swarm, nemeses, history, suites } };
}

const ROWS = [
  row("noSessions", dies(2, 5, "history"), {
    ...{ history: dies(2, 5, "history"), suites: dies(1, 1, "Unreliable4A") },
  }),
  row("voteTwice", dies(4, 90, "one vote per term")),
  row("backUpTooFar", dies(30, 40, "crash")),
  row("commitOldTerm", { ...LIVES, by: { crash: 1 }, crashes: 1 }),
  row("dedupGoesBack", LIVES, { nemeses: dies(6, 70, "history") }),
  row("readJoinsRound", dies(3, 3, "refinement")),
  row("backUpOffByOne", LIVES),
];

describe("a score", () => {
  test.each<[string, Fate]>([
    ["noSessions", "killed"],
    ["commitOldTerm", "survived"],
    ["dedupGoesBack", "killed"],
    ["backUpOffByOne", "equivalent"],
  ])("%s: %s", (name, fate) => {
    expect(fateOf(ROWS.find(({ mutant }) => mutant.name === name)!)).toBe(fate);
  });

  test("counts what is not equivalent, and names who survived", () => {
    const { counted, killed, crashed, equivalent, survivors } = scoreOf(ROWS);
    expect({ counted, killed, crashed, equivalent }).toEqual({
      counted: 6,
      killed: 5,
      crashed: 1,
      equivalent: 1,
    });
    expect(survivors).toEqual(["commitOldTerm"]);
  });

  test("tells the median of the means and the longest start", () => {
    expect(scoreOf(ROWS)).toMatchObject({
      ...{ median: 4, worst: 90, by: { swarm: 4, nemeses: 1, history: 1, suites: 1 } },
    });
  });

  test("names what the refinement oracle alone kills", () => {
    expect(scoreOf(ROWS).byRefinementAlone).toEqual(["readJoinsRound"]);
  });

  test("an equivalent mutant that anybody notices is refuted", () => {
    const rows = [row("backUpOffByOne", LIVES, { nemeses: { ...LIVES, by: { "log matching": 1 } } })];
    expect(scoreOf(rows).refuted).toEqual(["backUpOffByOne"]);
  });
});
