/**
 * Shrinking must never invent a violation. To check a core again cannot show that it did, so the law is put to the
 * steps: what brute force calls legal stays legal. LAW_HISTORIES=100000 is the long run, per step and model.
 */
import { describe, expect, test } from "vitest";
import { counterexample, isLegal, smallHistory, steps, subjects } from "./laws.ts";
import { drawSeeded } from "./random.ts";

const HISTORIES = Number(process.env.LAW_HISTORIES ?? 1_000);

for (const [name, subject] of Object.entries(subjects)) {
  describe(`legal histories of ${name} stay legal`, () => {
    for (const [step, apply] of Object.entries(steps)) {
      test(`when we ${step}`, { timeout: 60_000 + HISTORIES * 10 }, () => {
        const broken = counterexample(subject, apply, HISTORIES);
        expect(broken, JSON.stringify(broken)).toBeNull();
      });
    }
  });
}

test("each step leaves something out now and then, or the law would say nothing", () => {
  for (const [step, apply] of Object.entries(steps)) {
    let changed = 0;
    for (const subject of Object.values(subjects)) {
      for (let seed = 1; seed <= 200; seed++) {
        const { model, calls, isLegal: wasLegal } = smallHistory(subject, seed);
        const after = apply(model, calls, drawSeeded(seed));
        if (wasLegal && JSON.stringify(after) !== JSON.stringify(calls)) changed++;
      }
    }
    expect(changed, step).toBeGreaterThan(20);
  }
});

test("in kv terms a register's history is as legal as in its own", () => {
  for (const subject of [subjects.register!, subjects["cas-register"]!]) {
    for (let seed = 1; seed <= 500; seed++) {
      const small = smallHistory(subject, seed);
      expect(isLegal(small.model, small.calls), `seed ${seed}`).toBe(small.isLegal);
    }
  }
});
