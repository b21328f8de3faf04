/** labrpc's own tests of calls that do not come through: lost messages, disabled ends, dead servers, long delays. */

import { MILLISECOND, SECOND } from "../../../src/base/index.ts";
import { fail } from "../suite.ts";
import { numbered } from "./calls.ts";
import { labrpcSuite } from "./suite.ts";

export const disconnect = labrpcSuite("Disconnect", {}, (lab) => {
  lab.network.enable("c1", "s1", false);
  lab.expectUnanswered(lab.call("c1", "s1", numbered(1)));
  lab.expectHandled("s1", 0);

  lab.network.enable("c1", "s1", true);
  lab.expectAnswer(lab.call("c1", "s1", numbered(2)), numbered(2));
});

export const unreliable = labrpcSuite(
  "Unreliable",
  { clients: 300, conditions: { reliable: false } },
  (lab) => {
    const calls = lab.clients.map((client, i) => lab.start(client, "s1", numbered(i)));
    lab.settle();
    const answered = calls.filter((call) => call.answer !== null);
    if (answered.length === 0 || answered.length === calls.length) {
      fail(`${answered.length} of ${calls.length} calls were answered, on a network that loses some`);
    }
    for (const [i, call] of calls.entries()) {
      if (call.answer === null) lab.expectUnanswered(call);
      else lab.expectAnswer(call, numbered(i));
    }
  },
);

const DELAYED = 20;

/** A call must not queue behind others that wait for their delays: each RPC has a goroutine of its own. */
export const regression1 = labrpcSuite("Regression1", { conditions: { longDelays: true } }, (lab) => {
  lab.network.enable("c1", "s1", false);
  const delayed = Array.from({ length: DELAYED }, (_, i) => lab.start("c1", "s1", numbered(i)));
  lab.sleep(100 * MILLISECOND);

  lab.network.enable("c1", "s1", true);
  const call = lab.start("c1", "s1", numbered(99));
  lab.sleep(30 * MILLISECOND);
  lab.expectAnswer(call, numbered(99));

  lab.settle();
  for (const other of delayed) lab.expectUnanswered(other);
  lab.expectHandled("s1", 1);
});

/** The handler of a dead server may run on for 20 s: its caller is not held up for that. */
export const killed = labrpcSuite("Killed", { work: 20 * SECOND }, (lab) => {
  const call = lab.start("c1", "s1", numbered(1));
  lab.sleep(SECOND);
  if (call.endedAt !== null) fail("the call has ended before its handler");

  lab.world.crash("s1");
  lab.sleep(100 * MILLISECOND);
  lab.expectUnanswered(call);
});

/**
 * Calls wait out their long delays while everything about them changes: the end works again, the server is another
 * one, the caller has died. None may reach the new server, none may be answered, none may come to a later life of its
 * caller. (We know this test, the Go lab's youngest, by its name only: the steps are ours.)
 */
export const longDelayRace = labrpcSuite(
  "LongDelayRace",
  { clients: 2, conditions: { longDelays: true } },
  (lab) => {
    const startMany = (client: string) =>
      Array.from({ length: 50 }, (_, i) => lab.start(client, "s1", numbered(i)));
    for (const client of lab.clients) lab.network.enable(client, "s1", false);
    const waiting = startMany("c1");
    const orphaned = startMany("c2");

    lab.world.crash("c2");
    lab.world.crash("s1");
    const calledTheDead = startMany("c1");
    lab.sleep(MILLISECOND);
    const endedSoFar = orphaned.filter((call) => call.endedAt !== null).length;
    for (const id of ["c2", "s1"]) lab.world.start(id);
    for (const client of lab.clients) lab.network.enable(client, "s1", true);

    const call = lab.start("c2", "s1", numbered(99));
    lab.sleep(30 * MILLISECOND);
    lab.expectAnswer(call, numbered(99));
    lab.sleep(7 * SECOND);
    for (const other of [...waiting, ...calledTheDead]) lab.expectUnanswered(other);
    if (orphaned.filter((other) => other.endedAt !== null).length > endedSoFar) {
      fail("a call ended in a later life of its caller");
    }
    lab.expectHandled("s1", 1);
  },
);
