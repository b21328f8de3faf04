/** What the network's counters count. labrpc's own tests are suites: lab/suites/labrpc. */

import { describe, expect, test } from "vitest";
import { MILLISECOND, type NodeId, SECOND } from "../../src/base/index.ts";
import { type Call, Toys } from "./toys.ts";

/** Calls one after the other, each sent when the one before has ended. */
function callInTurn(toys: Toys, count: number, from: NodeId, to: NodeId, word = "hello"): Call[] {
  return Array.from({ length: count }, () => {
    const call = toys.call(from, to, word);
    toys.settle();
    return call;
  });
}

describe("the counters", () => {
  test("count every request in total, also one that is lost, blocked or sent to the dead", () => {
    const toys = new Toys(["c1", "s1", "s2", "s3"], { conditions: { reliable: false } });
    toys.network.enable("c1", "s2", false);
    toys.world.crash("s3");
    for (const server of ["s1", "s2", "s3"]) toys.callMany(100, "c1", server);
    toys.settle();
    expect(toys.network.counters.rpcs).toBe(300);
  });

  test("count for each server the requests whose handlers began, and no others", () => {
    const toys = new Toys(["c1", "s1", "s2", "s3"], { conditions: { reliable: false } });
    toys.network.enable("c1", "s2", false);
    toys.world.crash("s3");
    for (const server of ["s1", "s2", "s3"]) toys.callMany(100, "c1", server);
    toys.settle();
    const lostRequests = 100 - toys.served.length;
    expect(lostRequests).toBeGreaterThan(0);
    expect(toys.network.dispatchedAt("s1")).toBe(100 - lostRequests);
    expect(toys.network.dispatchedAt("s2")).toBe(0);
    expect(toys.network.dispatchedAt("s3")).toBe(0);
  });

  test("weigh requests when they are sent, also those that never arrive", () => {
    const toys = new Toys(["c1", "s1"]);
    toys.network.enable("c1", "s1", false);
    toys.call("c1", "s1", "12345");
    expect(toys.network.counters.bytes).toBe(5);
    toys.settle();
    expect(toys.network.counters.bytes).toBe(5);
  });

  test("weigh replies when they are delivered, also late ones", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { longReordering: true } });
    const calls = toys.callMany(10, "c1", "s1");
    toys.pass(100 * MILLISECOND);
    const inTime = calls.filter((call) => call.state === "answered").length;
    expect(inTime).toBeLessThan(10);
    expect(toys.network.counters.bytes).toBe(10 * 2 + inTime * 3);
    toys.settle();
    expect(toys.network.counters.bytes).toBe(10 * 2 + 10 * 3);
  });

  test("do not weigh replies that are lost", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { reliable: false } });
    const calls = toys.callMany(1000, "c1", "s1");
    const requests = toys.network.counters.bytes;
    toys.settle();
    const replies = calls.reduce((sum, call) => sum + (call.answer?.length ?? 0), 0);
    expect(toys.network.counters.bytes).toBe(requests + replies);
  });

  test("tell losses, delays, duplicates, reordered and blocked messages apart", () => {
    const toys = new Toys(["c1", "s1"]);
    const zero = { lost: 0, delayed: 0, reordered: 0, duplicated: 0, blocked: 0 };
    callInTurn(toys, 1, "c1", "s1");
    expect(toys.network.counters).toMatchObject(zero);
    for (const [conditions, counted] of [
      [{ loss: 1000 }, { lost: 1 }],
      [{ extraDelay: SECOND }, { delayed: 2 }],
      [{ duplication: 1000, detectsLoss: false }, { duplicated: 1 + 2 }],
      [{ reordering: 1000 }, { reordered: 2 }],
    ] as const) {
      const { counters } = toys.network;
      Object.assign(counters, zero);
      toys.setConditions(conditions);
      callInTurn(toys, 1, "c1", "s1");
      expect(counters).toMatchObject({ ...zero, ...counted });
    }
    toys.network.cut("c1", "s1");
    toys.call("c1", "s1");
    expect(toys.network.counters.blocked).toBe(1);
  });

  test("count a reply that long reordering holds back as reordered, and not as delayed", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { longReordering: true } });
    toys.callMany(30, "c1", "s1");
    toys.settle();
    expect(toys.network.counters.reordered).toBeGreaterThan(10);
    expect(toys.network.counters.delayed).toBe(0);
  });
});
