/**
 * labrpc's rules for servers that die and ends that are disabled while a call is under way. Their purpose: no client
 * gets a positive answer to a write that went to the disk of a server which has been replaced since.
 */

import { describe, expect, test } from "vitest";
import { MILLISECOND, SECOND } from "../../src/base/index.ts";
import { type Call, type ToyOptions, Toys } from "./toys.ts";

const lasted = (call: Call) => call.endedAt - call.sentAt;

/** A call whose handler works for so long, and whose request has just arrived. */
function longCall(work: number | null = 20 * SECOND, options: ToyOptions = {}) {
  const toys = new Toys(["c1", "s1", "s2"], options);
  toys.work = work;
  const call = toys.call("c1", "s1", "long");
  toys.world.run(MILLISECOND, () => toys.served.length === 1);
  return { toys, call, dispatchedAt: toys.world.now };
}

describe("when the handler returns, the network looks again", () => {
  const ways: readonly [way: string, happens: (toys: Toys) => void, then: "answered" | "unanswered"][] = [
    ["nothing has happened", () => {}, "answered"],
    ["the end was disabled", ({ network }) => network.enable("c1", "s1", false), "unanswered"],
    ["replies are cut off", ({ network }) => network.cut("s1", "c1"), "unanswered"],
    ["only further requests are cut off", ({ network }) => network.cut("c1", "s1"), "answered"],
    [
      "the end of another server was disabled",
      ({ network }) => network.enable("c1", "s2", false),
      "answered",
    ],
    [
      "the server's own end to the caller was disabled",
      ({ network }) => network.enable("s1", "c1", false),
      "answered",
    ],
    ["another server died", ({ world }) => world.crash("s2"), "answered"],
  ];

  test.each(ways)("and if %s, the call is %s", (_, happens, then) => {
    const { toys, call, dispatchedAt } = longCall(50 * MILLISECOND);
    happens(toys);
    toys.settle();
    expect(call.state).toBe(then);
    // At once, not at some poll.
    expect(call.endedAt - dispatchedAt).toBeLessThan(51 * MILLISECOND);
  });

  test("and an end that was disabled and enabled again in the meantime makes no difference", () => {
    const { toys, call } = longCall(50 * MILLISECOND);
    toys.network.enable("c1", "s1", false);
    toys.pass(20 * MILLISECOND);
    toys.network.enable("c1", "s1", true);
    toys.settle();
    expect(call.state).toBe("answered");
  });
});

describe("while a handler runs, its caller is released at the next whole 100 ms since the dispatch", () => {
  const deaths: readonly [death: string, happens: (toys: Toys) => void][] = [
    ["after its server died", ({ world }) => world.crash("s1")],
    ["after its end was disabled", ({ network }) => network.enable("c1", "s1", false)],
    ["after the way back was cut", ({ network }) => network.cut("s1", "c1")],
  ];
  const instants: readonly [at: number, releasedAt: number][] = [
    [1, 100],
    [99, 100],
    [101, 200],
    [1050, 1100],
  ];
  const table = deaths.flatMap(([death, happens]) =>
    instants.map(([at, releasedAt]) => ({ death, happens, at, releasedAt })),
  );

  test.each(table)("$death: at $at ms, released at $releasedAt ms", ({ happens, at, releasedAt }) => {
    const { toys, call, dispatchedAt } = longCall();
    toys.pass(at * MILLISECOND);
    happens(toys);
    toys.pass(SECOND);
    expect(call.state).toBe("unanswered");
    expect(call.endedAt - dispatchedAt).toBe(releasedAt * MILLISECOND);
  });

  test.each(deaths)("also if that happened while the request was on its way (%s)", (_, happens) => {
    const toys = new Toys(["c1", "s1"]);
    toys.work = 20 * SECOND;
    const call = toys.call("c1", "s1");
    happens(toys);
    toys.pass(SECOND);
    expect(call.state).toBe("unanswered");
    expect(lasted(call)).toBeLessThan(101 * MILLISECOND);
  });

  test("although the server is back by then: a new incarnation is not the one that was called", () => {
    const { toys, call, dispatchedAt } = longCall();
    toys.world.crash("s1");
    toys.world.start("s1");
    toys.pass(SECOND);
    expect(call.endedAt - dispatchedAt).toBe(100 * MILLISECOND);
    expect(call.state).toBe("unanswered");
  });

  test("but not because of an end that is enabled again at that instant", () => {
    const { toys, call } = longCall(500 * MILLISECOND);
    toys.network.enable("c1", "s1", false);
    toys.pass(50 * MILLISECOND);
    toys.network.enable("c1", "s1", true);
    toys.settle();
    expect(call.state).toBe("answered");
  });

  test("and the result of the handler is discarded", () => {
    const { toys, call } = longCall(300 * MILLISECOND);
    toys.network.enable("c1", "s1", false);
    toys.pass(150 * MILLISECOND);
    expect(call.state).toBe("unanswered");
    toys.network.enable("c1", "s1", true);
    toys.settle();
    expect(call).toMatchObject({ state: "unanswered", answer: null, endings: 1 });
  });

  test("and not at all if nothing happens: a handler that never returns is never told about", () => {
    const { toys, call } = longCall(null);
    toys.pass(60 * SECOND);
    expect(call.state).toBe("open");
  });

  test("and every caller of a dead server is released, each at its own tick", () => {
    const toys = new Toys(["c1", "c2", "c3", "s1"]);
    toys.work = 20 * SECOND;
    const calls = ["c1", "c2", "c3"].map((client) => {
      toys.pass(13 * MILLISECOND);
      return toys.call(client, "s1", client);
    });
    toys.pass(MILLISECOND);
    toys.world.crash("s1");
    toys.pass(SECOND);
    for (const [i, call] of calls.entries()) {
      expect(call.state).toBe("unanswered");
      expect(call.endedAt - toys.served[i]!.at).toBe(100 * MILLISECOND);
    }
  });
});

describe("a reply that has left the handler", () => {
  /** A seed with which long reordering holds back the first reply; it does so with two of three. */
  const seed = [1, 2, 3, 4, 5, 6, 7, 8].find((seed) => {
    const toys = new Toys(["c1", "s1", "s2"], { conditions: { longReordering: true }, seed });
    const call = toys.call("c1", "s1");
    toys.pass(10 * MILLISECOND);
    return call.state === "open";
  })!;
  const heldBack: ToyOptions = { conditions: { longReordering: true }, seed };

  const deaths: readonly [death: string, happens: (toys: Toys) => void][] = [
    ["its server dies", ({ world }) => world.crash("s1")],
    ["its end is disabled", ({ network }) => network.enable("c1", "s1", false)],
    ["the way back is cut", ({ network }) => network.cut("s1", "c1")],
  ];

  // labrpc does not look a third time at the delivery of a reply that long reordering held back.
  test.each(deaths)("arrives although %s while long reordering holds it back", (_, happens) => {
    const { toys, call } = longCall(0, heldBack);
    toys.pass(10 * MILLISECOND);
    expect(call.state).toBe("open");
    happens(toys);
    toys.settle();
    expect(call).toMatchObject({ state: "answered", endings: 1 });
    expect(lasted(call)).toBeGreaterThan(200 * MILLISECOND);
  });

  test("arrives although a poll was due since its end had been disabled for a while", () => {
    const { toys, call } = longCall(20 * MILLISECOND, heldBack);
    toys.network.enable("c1", "s1", false);
    toys.pass(10 * MILLISECOND);
    toys.network.enable("c1", "s1", true);
    toys.pass(20 * MILLISECOND);
    toys.network.enable("c1", "s1", false);
    toys.settle();
    expect(call.state).toBe("answered");
  });

  test("never reaches another life of its caller", () => {
    const { toys, call } = longCall(0, heldBack);
    toys.world.crash("c1");
    toys.world.start("c1");
    const next = toys.call("c1", "s2");
    toys.settle();
    expect(call.state).toBe("open");
    expect(next).toMatchObject({ state: "answered", endings: 1 });
  });
});

describe("where losses are told, a request reaches the incarnation that it was sent to or none", () => {
  /** Sends one request that takes a while, and lets the server die and come back before it arrives. */
  function overtakenByRestart(arrange: (toys: Toys) => void) {
    const toys = new Toys(["c1", "s1"], { conditions: { extraDelay: 20 * MILLISECOND } });
    const calls = toys.callMany(20, "c1", "s1");
    toys.pass(50);
    arrange(toys);
    toys.world.crash("s1");
    toys.world.start("s1");
    toys.settle();
    return { toys, calls };
  }

  test("and its caller is told when it would have arrived", () => {
    const { toys, calls } = overtakenByRestart(() => {});
    expect(toys.served).toEqual([]);
    expect(calls.every((call) => call.state === "unanswered" && call.endings === 1)).toBe(true);
  });

  test("also when its caller has died", () => {
    const { toys } = overtakenByRestart(({ world }) => world.crash("c1"));
    expect(toys.served).toEqual([]);
  });

  test("also when it is the copy of one that was answered before", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { duplication: 1000 } });
    const calls = toys.callMany(50, "c1", "s1");
    // The first copies arrive within 0.3 ms, most of the second ones later.
    toys.pass(MILLISECOND);
    toys.world.crash("s1");
    toys.world.start("s1");
    toys.settle();
    expect(calls.some((call) => call.state === "answered")).toBe(true);
    expect(toys.served.filter(({ incarnation }) => incarnation > 0)).toEqual([]);
  });

  test("and a request to a server that was dead when it was sent never arrives, though it starts meanwhile", () => {
    const toys = new Toys(["c1", "s1"]);
    toys.world.crash("s1");
    const calls = toys.callMany(20, "c1", "s1");
    toys.world.start("s1");
    toys.settle();
    expect(toys.served).toEqual([]);
    expect(calls.every((call) => call.state === "unanswered")).toBe(true);
  });
});

describe("a zombie, a server's life that has ended,", () => {
  test("sends no reply", () => {
    const { toys, call } = longCall(50 * MILLISECOND);
    toys.world.crash("s1");
    toys.settle();
    expect(call).toMatchObject({ state: "unanswered", endings: 1 });
  });

  test("sends nothing after its restart that its last life had planned", () => {
    const { toys, call } = longCall(50 * MILLISECOND);
    toys.world.crash("s1");
    toys.world.start("s1");
    const second = toys.call("c1", "s1", "second");
    toys.settle();
    expect(call.state).toBe("unanswered");
    expect(second).toMatchObject({ state: "answered", answer: "second!" });
  });

  test("as a caller hears nothing, and what it asked may be executed all the same", () => {
    const toys = new Toys(["c1", "s1"]);
    const call = toys.call("c1", "s1", "last words");
    toys.world.crash("c1");
    toys.settle();
    expect(call.endings).toBe(0);
    expect(toys.served.map(({ word }) => word)).toEqual(["last words"]);
  });

  test("does not confuse its successor, which numbers its calls from 1 again", () => {
    const { toys, call } = longCall(50 * MILLISECOND);
    toys.world.crash("c1");
    toys.world.start("c1");
    const next = toys.call("c1", "s1", "next");
    toys.settle();
    expect(call.endings).toBe(0);
    expect(next).toMatchObject({ state: "answered", answer: "next!", endings: 1 });
  });
});
