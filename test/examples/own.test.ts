/** The examples of lab/own/README.md: the lab catches the broken registers at once, and the repaired one stays green. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { runAsync, sweepAsync } from "linlab/async";
import { scenarios } from "linlab/fast-check";
import { assertOk, run, sweep } from "linlab/lab";
import { describe, expect, test } from "vitest";
import { ROOT } from "../source.ts";
import { abd } from "./abd-async.ts";
import { brokenActors } from "./register-actor.ts";
import { broken } from "./register-async.ts";

const guide = readFileSync(join(ROOT, "lab/own/README.md"), "utf8");

describe("the broken register", () => {
  test("as an actor is caught by the first sweep, which says why and how to run it again", () => {
    const { failure, text } = sweep(brokenActors);
    expect(text).toMatch(/^Seed \d+: c\d's read [\s\S]+(a\s+stale\s+read|go\s+backwards)/);
    expect(text).toContain("What had struck:");
    const { seed } = failure!.scenario;
    expect(text).toContain(`Run it again (digest ${failure!.digest}): run(system, ${seed})`);
    expect(run(brokenActors, seed).digest).toBe(failure!.digest);
  });

  test("as an async class is caught by the first sweep, which says why and how to run it again", async () => {
    const { failure, text } = await sweepAsync(broken);
    expect(text).toMatch(/^Seed \d+: c\d's read [\s\S]+(a\s+stale\s+read|go\s+backwards)/);
    const { seed } = failure!.scenario;
    expect(text).toContain(`Run it again (digest ${failure!.digest}): await runAsync(system, ${seed})`);
    expect((await runAsync(broken, seed)).digest).toBe(failure!.digest);
  });
});

describe("the repaired register", () => {
  test("stays green in a sweep", async () => {
    const green = await sweepAsync(abd, { seeds: 100 });
    assertOk(green);
    expect(green.seeds).toBe(100);
    expect(green.acknowledged).toBeGreaterThan(3000);
  });

  test("stays green as a property", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios(abd), async (scenario) => assertOk(await runAsync(abd, scenario))),
    );
  });
});

test("the guide quotes what the first sweep says", async () => {
  const { text } = await sweepAsync(broken);
  expect(guide).toContain(`\n${text.split("\n\n")[0]}\n`);
});

test("the guide shows code that stands in these files", () => {
  const folder = join(ROOT, "test/examples");
  const sources = readdirSync(folder).map((file) => plain(readFileSync(join(folder, file), "utf8")));
  const fences = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => plain(code!));
  expect(fences.length).toBeGreaterThan(3);
  expect(fences.filter((code) => !sources.some((source) => source.includes(code)))).toEqual([]);
});

/** Without its indentation. */
function plain(code: string): string {
  return code.trim().replace(/^ +/gm, "");
}
