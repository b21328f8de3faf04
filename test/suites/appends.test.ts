import { describe, expect, test } from "vitest";
import { appendProblem } from "../../lab/suites/index.ts";

describe("the check of a key that was appended to", () => {
  const mine = ["x 3 0 y", "x 3 1 y", "x 3 2 y"];
  const theirs = ["x 4 0 y", "x 4 1 y"];

  test.each([
    ["accepts every append once and in order", mine.join(""), null],
    ["notices a lost one", "x 3 0 yx 3 2 y", 'key 3 lost "x 3 1 y"'],
    ["notices a repeated one", `${mine.join("")}x 3 1 y`, 'key 3 has "x 3 1 y" twice'],
    ["notices another order", "x 3 1 yx 3 0 yx 3 2 y", 'key 3 has "x 3 1 y" before an earlier append'],
    ["notices what nobody appended", `${mine.join("")}?`, "key 3 holds more than was appended"],
    ["notices an absent key", null, 'key 3 lost "x 3 0 y"'],
  ])("%s", (_name, value, problem) => {
    const found = appendProblem("3", value, mine);
    if (problem === null) expect(found).toBe(null);
    else expect(found).toContain(problem);
  });

  test.each([
    ["accepts any interleaving", "x 4 0 yx 3 0 yx 3 1 yx 4 1 yx 3 2 y", null],
    ["notices one writer's wrong order", "x 4 1 yx 3 0 yx 3 1 yx 4 0 yx 3 2 y", "before an earlier append"],
    ["notices one writer's loss", "x 3 0 yx 3 1 yx 4 0 yx 3 2 y", 'lost "x 4 1 y"'],
  ])("with two writers %s", (_name, value, problem) => {
    const found = appendProblem("k", value, mine, theirs);
    if (problem === null) expect(found).toBe(null);
    else expect(found).toContain(problem);
  });
});
