/** labrpc's own tests, as far as they speak of the network and not of Go, and what its counters count. */

import { describe, expect, test } from "vitest";
import { MILLISECOND, type NodeId, SECOND } from "../../src/base/index.ts";
import { type Call, Toys } from "./toys.ts";

const names = (prefix: string, count: number): NodeId[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);

/** Calls one after the other, each sent when the one before has ended. */
function callInTurn(toys: Toys, count: number, from: NodeId, to: NodeId, word = "hello"): Call[] {
  return Array.from({ length: count }, () => {
    const call = toys.call(from, to, word);
    toys.settle();
    return call;
  });
}

describe("labrpc's own tests", () => {
  test("Basic: a call is answered with its own result", () => {
    const toys = new Toys(["c1", "s1"]);
    const call = toys.call("c1", "s1", "9099");
    toys.settle();
    expect(call).toMatchObject({ state: "answered", answer: "9099!", endings: 1 });
  });

  test("Disconnect: a disabled end gives no reply and works once it is enabled", () => {
    const toys = new Toys(["c1", "s1"]);
    toys.network.enable("c1", "s1", false);
    const [before] = callInTurn(toys, 1, "c1", "s1", "111");
    toys.network.enable("c1", "s1", true);
    const [after] = callInTurn(toys, 1, "c1", "s1", "9099");
    expect(before).toMatchObject({ state: "unanswered", answer: null });
    expect(after).toMatchObject({ state: "answered", answer: "9099!" });
  });

  test("Counts: 17 calls count as exactly 17 at their server", () => {
    const toys = new Toys(["c1", "s1", "s2"]);
    callInTurn(toys, 17, "c1", "s1");
    expect(toys.network.dispatchedAt("s1")).toBe(17);
    expect(toys.network.dispatchedAt("s2")).toBe(0);
    expect(toys.network.counters.rpcs).toBe(17);
  });

  test("Bytes: 17 calls weigh what their requests and replies weigh", () => {
    const toys = new Toys(["c1", "s1"]);
    callInTurn(toys, 17, "c1", "s1", "x".repeat(128));
    expect(toys.network.counters.bytes).toBe(17 * (128 + 129));
  });

  test("ConcurrentMany: 20 clients with 10 calls each all get their own answers", () => {
    const clients = names("c", 20);
    const toys = new Toys([...clients, "s1"]);
    const calls = clients.flatMap((client) =>
      names(`${client} `, 10).map((word) => [word, toys.call(client, "s1", word)] as const),
    );
    toys.settle();
    for (const [word, call] of calls) expect(call.answer).toBe(`${word}!`);
    expect(toys.network.dispatchedAt("s1")).toBe(200);
  });

  test("Unreliable: of 300 clients with one call each, some are answered and some are not", () => {
    const clients = names("c", 300);
    const toys = new Toys([...clients, "s1"], { conditions: { reliable: false } });
    const calls = clients.map((client) => toys.call(client, "s1", client));
    toys.settle();
    const answered = calls.filter((call) => call.state === "answered");
    expect(answered.length).toBeGreaterThan(0);
    expect(answered.length).toBeLessThan(300);
    for (const [i, call] of calls.entries()) expect([null, `${clients[i]}!`]).toContain(call.answer);
  });

  test("ConcurrentOne: 20 concurrent calls from one client to one server get their own answers", () => {
    const toys = new Toys(["c1", "s1"]);
    const calls = toys.callMany(20, "c1", "s1");
    toys.settle();
    expect(calls.map((call) => call.answer)).toEqual(calls.map((_, i) => `w${i}!`));
    expect(toys.network.dispatchedAt("s1")).toBe(20);
  });

  test("Regression1: behind 20 delayed calls, one through the end that works again takes less than 30 ms", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { longDelays: true } });
    toys.network.enable("c1", "s1", false);
    const delayed = toys.callMany(20, "c1", "s1");
    toys.pass(100 * MILLISECOND);
    toys.network.enable("c1", "s1", true);
    const call = toys.call("c1", "s1", "at last");
    toys.settle();
    expect(call.state).toBe("answered");
    expect(call.endedAt - call.sentAt).toBeLessThan(30 * MILLISECOND);
    expect(delayed.every((other) => other.state === "unanswered")).toBe(true);
    expect(toys.network.dispatchedAt("s1")).toBe(1);
  });

  test("Killed: a call whose handler takes 20 s is released within 100 ms of its server's death", () => {
    const toys = new Toys(["c1", "s1"]);
    toys.work = 20 * SECOND;
    const call = toys.call("c1", "s1");
    toys.pass(SECOND);
    expect(call.state).toBe("open");
    toys.world.crash("s1");
    toys.pass(100 * MILLISECOND);
    expect(call.state).toBe("unanswered");
  });
});

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
