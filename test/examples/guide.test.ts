/** The tests that lab/own/README.md shows. Each is of a broken register, so each must fail. */

import * as fc from "fast-check";
import { runAsync, sweepAsync } from "linlab/async";
import { scenarios } from "linlab/fast-check";
import { assertOk, sweep } from "linlab/lab";
import { test as passing } from "vitest";
import { brokenActors } from "./register-actor.ts";
import { broken } from "./register-async.ts";

const test = passing.fails;

test("the register survives", async () => {
  assertOk(await sweepAsync(broken));
});

test("the register survives, as a property", async () => {
  await fc.assert(
    fc.asyncProperty(scenarios(broken), async (scenario) => assertOk(await runAsync(broken, scenario))),
  );
});

test("the actors survive", () => {
  assertOk(sweep(brokenActors));
});
