/** The seam at which somebody decides over single messages, and what is written down of it. */

import { describe, expect, test } from "vitest";
import { type MessageFault, MessageFaults } from "../../lab/faults/index.ts";
import type { Passing } from "../../lab/sim/index.ts";
import { MILLISECOND } from "../../src/base/index.ts";
import { Toys } from "./toys.ts";

type Decide = (message: Passing<string>, deliver: () => void) => "passes" | "lost" | "held";

function intercepted(decide: Decide, detectsLoss = true): Toys {
  const toys = new Toys(["c1", "s1"], { conditions: { detectsLoss } });
  toys.network.interceptor = { intercept: decide };
  return toys;
}

const replay = (faults: readonly MessageFault[], disturbed = () => {}): Toys => {
  const toys = new Toys(["c1", "s1"]);
  toys.network.interceptor = new MessageFaults(toys.world, faults, disturbed);
  return toys;
};

const request = (nth: number) => ({ from: "c1", to: "s1", nth });
const wordsOf = (toys: Toys) => toys.served.map(({ word }) => word);

describe("an interceptor", () => {
  test("is asked of every request and every reply, by the number that each has on its link", () => {
    const asked: string[] = [];
    const toys = intercepted(({ from, to, nth, payload }) => {
      asked.push(`${from}>${to}#${nth} ${payload}`);
      return "passes";
    });
    for (const word of ["w0", "w1"]) {
      toys.call("c1", "s1", word);
      toys.settle();
    }
    expect(asked.sort()).toEqual(["c1>s1#0 w0", "c1>s1#1 w1", "s1>c1#0 w0!", "s1>c1#1 w1!"]);
  });

  test("is not asked of what a cut has stopped, and asked about whatever the network would lose", () => {
    let asked = 0;
    const decide = () => {
      asked++;
      return "passes" as const;
    };
    const cut = intercepted(decide);
    cut.network.cut("c1", "s1");
    cut.callMany(5, "c1", "s1");
    cut.settle();
    expect(asked).toBe(0);
    const lossy = intercepted(decide);
    lossy.setConditions({ loss: 1000 });
    lossy.callMany(5, "c1", "s1");
    lossy.settle();
    expect(asked).toBe(5);
  });

  test.each([
    [true, "unanswered"],
    [false, "open"],
  ] as const)("loses a message; that the caller is told is %s where losses are told", (detects, state) => {
    const toys = intercepted(() => "lost", detects);
    const call = toys.call("c1", "s1");
    toys.settle();
    expect([call.state, toys.served.length, toys.network.counters.lost]).toEqual([state, 0, 1]);
  });

  test("holds a message until it lets it go, and tells nobody meanwhile", () => {
    let letGo = () => {};
    const toys = intercepted(({ from }, deliver) => {
      if (from !== "c1") return "passes";
      letGo = deliver;
      return "held";
    });
    const call = toys.call("c1", "s1");
    toys.pass(500 * MILLISECOND);
    expect([call.state, toys.served.length, toys.network.counters.reordered]).toEqual(["open", 0, 1]);
    letGo();
    toys.settle();
    expect(call.answer).toBe("hello!");
    expect(toys.served.map(({ at }) => at)).toEqual([500 * MILLISECOND]);
  });

  test("holds a request past its server's life: nobody gets it, and the caller is told", () => {
    let letGo = () => {};
    const toys = intercepted((_, deliver) => {
      letGo = deliver;
      return "held";
    });
    const call = toys.call("c1", "s1");
    toys.world.crash("s1");
    toys.world.start("s1");
    letGo();
    toys.settle();
    expect([call.state, toys.served.length]).toEqual(["unanswered", 0]);
  });

  test("lets a copy arrive later, which is counted", () => {
    let again = () => {};
    const toys = intercepted(({ from }, deliver) => {
      if (from === "c1") again = deliver;
      return "passes";
    });
    toys.call("c1", "s1");
    toys.pass(MILLISECOND);
    again();
    expect(wordsOf(toys)).toEqual(["hello", "hello"]);
    expect(toys.network.counters.duplicated).toBe(1);
  });
});

describe("faults of messages that are written down", () => {
  test("befall the messages that they name, and no others", () => {
    let disturbed = 0;
    const faults: readonly MessageFault[] = [
      { ...request(0), kind: "lost" },
      { ...request(1), kind: "held", arrives: 30_000 },
      { ...request(2), kind: "copied", arrives: 20_000 },
    ];
    const toys = replay(faults, () => disturbed++);
    toys.callMany(4, "c1", "s1");
    toys.settle();
    const late = toys.served.filter(({ at }) => at >= 20_000).map(({ at, word }) => `${word} at ${at}`);
    expect(late).toEqual(["w2 at 20000", "w1 at 30000"]);
    expect(wordsOf(toys).sort()).toEqual(["w1", "w2", "w2", "w3"]);
    // A copy keeps nobody waiting.
    expect(disturbed).toBe(2);
  });

  test("arrive at the next instant, where that of the record is over", () => {
    const toys = replay([{ ...request(0), kind: "held", arrives: 5 }]);
    toys.pass(1000);
    toys.call("c1", "s1");
    toys.settle();
    expect(toys.served.map(({ at }) => at)).toEqual([1001]);
  });
});
