/** The checker against the dumb oracle, on small random histories of every kind. */
import fc from "fast-check";
import { check, type Model } from "porcupine-ts";
import { expect, test } from "vitest";
import { flawOf, isLinearizable } from "./brute.ts";
import {
  casSubject,
  drawFrom,
  drawSeeded,
  kvSubject,
  randomHistory,
  registerSubject,
  type Subject,
} from "./random.ts";

const mix = { keys: 1, values: 3, get: 3, put: 2, append: 2, delete: 1, cas: 2 };
// Small numbers of values: most mistakes need coincidences.
const subjects = {
  "a register": registerSubject(3),
  "a cas-register": casSubject(3),
  "one key": kvSubject(mix),
  "one key, mostly appends": kvSubject({ ...mix, values: 2, append: 6, cas: 0 }),
  "one key, mostly cas": kvSubject({ ...mix, cas: 6 }),
  "two keys": kvSubject({ ...mix, keys: 2 }),
};

const RUNS = 1_000;

for (const [name, subject] of Object.entries(subjects)) {
  test(`agrees with trying every order on ${name}, with and without the model's traits`, () => {
    agree(name, subject as Subject<unknown, unknown, unknown>);
  });
}

function agree(name: string, subject: Subject<unknown, unknown, unknown>): void {
  const { traits: _traits, ...bare } = subject.model;
  const seen = { ok: 0, illegal: 0, lost: 0 };
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 60, maxLength: 120 }), (numbers) => {
      const draw = drawFrom(numbers);
      const shape = {
        operations: 3 + draw(6),
        clients: 2 + draw(4),
        oneLostIn: [0, 3, 5][draw(3)]!,
        oneWrongIn: [0, 1, 1, 2][draw(4)]!,
      };
      const history = randomHistory(subject, shape, draw);
      const expected = isLinearizable(subject.model, history);
      if (shape.oneWrongIn === 0) expect(expected).toBe(true);
      seen[expected ? "ok" : "illegal"]++;
      if (history.filter((event) => event.kind === "response").length < shape.operations) seen.lost++;
      for (const model of [subject.model, bare]) expectVerdict(model, history, expected);
    }),
    { numRuns: RUNS, seed: 20 },
  );
  // A mix that is all of one kind would prove nothing.
  expect(Math.min(seen.ok, seen.illegal), `${name}: ${JSON.stringify(seen)}`).toBeGreaterThan(RUNS / 10);
  expect(seen.lost).toBeGreaterThan(RUNS / 10);
}

function expectVerdict(
  model: Model<unknown, unknown, unknown>,
  history: Parameters<typeof check<unknown, unknown, unknown>>[1],
  expected: boolean,
): void {
  const result = check(model, history);
  expect(result.verdict).toBe(expected ? "ok" : "illegal");
  for (const { object, verdict, linearization, partials } of result.objects) {
    if (verdict === "ok") expect(flawOf(model, history, object, linearization!)).toBeNull();
    else expect(partials.length).toBeGreaterThan(0);
    for (const partial of partials) expect(flawOf(model, history, object, partial, true)).toBeNull();
  }
}

// Each of these was a mistake once: two prunings that relied on each other, on histories that random runs meet once
// in 10,000 to 100,000 times.
test("agrees with trying every order on many more histories of the shapes that once went wrong", () => {
  const subject = kvSubject({ keys: 1, values: 3, get: 3, put: 3, append: 2, delete: 2, cas: 2 });
  for (let seed = 1; seed <= 10_000; seed++) {
    const draw = drawSeeded(seed);
    const shape = { operations: 6 + draw(2), clients: 5, oneLostIn: 3, oneWrongIn: draw(3) * 3 };
    const history = randomHistory(subject, shape, draw);
    const expected = isLinearizable(subject.model, history) ? "ok" : "illegal";
    expect(check(subject.model, history).verdict, `seed ${seed}`).toBe(expected);
  }
});
