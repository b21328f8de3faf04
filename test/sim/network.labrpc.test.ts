/**
 * labrpc's numbers, one by one, seen from both ends of thousands of calls. The seed is fixed, so the shares below are
 * exact for ever; the tolerances say how far from the ideal a fair draw may be.
 */

import { describe, expect, test } from "vitest";
import type { Conditions } from "../../lab/sim/index.ts";
import { MILLISECOND, SECOND } from "../../src/base/index.ts";
import { type Call, type Served, Toys } from "./toys.ts";

/** A reliable hop takes 100 ... 299 µs, so that a busy client cannot freeze the clock; labrpc's takes nothing. */
const HOP = { least: 100, most: 299 };

const lasted = (call: Call) => call.endedAt - call.sentAt;
const share = (calls: readonly Call[], state: Call["state"]) =>
  calls.filter((call) => call.state === state).length / calls.length;
const mean = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
const least = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.min(a, b));
const most = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.max(a, b));
/** A delay of whole milliseconds without the hops that were added to it. */
const wholeMilliseconds = (delay: number) => Math.floor(delay / MILLISECOND);

/** Calls from c1 to s1, all at once, with what the server saw of each; null if it did not. */
function storm(count: number, conditions: ConstructorParameters<typeof Toys>[1]) {
  const toys = new Toys(["c1", "s1"], conditions);
  const calls = toys.callMany(count, "c1", "s1");
  toys.settle();
  const served = new Map(toys.served.map((request) => [Number(request.word.slice(1)), request]));
  const pairs = calls.map((call, i): [Call, Served | null] => [call, served.get(i) ?? null]);
  return { toys, calls, pairs };
}

describe("a perfect network", () => {
  const { toys, calls, pairs } = storm(5000, {});

  test("answers every call, and each once", () => {
    expect(share(calls, "answered")).toBe(1);
    expect(calls.every((call) => call.endings === 1)).toBe(true);
  });

  test("never runs a handler twice: labrpc duplicates no message", () => {
    expect(toys.served).toHaveLength(5000);
  });

  test("takes between 0.1 and 0.3 ms for each direction", () => {
    const hops = pairs.flatMap(([call, served]) => [served!.at - call.sentAt, call.endedAt - served!.at]);
    expect(least(hops)).toBe(HOP.least);
    expect(most(hops)).toBe(HOP.most);
  });

  test("keeps no order between calls: labrpc's links are not first in, first out", () => {
    const order = toys.served.map(({ word }) => Number(word.slice(1)));
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
  });
});

describe("a network that changes while calls are under way", () => {
  /** All calls are made before the change, and all requests arrive after it. */
  function changed(before: Partial<Conditions>, after: Partial<Conditions>): readonly Call[] {
    const toys = new Toys(["c1", "s1"], { conditions: before });
    const calls = toys.callMany(5000, "c1", "s1");
    toys.setConditions(after);
    toys.settle();
    return calls;
  }

  test.each([
    ["reliable for each call as it was made: no reply is lost", {}, { reliable: false }, 1],
    ["unreliable likewise: one reply of ten is lost", { reliable: false }, {}, 0.81],
    ["under a storm at once, also for replies to older calls", {}, { loss: 500 }, 0.5],
  ])("is %s", (_, before, after, answered) => {
    expect(share(changed(before, after), "answered")).toBeCloseTo(answered, 1);
  });

  test("reorders replies to calls that were made while it should, and to no others", () => {
    const late = (calls: readonly Call[]) => calls.filter((call) => lasted(call) > 200 * MILLISECOND).length;
    expect(late(changed({}, { longReordering: true }))).toBe(0);
    expect(late(changed({ longReordering: true }, {})) / 5000).toBeCloseTo(2 / 3, 1);
  });
});

describe("an unreliable network", () => {
  const { toys, calls, pairs } = storm(27_000, { conditions: { reliable: false } });
  const requestDelays = pairs.flatMap(([call, served]) => (served === null ? [] : [served.at - call.sentAt]));

  test("answers 81 % of the calls", () => {
    expect(share(calls, "answered")).toBeCloseTo(0.81, 2);
  });

  test("loses 10 % of the requests: the handler never runs", () => {
    expect(toys.served.length / calls.length).toBeCloseTo(0.9, 2);
  });

  test("loses 10 % of the replies: 9 % of the calls were executed and their callers told that they were not", () => {
    const executedInVain = pairs.filter(([call, served]) => call.state === "unanswered" && served !== null);
    expect(executedInVain.length / calls.length).toBeCloseTo(0.09, 2);
  });

  test("ends every call exactly once, answered or unanswered", () => {
    expect(calls.every((call) => call.endings === 1)).toBe(true);
  });

  test("duplicates nothing", () => {
    expect(new Set(toys.served.map(({ word }) => word)).size).toBe(toys.served.length);
  });

  test("delays requests by 0 ... 26 whole milliseconds, each as often as the others", () => {
    const often = new Array<number>(28).fill(0);
    for (const delay of requestDelays) often[Math.min(27, wholeMilliseconds(delay))]!++;
    expect(often[27], "later than 26 ms").toBe(0);
    for (const count of often.slice(0, 27)) {
      // 24,300 delivered requests over 27 values: 900 each, with a standard deviation of 30.
      expect(count).toBeGreaterThan(780);
      expect(count).toBeLessThan(1020);
    }
    expect(most(requestDelays.map((delay) => delay % MILLISECOND))).toBeLessThanOrEqual(HOP.most);
  });

  test("does not delay replies", () => {
    const waits = pairs.flatMap(([call, served]) => (served === null ? [] : [call.endedAt - served.at]));
    expect(most(waits)).toBeLessThanOrEqual(HOP.most);
  });

  test("tells of a lost request at once after the short delay, not after a long time-out", () => {
    const told = pairs.flatMap(([call, served]) => (served === null ? [lasted(call)] : []));
    expect(most(told)).toBeLessThanOrEqual(26 * MILLISECOND + HOP.most);
    expect(mean(told.map(wholeMilliseconds))).toBeCloseTo(13, 0);
  });

  test("tells at once of a reply that was lost, and long delays do not change that", () => {
    const { pairs } = storm(3000, { conditions: { reliable: false, longDelays: true } });
    const waits = pairs
      .filter(([call]) => call.state === "unanswered")
      .map(([call, served]) => call.endedAt - (served?.at ?? call.sentAt + 26 * MILLISECOND));
    expect(most(waits)).toBeLessThanOrEqual(HOP.most);
  });

  test("loses requests and replies independently of one another", () => {
    // Had both been one draw, all requests that got through would be answered.
    const delivered = pairs.filter(([, served]) => served !== null);
    const answered = delivered.filter(([call]) => call.state === "answered");
    expect(answered.length / delivered.length).toBeCloseTo(0.9, 2);
  });
});

describe("long reordering", () => {
  const reliable = storm(30_000, { conditions: { longReordering: true } });
  const replyDelays = ({ pairs }: ReturnType<typeof storm>) =>
    pairs.flatMap(([call, served]) => (call.state === "answered" ? [call.endedAt - served!.at] : []));
  const late = (delays: readonly number[]) => delays.filter((delay) => delay > HOP.most);

  test("delays two thirds of the replies and loses none", () => {
    const delays = replyDelays(reliable);
    expect(delays).toHaveLength(30_000);
    expect(late(delays).length / delays.length).toBeCloseTo(2 / 3, 2);
  });

  test("leaves the other third, and all requests, as fast as they were", () => {
    const requests = reliable.pairs.map(([call, served]) => served!.at - call.sentAt);
    expect(most(requests)).toBeLessThanOrEqual(HOP.most);
  });

  test("delays by 200 ... 2199 ms, skewed heavily to the low end, with a mean of 700 ms", () => {
    const milliseconds = late(replyDelays(reliable)).map(wholeMilliseconds);
    expect(least(milliseconds)).toBe(200);
    expect(most(milliseconds)).toBeGreaterThan(2100);
    expect(most(milliseconds)).toBeLessThanOrEqual(2199);
    expect(Math.abs(mean(milliseconds) - 700)).toBeLessThan(10);
    // A product of two uniform draws is below x with probability x (1 - ln x).
    const below = (limit: number) => milliseconds.filter((ms) => ms < limit).length / milliseconds.length;
    expect(below(200 + 500)).toBeCloseTo(0.597, 2);
    expect(below(200 + 1000)).toBeCloseTo(0.847, 2);
    expect(below(200 + 1500)).toBeCloseTo(0.966, 2);
  });

  test("works on an unreliable network too, on the replies that survived", () => {
    const unreliable = storm(20_000, { conditions: { longReordering: true, reliable: false } });
    expect(share(unreliable.calls, "answered")).toBeCloseTo(0.81, 2);
    const delays = replyDelays(unreliable);
    expect(late(delays).length / delays.length).toBeCloseTo(2 / 3, 2);
    // The caller of a lost reply is told at once.
    const told = unreliable.pairs.flatMap(([call, served]) =>
      call.state === "unanswered" && served !== null ? [call.endedAt - served.at] : [],
    );
    expect(most(told)).toBeLessThanOrEqual(HOP.most);
  });
});

describe("a call that cannot be delivered", () => {
  const reasons: readonly [reason: string, arrange: (toys: Toys) => void][] = [
    ["through a disabled end", ({ network }) => network.enable("c1", "s1", false)],
    ["through a cut", ({ network }) => network.cut("c1", "s1")],
    ["to a dead server", ({ world }) => world.crash("s1")],
  ];
  const limits: readonly [delays: string, longDelays: boolean, most: number][] = [
    ["0 ... 99 ms", false, 99],
    ["0 ... 6999 ms with long delays", true, 6999],
  ];
  const table = reasons.flatMap(([reason, arrange]) =>
    limits.map(([delays, longDelays, limit]) => ({ reason, delays, arrange, longDelays, limit })),
  );

  test.each(table)("$reason comes back unanswered after $delays", ({ arrange, longDelays, limit }) => {
    const toys = new Toys(["c1", "s1"], { conditions: { longDelays } });
    arrange(toys);
    const calls = toys.callMany(20_000, "c1", "s1");
    toys.settle();
    expect(toys.served).toEqual([]);
    expect(share(calls, "unanswered")).toBe(1);
    const milliseconds = calls.map((call) => wholeMilliseconds(lasted(call)));
    expect(least(milliseconds)).toBe(0);
    expect(most(milliseconds)).toBeLessThanOrEqual(limit);
    expect(most(milliseconds)).toBeGreaterThan(limit * 0.99 - 1);
    expect(Math.abs(mean(milliseconds) / (limit / 2) - 1)).toBeLessThan(0.02);
    // Uniform: each quarter of the range gets a quarter.
    for (const quarter of [0, 1, 2, 3]) {
      const hits = milliseconds.filter((ms) => Math.floor((4 * ms) / (limit + 1)) === quarter);
      expect(hits.length / calls.length).toBeCloseTo(0.25, 1);
    }
  });

  test("takes as long on an unreliable network: that is the dead end's delay and no other", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { reliable: false } });
    toys.network.enable("c1", "s1", false);
    const calls = toys.callMany(5000, "c1", "s1");
    toys.settle();
    expect(most(calls.map(lasted))).toBeLessThan(100 * MILLISECOND);
    expect(most(calls.map(lasted))).toBeGreaterThan(95 * MILLISECOND);
  });

  test("stays undelivered although the end is enabled again before its caller is told", () => {
    const toys = new Toys(["c1", "s1"], { conditions: { longDelays: true } });
    toys.network.enable("c1", "s1", false);
    const calls = toys.callMany(50, "c1", "s1");
    toys.network.enable("c1", "s1", true);
    toys.pass(7 * SECOND);
    expect(share(calls, "unanswered")).toBe(1);
    expect(toys.served).toEqual([]);
  });
});
