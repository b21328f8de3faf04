/** The checker against the dumb oracle, on small random histories of every kind, whatever is switched off. */
import {
  check,
  type HistoryEvent,
  historyOf,
  type Model,
  type Operation,
  type Optimisations,
} from "porcupine-ts";
import { expect, test } from "vitest";
import { flawOf, isLinearizable } from "./brute.ts";
import {
  casSubject,
  type Draw,
  drawSeeded,
  kvSubject,
  randomHistory,
  registerSubject,
  type Subject,
} from "./random.ts";
import { registersSubject } from "./registers.ts";
import { versionedSubject } from "./versioned.ts";

const mix = { keys: 1, values: 3, get: 3, put: 2, append: 2, delete: 1, cas: 2 };
const startsEmpty = kvSubject({ ...mix, values: 8, delete: 0, cas: 0 });
// Small numbers of values: most mistakes need coincidences. Large ones: reads-from is certain.
const subjects: Readonly<Record<string, unknown>> = {
  "a register of 3 values": registerSubject(3),
  "a register of 9 values": registerSubject(9),
  "a register of 100 values": registerSubject(100),
  "a cas-register of 3 values": casSubject(3),
  "a cas-register of 6 values": casSubject(6),
  "one key": kvSubject(mix),
  "one key without cas": kvSubject({ ...mix, cas: 0 }),
  "one key, mostly appends": kvSubject({ ...mix, values: 2, append: 6, cas: 0 }),
  "one key, appends of 9 texts": kvSubject({ ...mix, values: 9, append: 4, delete: 0, cas: 0 }),
  "one key, puts and appends": kvSubject({ ...mix, values: 10, append: 4, put: 3, cas: 0 }),
  "one key that starts empty": { ...startsEmpty, model: { ...startsEmpty.model, initial: "" } },
  "one key, mostly cas": kvSubject({ ...mix, cas: 6 }),
  "two keys": kvSubject({ ...mix, keys: 2 }),
  "a version": versionedSubject(3),
  "a version of 99 values": versionedSubject(99),
  "registers written together": registersSubject(3, 3),
  "registers rarely written together": registersSubject(3, 9),
};

const off = (...names: (keyof Optimisations)[]): Partial<Optimisations> =>
  Object.fromEntries(names.map((name) => [name, false]));

/**
 * Everything on, everything off, each switch alone; and the search's ones once more without decisions before it. These
 * histories are too short to try anyone's patience, so most settings have none.
 */
const SEARCH = ["readsFirst", "lookahead", "blanks", "usefulness", "dominance", "symmetry"] as const;
const SETTINGS: readonly Partial<Optimisations>[] = [
  {},
  off("decisions", "cells", "layout", "patience", "footprints", "absorption", ...SEARCH),
  off("decisions"),
  off("cells", "patience"),
  off("footprints", "patience"),
  off("decisions", "patience"),
  off("decisions", "cells"),
  off("decisions", "cells", "patience"),
  off("decisions", "patience", "layout"),
  off("decisions", "patience", "absorption"),
  off("decisions", "patience", "absorption", "usefulness"),
  ...SEARCH.map((name) => off("decisions", "patience", name)),
  ...SEARCH.map((name) => off("decisions", "patience", "cells", name)),
];

/** Histories for each subject. All 200,000 take a quarter of an hour: FUZZ=12000 npx vitest run test/checker/brute */
const RUNS = Number(process.env.FUZZ ?? 200);

for (const [name, subject] of Object.entries(subjects)) {
  test(`agrees with trying every order on ${name}, whatever is switched off`, { timeout: 3_600_000 }, () => {
    agree(subject as Subject<unknown, unknown, unknown>);
  });
}

function agree(subject: Subject<unknown, unknown, unknown>): void {
  const seen = { ok: 0, illegal: 0, lost: 0 };
  const { traits: _traits, ...bare } = subject.model;
  for (let seed = 1; seed <= RUNS; seed++) {
    const draw = drawSeeded(seed * 31 + 7);
    const shape = {
      operations: 3 + draw(11),
      clients: 1 + draw(7),
      oneLostIn: [0, 3, 6][draw(3)]!,
      oneWrongIn: [0, 6, 12, 3][draw(4)]!,
    };
    const drawn = randomHistory(subject, shape, draw);
    const given = draw(3) === 0 ? coarse(drawn, 2 + draw(3)) : drawn;
    const history = given === drawn ? drawn : historyOf(given as readonly Operation<unknown, unknown>[]);
    const expected = isLinearizable(subject.model, history) ? "ok" : "illegal";
    if (shape.oneWrongIn === 0 && given === drawn) expect(expected).toBe("ok");
    seen[expected]++;
    if (drawn.filter(({ kind }) => kind === "response").length < shape.operations) seen.lost++;
    expect(check(bare, given).verdict, `seed ${seed}, without traits`).toBe(expected);
    for (const [i, optimisations] of SETTINGS.entries()) {
      const result = check(subject.model, given, { optimisations });
      const where = `seed ${seed}, ${JSON.stringify(optimisations)}`;
      expect(result.verdict, where).toBe(expected);
      if (i < 3 || seed % 10 === 0) expectWitness(subject.model, history, result, where);
    }
  }
  // A mix that is all of one kind would prove nothing.
  expect(Math.min(seen.ok, seen.illegal), JSON.stringify(seen)).toBeGreaterThan(RUNS / 20);
  expect(seen.lost).toBeGreaterThan(RUNS / 10);
}

function expectWitness(
  model: Model<unknown, unknown, unknown>,
  history: readonly HistoryEvent<unknown, unknown>[],
  { objects }: ReturnType<typeof check>,
  where: string,
): void {
  for (const { object, verdict, linearization, partials } of objects) {
    if (verdict === "ok") expect(flawOf(model, history, object, linearization!), where).toBeNull();
    else expect(partials.length, where).toBeGreaterThan(0);
    for (const partial of partials) expect(flawOf(model, history, object, partial, true), where).toBeNull();
  }
}

/** The same calls, timed by a clock that ticks every few events only. */
function coarse(
  history: readonly HistoryEvent<unknown, unknown>[],
  tick: number,
): Operation<unknown, unknown>[] {
  const operations = new Map<number, Operation<unknown, unknown>>();
  for (const [at, event] of history.entries()) {
    const time = Math.floor(at / tick);
    if (event.kind === "invoke") {
      const { operation, client, input } = event;
      operations.set(operation, { operation, client, input, output: null, call: time, return: null });
    } else if (event.kind === "response") {
      const call = operations.get(event.operation)!;
      operations.set(event.operation, { ...call, output: event.output, return: time });
    }
  }
  return [...operations.values()];
}

// Each of these was a mistake once: two prunings that relied on each other, on histories that random runs meet once
// in 10,000 to 100,000 times.
test("agrees with trying every order on many more histories of the shapes that once went wrong", () => {
  const subject = kvSubject({ keys: 1, values: 3, get: 3, put: 3, append: 2, delete: 2, cas: 2 });
  const draws = (draw: Draw) => ({
    operations: 6 + draw(2),
    clients: 5,
    oneLostIn: 3,
    oneWrongIn: draw(3) * 3,
  });
  for (let seed = 1; seed <= 5_000; seed++) {
    const draw = drawSeeded(seed);
    const history = randomHistory(subject, draws(draw), draw);
    const expected = isLinearizable(subject.model, history) ? "ok" : "illegal";
    for (const optimisations of [{}, off("decisions", "cells", "patience")]) {
      expect(check(subject.model, history, { optimisations }).verdict, `seed ${seed}`).toBe(expected);
    }
  }
});

// What a search was spared at first, it has to know of what it finds later. With few values and many clients these
// searches lose patience after 128 configurations; without it they are those of the tests above.
test("finds the same when it loses patience, and orders that explain it", {
  timeout: 60_000 + 30 * RUNS,
}, () => {
  const cas = casSubject(3);
  const key = kvSubject({ ...mix, values: 2, get: 4, cas: 3 });
  const judged = { ok: 0, illegal: 0, unknown: 0 };
  for (let seed = 1; seed <= 3 * RUNS; seed++) {
    const subject = (seed % 2 === 0 ? cas : key) as Subject<unknown, unknown, unknown>;
    const shape = {
      operations: 100,
      clients: 12,
      oneLostIn: [0, 9][(seed % 4) >> 1]!,
      oneWrongIn: [0, 25][(seed % 3) >> 1]!,
    };
    const history = randomHistory(subject, shape, drawSeeded(seed));
    const result = check(subject.model, history, { optimisations: off("decisions") });
    if (result.steps <= 128) continue;
    judged[result.verdict]++;
    const expected = check(subject.model, history, { optimisations: off("decisions", "patience") });
    expect(result.verdict, `seed ${seed}`).toBe(expected.verdict);
    expectWitness(subject.model, history, result, `seed ${seed}`);
  }
  expect(Math.min(judged.ok, judged.illegal), JSON.stringify(judged)).toBeGreaterThan(10);
});
