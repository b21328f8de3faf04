import { describe, expect, test } from "vitest";
import type { Deed } from "../../lab/run/reasons/deed.ts";
import { reasonsIn } from "../../lab/run/reasons/reason.ts";
import { rules } from "../../lab/run/reasons/rules/index.ts";
import { ALWAYS_WRONG, CORRECT, deedOf, WRONG } from "./deeds.ts";

const NOBODY = { operations: new Set<number>(), impossible: null, until: Number.POSITIVE_INFINITY };

/** What the rules say of one deed. */
function said(deed: Deed): readonly string[] {
  return rules.filter((rule) => rule.of === deed.kind && rule.says(deed) !== null).map(({ name }) => name);
}

describe("the rules", () => {
  test("say nothing of what correct servers do", () => {
    const kinds = Object.keys(CORRECT) as Deed["kind"][];
    for (const kind of kinds.filter((each) => !ALWAYS_WRONG.includes(each)))
      expect(said(deedOf(kind))).toEqual([]);
  });

  test.each(WRONG)("%s is seen in what somebody %s", (rule, kind, change) => {
    expect(said(deedOf(kind, change))).toEqual([rule]);
  });

  test("are all tried here, and each has a name of its own or another kind of deed", () => {
    expect([...new Set(WRONG.map(([rule]) => rule))].sort()).toEqual(
      [...new Set(rules.map(({ name }) => name))].sort(),
    );
    const keys = rules.map(({ name, of }) => `${name} ${of}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("say what happened as a person would", async () => {
    const lines = WRONG.map(([rule, kind, change]) => {
      const deed = deedOf(kind, change);
      const words = rules.find(({ name, of }) => name === rule && of === kind)!.says(deed);
      return `${rule}: ${words}.`;
    });
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("golden/reasons.txt");
  });
});

describe("the reason", () => {
  const early = { ...deedOf("voted", { earlier: "n3" }), at: 10 };
  const late = { ...deedOf("elected", { rival: "n4" }), at: 20 };

  test("is what went wrong first, and what went wrong later is told after it", () => {
    const { reason, consequences } = reasonsIn([early, late], NOBODY);
    expect(reason).toMatchObject({ rule: "voted-twice", at: 10, node: "n2", certainty: "exact" });
    expect(consequences.map(({ rule }) => rule)).toEqual(["two-leaders-in-one-term"]);
  });

  test("is a wrong answer to an operation that proves the violation, whatever went before", () => {
    const answer = { ...deedOf("answered", { role: "follower", operation: 4 }), at: 30 };
    const focus = { ...NOBODY, operations: new Set([4]), impossible: 4 };
    expect(reasonsIn([early, answer], focus).reason!.rule).toBe("read-by-follower");
    expect(reasonsIn([early, answer], { ...focus, operations: new Set([5]) }).reason!.rule).toBe(
      "voted-twice",
    );
  });

  test("is no answer that the client never took, unless no client saw anything wrong", () => {
    const lost = { ...deedOf("answered", { role: "follower", operation: 4, isTaken: false }), at: 5 };
    const focus = { ...NOBODY, operations: new Set([4]), impossible: 4 };
    expect(reasonsIn([lost], focus)).toEqual({ reason: null, consequences: [] });
    expect(reasonsIn([lost], NOBODY).reason!.rule).toBe("read-by-follower");
  });

  test("is a stale answer rather than the one that contradicts it", () => {
    const missed = { index: 10, words: "", ago: 1 };
    const stale = { ...deedOf("answered", { role: "follower", operation: 4, missed }), at: 5 };
    const fresh = { ...deedOf("answered", { confirmedBy: [], operation: 6 }), at: 9 };
    const focus = { ...NOBODY, operations: new Set([4, 6]), impossible: 6 };
    expect(reasonsIn([stale, fresh], focus).reason).toMatchObject({ operation: 4, entries: [10] });
  });

  test("is nothing that was done after the impossible reply", () => {
    expect(reasonsIn([early, late], { ...NOBODY, until: 9 })).toEqual({ reason: null, consequences: [] });
  });

  test("of one rule it is the deed that concerns the operations in question, else the first", () => {
    const first = { ...deedOf("applied", { earlier: { index: 5, sameNumber: true }, operation: 1 }), at: 10 };
    const ours = { ...deedOf("applied", { earlier: { index: 7, sameNumber: true }, operation: 4 }), at: 30 };
    expect(reasonsIn([first, ours], NOBODY).reason!.at).toBe(10);
    const focus = { ...NOBODY, operations: new Set([4]) };
    expect(reasonsIn([first, ours], focus).reason).toMatchObject({ at: 30, operation: 4 });
  });

  test("is silence where no rule fits", () => {
    expect(reasonsIn([deedOf("told")], NOBODY)).toEqual({ reason: null, consequences: [] });
  });
});
