import { expect, test } from "vitest";
import { assay, type Effort } from "../../lab/mutation/assay.ts";

const effort: Effort = { starts: 3, seeds: 10, enough: 100, seconds: null };

/** Noticed under every so many seeds, by this oracle. */
const every = (n: number, oracle: string) => (seed: number) => (seed % n === 0 ? oracle : null);
const isHistory = (oracle: string) => oracle === "history";
const still = () => 0;

test("starts follow one another, and their mean is all seeds over all kills", () => {
  const notice = (seed: number) => ([2, 3, 9].includes(seed) ? "history" : null);
  const { mean, worst, first, kills, seeds } = assay(effort, notice, isHistory, still);
  expect({ mean, worst, first, kills, seeds }).toEqual({ mean: 3, worst: 6, first: 2, kills: 3, seeds: 9 });
});

test("what another oracle notices is told and is no kill", () => {
  const { killed, mean, by, seeds } = assay(effort, every(2, "availability"), isHistory, still);
  expect({ killed, mean, by, seeds }).toEqual({
    killed: false,
    mean: null,
    by: { availability: 5 },
    seeds: 10,
  });
});

test("a last start without a kill counts for the mean and for the worst", () => {
  const notice = (seed: number) => (seed === 1 ? "history" : null);
  const { mean, worst, kills } = assay(effort, notice, isHistory, still);
  expect({ mean, worst, kills }).toEqual({ mean: 11, worst: 10, kills: 1 });
});

test("no other start begins when enough seeds were run, and none without time", () => {
  expect(assay({ ...effort, enough: 4 }, every(4, "history"), isHistory, still).seeds).toBe(4);
  let now = 0;
  expect(
    assay(
      { ...effort, seconds: 3 },
      () => null,
      isHistory,
      () => now++,
    ).seeds,
  ).toBe(2);
});

test("a crash is counted apart", () => {
  const { crashes, killed } = assay(effort, every(5, "crash"), isHistory, still);
  expect({ crashes, killed }).toEqual({ crashes: 2, killed: false });
});
