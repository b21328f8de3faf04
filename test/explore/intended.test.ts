import { describe, expect, test } from "vitest";
import { type Bounds, boundsText, defaultBounds, explore } from "../../lab/explore/index.ts";
import { only } from "./bounded.ts";

describe("the intended system", () => {
  test.each<[bounds: Partial<Bounds>, states: number, depth: number]>([
    [{ terms: 2, commands: 2 }, 1119, 11],
    [{ terms: 2, commands: 2, pipelining: true }, 1294, 11],
    [{ terms: 3, commands: 1 }, 1349, 11],
    [{ terms: 2, commands: 1, stalls: 1 }, 991, 11],
    [{ terms: 2, commands: 1, compactions: 1 }, 697, 10],
    [{ terms: 2, commands: 1, reads: 1 }, 736, 9],
    [{ terms: 2, commands: 0, delays: 1 }, 642, 7],
    [{ terms: 2, commands: 1, crashes: 1, preVote: true }, 918, 9],
    [{ servers: 5, terms: 1, commands: 1 }, 465, 10],
  ])("holds in every world within %j, of which there are always as many", (bounds, states, depth) => {
    const found = explore({ bounds: only(bounds) });
    expect(found).toMatchObject({ outcome: "exhausted", violation: null, states, depth });
  });

  test("with one world more than the budget nothing is claimed", () => {
    const bounds = only({ terms: 2, commands: 1 });
    const { states } = explore({ bounds });
    expect(explore({ bounds, budget: states }).outcome).toBe("exhausted");
    expect(explore({ bounds, budget: states - 1 }).outcome).toBe("budget");
  });

  test("says what is claimed", () => {
    expect(boundsText(defaultBounds)).toBe(
      "3 servers, 2 commands, terms <= 3, 1 crash, 1 lost answer, 1 slow write, 1 compaction, 1 read, of these 1 on a path",
    );
    expect(boundsText({ ...defaultBounds, commands: 1, incidents: 0, preVote: true })).toBe(
      "3 servers, 1 command, terms <= 3, PreVote",
    );
  });
});
