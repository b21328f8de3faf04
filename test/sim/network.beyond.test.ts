/** What labrpc lacks: silent loss, duplicates, reordered requests, cuts of one direction, and cuts that are counted. */

import { describe, expect, test } from "vitest";
import { MILLISECOND, SECOND } from "../../src/base/index.ts";
import { type Call, Toys } from "./toys.ts";

const count = (calls: readonly Call[], state: Call["state"]) =>
  calls.filter((call) => call.state === state).length;

describe("where loss is silent", () => {
  const silent = { detectsLoss: false };

  test("nobody is ever told: a call is answered or stays open", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { ...silent, reliable: false } });
    const calls = toys.callMany(10_000, "c1", "s1");
    toys.settle();
    expect(count(calls, "unanswered")).toBe(0);
    expect(count(calls, "answered") / calls.length).toBeCloseTo(0.81, 2);
    expect(count(calls, "open") / calls.length).toBeCloseTo(0.19, 2);
  });

  const reasons: readonly [reason: string, arrange: (toys: Toys) => void][] = [
    ["through a disabled end", ({ network }) => network.enable("c1", "s1", false)],
    ["through a cut", ({ network }) => network.cut("c1", "s1")],
    ["over a way back that is cut", ({ network }) => network.cut("s1", "c1")],
    ["to a dead server", ({ world }) => world.crash("s1")],
  ];
  test.each(reasons)("a call %s stays open for ever", (_, arrange) => {
    const toys = new Toys(["c1", "s1"], { conditions: silent });
    arrange(toys);
    const calls = toys.callMany(20, "c1", "s1");
    toys.settle();
    expect(count(calls, "open")).toBe(20);
  });

  test("a handler whose server dies leaves its caller in the dark", () => {
    const toys = new Toys(["c1", "s1"], { conditions: silent });
    toys.work = 20 * SECOND;
    const call = toys.call("c1", "s1");
    toys.pass(SECOND);
    toys.world.crash("s1");
    toys.settle();
    expect(call.state).toBe("open");
  });

  test("a request may reach the next incarnation of its addressee", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { ...silent, extraDelay: 20 * MILLISECOND } });
    const calls = toys.callMany(20, "c1", "s1");
    toys.pass(50);
    toys.world.crash("s1");
    toys.world.start("s1");
    toys.settle();
    expect(toys.served.map(({ incarnation }) => incarnation)).toEqual(Array(20).fill(1));
    expect(count(calls, "answered")).toBe(20);
  });

  test("a request to a server that is down reaches it if it is back by the time of arrival", () => {
    const toys = new Toys(["c1", "s1"], { conditions: silent });
    toys.world.crash("s1");
    const call = toys.call("c1", "s1");
    toys.world.start("s1");
    toys.settle();
    expect(call.state).toBe("answered");
  });

  test("a request whose addressee is down when it arrives is lost", () => {
    const toys = new Toys(["c1", "s1"], { conditions: silent });
    const call = toys.call("c1", "s1");
    toys.world.crash("s1");
    toys.pass(SECOND);
    toys.world.start("s1");
    toys.settle();
    expect(toys.served).toEqual([]);
    expect(call.state).toBe("open");
  });

  test("a reply still never reaches another life of the caller, which would take it for its own", () => {
    const toys = new Toys(["c1", "s1"], { conditions: silent });
    toys.work = 50 * MILLISECOND;
    const lost = toys.call("c1", "s1", "first life");
    toys.pass(MILLISECOND);
    toys.world.crash("c1");
    toys.world.start("c1");
    const next = toys.call("c1", "s1", "second life");
    toys.settle();
    expect(lost.state).toBe("open");
    expect(next).toMatchObject({ answer: "second life!", endings: 1 });
  });
});

describe("duplication", () => {
  test("delivers a request twice, so that its handler runs twice", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { duplication: 1000 } });
    toys.callMany(100, "c1", "s1");
    toys.settle();
    expect(toys.served).toHaveLength(200);
    expect(toys.network.dispatchedAt("s1")).toBe(200);
  });

  test("strikes as many messages of 1000 as it is told to", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { duplication: 250 } });
    toys.callMany(10_000, "c1", "s1");
    toys.settle();
    expect(toys.served.length / 10_000).toBeCloseTo(1.25, 2);
  });

  test("sends the copy on a way of its own, up to 300 ms behind the original", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { duplication: 1000 } });
    toys.callMany(500, "c1", "s1");
    toys.settle();
    const first = new Map<string, number>();
    const behind = toys.served.flatMap(({ word, at }) => {
      const before = first.get(word);
      if (before === undefined) first.set(word, at);
      return before === undefined ? [] : [at - before];
    });
    expect(behind).toHaveLength(500);
    expect(Math.min(...behind)).toBeLessThan(10 * MILLISECOND);
    expect(Math.max(...behind)).toBeGreaterThan(290 * MILLISECOND);
    expect(Math.max(...behind)).toBeLessThan(300 * MILLISECOND);
  });

  test("holds the copy of a message that is held back by a draw of its own", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { duplication: 1000, reordering: 1000 } });
    toys.callMany(100, "c1", "s1");
    toys.settle();
    expect(new Set(toys.served.map(({ at }) => at)).size).toBeGreaterThan(180);
  });

  test("answers a call once where losses are told, because a call that has ended takes no second answer", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { duplication: 1000 } });
    const calls = toys.callMany(100, "c1", "s1");
    toys.settle();
    expect(calls.every((call) => call.state === "answered" && call.endings === 1)).toBe(true);
  });

  test("delivers replies twice where loss is silent: two handlers with two replies each", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { duplication: 1000, detectsLoss: false } });
    const calls = toys.callMany(100, "c1", "s1");
    toys.settle();
    expect(calls.every((call) => call.answer !== null && call.endings === 4)).toBe(true);
  });

  test("copies no message that was lost", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { duplication: 1000, loss: 1000 } });
    toys.callMany(100, "c1", "s1");
    toys.settle();
    expect(toys.served).toEqual([]);
    expect(toys.network.counters.duplicated).toBe(0);
  });
});

describe("reordering and delay", () => {
  test("hold back requests, so that later ones overtake them", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { reordering: 500 } });
    for (let i = 0; i < 100; i++) {
      toys.call("c1", "s1", `w${i}`);
      toys.pass(MILLISECOND);
    }
    toys.settle();
    const order = toys.served.map(({ word }) => Number(word.slice(1)));
    const inOrder = [...order].sort((a, b) => a - b);
    expect(order).not.toEqual(inOrder);
    expect(inOrder).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  test("hold back as many requests, and as many replies, as they are told to, by less than 300 ms", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { reordering: 200 } });
    const calls = toys.callMany(10_000, "c1", "s1");
    toys.settle();
    const served = new Map(toys.served.map(({ word, at }) => [word, at]));
    const there = calls.map((call, i) => served.get(`w${i}`)! - call.sentAt);
    const back = calls.map((call, i) => call.endedAt - served.get(`w${i}`)!);
    for (const delays of [there, back]) {
      expect(delays.filter((delay) => delay > MILLISECOND).length / 10_000).toBeCloseTo(0.2, 2);
      expect(delays.reduce((a, b) => Math.max(a, b))).toBeLessThan(301 * MILLISECOND);
    }
  });

  test("extra delay takes every message longer, up to its limit and not above it", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { extraDelay: 50 * MILLISECOND } });
    const calls = toys.callMany(5000, "c1", "s1");
    toys.settle();
    const trips = calls.map((call) => call.endedAt - call.sentAt);
    const mean = trips.reduce((a, b) => a + b) / trips.length;
    expect(Math.abs(mean - 50 * MILLISECOND)).toBeLessThan(MILLISECOND);
    expect(trips.reduce((a, b) => Math.max(a, b))).toBeLessThanOrEqual(2 * (50 * MILLISECOND + 299));
  });

  test.each([
    [0, 1],
    [300, 0.49],
    [1000, 0],
  ])("a loss of %i permille leaves %d of the calls answered", (loss, share) => {
    const toys = new Toys(["c1", "s1"], { conditions: { loss } });
    const calls = toys.callMany(10_000, "c1", "s1");
    toys.settle();
    expect(Math.abs(count(calls, "answered") / calls.length - share)).toBeLessThan(0.01);
  });

  test("a loss of 100 permille comes on top of labrpc's own, and is drawn on its own", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { reliable: false, loss: 100 } });
    toys.callMany(10_000, "c1", "s1");
    toys.settle();
    expect(Math.abs(toys.served.length / 10_000 - 0.9 * 0.9)).toBeLessThan(0.01);
  });
});

describe("a cut", () => {
  const directions: readonly [
    what: string,
    from: string,
    to: string,
    served: number,
    state: Call["state"],
  ][] = [
    ["of the way there keeps requests out", "c1", "s1", 0, "unanswered"],
    [
      "of the way back lets the handler run, and its caller hears that it may not have",
      "s1",
      "c1",
      1,
      "unanswered",
    ],
    ["of another client's link changes nothing", "c2", "s1", 1, "answered"],
  ];
  test.each(directions)("%s", (_, from, to, served, state) => {
    const toys = new Toys(["c1", "c2", "s1"]);
    toys.network.cut(from, to);
    const call = toys.call("c1", "s1");
    toys.settle();
    expect(toys.served).toHaveLength(served);
    expect(call.state).toBe(state);
    expect(toys.network.isOpen(from, to)).toBe(false);
    expect(toys.network.isOpen(to, from)).toBe(true);
  });

  test("is counted: two that overlap need two heals", () => {
    const toys = new Toys(["c1", "s1"]);
    const works = () => {
      const call = toys.call("c1", "s1");
      toys.settle();
      return call.state === "answered";
    };
    toys.network.cut("c1", "s1");
    toys.network.cut("c1", "s1");
    expect(works()).toBe(false);
    toys.network.heal("c1", "s1");
    expect(works()).toBe(false);
    toys.network.heal("c1", "s1");
    expect(works()).toBe(true);
  });

  test("that is healed once too often is the programmer's error", () => {
    const { network } = new Toys(["c1", "s1"]);
    network.cut("c1", "s1");
    network.heal("c1", "s1");
    expect(() => network.heal("c1", "s1")).toThrow("the link c1 -> s1 is not cut");
  });

  test("is independent of labrpc's disabled ends: a link is open when neither stops it", () => {
    const { network } = new Toys(["c1", "s1"]);
    network.enable("c1", "s1", false);
    network.cut("c1", "s1");
    network.enable("c1", "s1", true);
    expect(network.isOpen("c1", "s1")).toBe(false);
    network.heal("c1", "s1");
    expect(network.isOpen("c1", "s1")).toBe(true);
  });

  test("does not stop a message that is on its way already", () => {
    const toys = new Toys(["c1", "s1"]);
    toys.call("c1", "s1");
    toys.network.cut("c1", "s1");
    toys.settle();
    expect(toys.served).toHaveLength(1);
  });

  test("between nodes that do not exist is the programmer's error", () => {
    const { network } = new Toys(["c1", "s1"]);
    expect(() => network.cut("c1", "s2")).toThrow("there is no link c1 -> s2");
    expect(() => network.cut("c9", "s1")).toThrow("there is no link c9 -> s1");
  });
});

describe("the fate of a message", () => {
  const all = {
    reliable: false,
    longReordering: true,
    loss: 100,
    duplication: 200,
    reordering: 200,
    extraDelay: 10 * MILLISECOND,
  };

  /** What reaches s1 from each client, when every client sends 100 requests, and c1 so many more in between. */
  function deliveries(more: number, detectsLoss: boolean) {
    const toys = new Toys(["c1", "c2", "c3", "s1"], { conditions: { ...all, detectsLoss } });
    for (let i = 0; i < 100; i++) {
      if (i === 50) toys.callMany(more, "c1", "s1");
      for (const client of ["c1", "c2", "c3"]) toys.call(client, "s1", `${client} ${i}`);
      toys.pass(MILLISECOND);
    }
    toys.settle();
    return ["c1", "c2", "c3"].map((client) => toys.served.filter(({ from }) => from === client));
  }

  test.each([true, false])("is not shifted by one message more on another link (losses told: %s)", (told) => {
    const [, ...others] = deliveries(0, told);
    const [, ...othersWithMore] = deliveries(1, told);
    expect(othersWithMore).toEqual(others);
  });

  test("is shifted on its own link: the first half is the same, the second is not", () => {
    const before = ({ word }: { word: string }) => Number(word.split(" ")[1]) < 50;
    const [own] = deliveries(0, true);
    const [ownWithMore] = deliveries(1, true);
    expect(ownWithMore!.filter(before)).toEqual(own!.filter(before));
    expect(ownWithMore!.filter(({ word }) => word !== "w0")).not.toEqual(own);
  });

  test("differs from link to link and from seed to seed", () => {
    const arrivals = (seed: number, client: string) => {
      const toys = new Toys(["c1", "c2", "s1"], { conditions: { reliable: false }, seed });
      toys.callMany(50, client, "s1");
      toys.settle();
      return toys.served.map(({ at, word }) => `${at} ${word}`);
    };
    expect(arrivals(1, "c1")).toEqual(arrivals(1, "c1"));
    expect(arrivals(1, "c1")).not.toEqual(arrivals(1, "c2"));
    expect(arrivals(1, "c1")).not.toEqual(arrivals(2, "c1"));
  });

  test("is not changed by knobs that concern others: turning one on shifts no other draw", () => {
    const lost = (conditions: object) => {
      const toys = new Toys(["c1", "s1"], { conditions: { reliable: false, ...conditions } });
      toys.callMany(1000, "c1", "s1");
      toys.settle();
      return new Set(toys.served.map(({ word }) => word));
    };
    expect(lost({ duplication: 500, reordering: 500, extraDelay: SECOND })).toEqual(lost({}));
  });
});
