/** The virtual clock, the order of events, deadlines, and the lives of nodes: crash, restart, pause. */

import { describe, expect, test } from "vitest";
import { type Instant, MILLISECOND, Random, SECOND } from "../../src/base/index.ts";
import { type ToyActor, Toys, worldOf } from "./toys.ts";

/** Does nothing, ever. */
const idle: ToyActor = { deadline: null, step: () => [] };

/** Wakes when it is told to, and remembers when it was woken. */
class Sleeper implements ToyActor {
  deadline: Instant | null;
  readonly wakes: Instant[] = [];
  /** The deadline after each wake-up. */
  private readonly plan: (Instant | null)[];

  constructor(...plan: (Instant | null)[]) {
    this.plan = plan;
    this.deadline = this.plan.shift() ?? null;
  }

  step(now: Instant, input: { kind: string }) {
    if (input.kind === "deadline") {
      this.wakes.push(now);
      this.deadline = this.plan.shift() ?? null;
    }
    return [];
  }
}

describe("the clock", () => {
  test("stands still between events and jumps to each", () => {
    const world = worldOf(["a"], () => idle);
    const seen: Instant[] = [];
    for (const time of [30, 10, 20]) world.at(time, () => seen.push(world.now));
    expect(world.now).toBe(0);
    world.run(25);
    expect(seen).toEqual([10, 20]);
    expect(world.now).toBe(25);
    world.run(100);
    expect(seen).toEqual([10, 20, 30]);
    expect(world.now).toBe(100);
  });

  test("runs what is due at the very end of a run, and what that schedules for the same instant", () => {
    const world = worldOf(["a"], () => idle);
    const seen: string[] = [];
    world.at(50, () => {
      seen.push("due");
      world.schedule(0, () => seen.push("and at once"));
      world.schedule(1, () => seen.push("too late"));
    });
    world.run(50);
    expect(seen).toEqual(["due", "and at once"]);
  });

  test("runs events of one instant in the order in which they were scheduled", () => {
    const world = worldOf(["a"], () => idle);
    const seen: number[] = [];
    const random = new Random(7);
    const planned = Array.from({ length: 2000 }, (_, i) => ({ time: random.below(20), i }));
    for (const { time, i } of planned) world.at(time, () => seen.push(i));
    world.run(20);
    const stable = [...planned].sort((a, b) => a.time - b.time).map(({ i }) => i);
    expect(seen).toEqual(stable);
  });

  test("does not go back: acting in the past is the programmer's error", () => {
    const world = worldOf(["a"], () => idle);
    world.run(100);
    world.at(100, () => {});
    expect(() => world.at(99, () => {})).toThrow("cannot act at 99 µs, it is 100 µs");
    world.run(10);
    expect(world.now).toBe(100);
  });

  test("stops as soon as a run is done, asked before the first event and after each", () => {
    const world = worldOf(["a"], () => idle);
    let acted = 0;
    for (const time of [10, 20, 30]) world.at(time, () => acted++);
    world.run(100, () => true);
    expect(acted).toBe(0);
    world.run(100, () => acted === 2);
    expect(world.now).toBe(20);
    expect(world.step(29)).toBe(false);
    expect(world.step(30)).toBe(true);
    expect(world.step(1000)).toBe(false);
  });
});

describe("a deadline", () => {
  test("wakes its actor then, and again at the next one", () => {
    const sleeper = new Sleeper(10, 25, 26);
    worldOf(["a"], () => sleeper).run(SECOND);
    expect(sleeper.wakes).toEqual([10, 25, 26]);
  });

  test("that has passed already at the start wakes its actor at once", () => {
    const sleeper = new Sleeper(null);
    const world = worldOf(["a", "b"], () => sleeper);
    world.run(SECOND);
    world.crash("a");
    sleeper.deadline = SECOND - 10;
    world.start("a");
    world.run(2 * SECOND);
    expect(sleeper.wakes).toEqual([SECOND]);
  });

  test("that is moved to later wakes nobody at the earlier instant", () => {
    const sleeper = new Sleeper(10);
    const world = worldOf(["a"], () => sleeper);
    world.at(5, () => {
      sleeper.deadline = 50;
    });
    world.run(SECOND);
    expect(sleeper.wakes).toEqual([50]);
  });

  test("that is moved to earlier wakes earlier, and once", () => {
    const sleeper = new Sleeper(100, null);
    const world = worldOf(["a"], () => sleeper);
    world.at(5, () => {
      sleeper.deadline = 50;
      world.deliver("a", { kind: "durable", mark: 0 });
    });
    world.run(SECOND);
    expect(sleeper.wakes).toEqual([50]);
  });

  test("moved to and fro leaves stale wake-ups that nobody notices", () => {
    const sleeper = new Sleeper(100, 120, null);
    const world = worldOf(["a"], () => sleeper);
    for (const [time, deadline] of [
      [5, 50],
      [10, 90],
      [20, 30],
      [25, 110],
    ] as const) {
      world.at(time, () => {
        sleeper.deadline = deadline;
        world.deliver("a", { kind: "durable", mark: 0 });
      });
    }
    world.run(SECOND);
    expect(sleeper.wakes).toEqual([110, 120]);
  });

  test("that is taken away wakes nobody", () => {
    const sleeper = new Sleeper(10);
    const world = worldOf(["a"], () => sleeper);
    sleeper.deadline = null;
    world.run(SECOND);
    expect(sleeper.wakes).toEqual([]);
  });

  test("that keeps moving away, as election timeouts do, leaves one pending wake-up and not one for each move", () => {
    const sleeper = new Sleeper(100 * MILLISECOND);
    const world = worldOf(["a"], () => sleeper);
    for (let time = 1; time < 1000; time++) {
      world.at(time * MILLISECOND, () => {
        sleeper.deadline = (time + 100) * MILLISECOND;
        world.deliver("a", { kind: "durable", mark: 0 });
      });
    }
    let events = 0;
    while (world.step(1000 * MILLISECOND)) events++;
    // 999 moves, and a wake-up each 100 ms or so.
    expect(events).toBeLessThan(999 + 15);
    expect(sleeper.wakes).toEqual([]);
  });

  test("of a life that has ended wakes nobody, and does not delay the next life's", () => {
    const lives = [new Sleeper(50, null), new Sleeper(40, 60, null)];
    const world = worldOf(["a"], ({ incarnation }) => lives[incarnation]!);
    world.at(10, () => world.crash("a"));
    world.at(20, () => world.start("a"));
    world.run(SECOND);
    expect(lives[0]!.wakes).toEqual([]);
    expect(lives[1]!.wakes).toEqual([40, 60]);
  });
});

describe("a crash", () => {
  test("drops the memory: the next life is built anew, with the next number and the time of its start", () => {
    const boots: unknown[] = [];
    const world = worldOf(["a"], ({ id, incarnation, now }) => {
      boots.push([id, incarnation, now]);
      return idle;
    });
    for (const [crashAt, startAt] of [
      [10, 20],
      [30, 30],
    ] as const) {
      world.at(crashAt, () => world.crash("a"));
      world.at(startAt, () => world.start("a"));
    }
    world.run(SECOND);
    expect(boots).toEqual([
      ["a", 0, 0],
      ["a", 1, 20],
      ["a", 2, 30],
    ]);
  });

  test("leaves the node down, without an incarnation, until it is started", () => {
    const { world } = new Toys(["a"]);
    expect([world.condition("a"), world.incarnation("a")]).toEqual(["up", 0]);
    world.crash("a");
    expect([world.condition("a"), world.incarnation("a")]).toEqual(["down", null]);
    world.start("a");
    expect([world.condition("a"), world.incarnation("a")]).toEqual(["up", 1]);
  });

  test("drops everything that was addressed to this life: messages, answers and wake-ups", () => {
    const toys = new Toys(["a", "b"]);
    toys.work = 50 * MILLISECOND;
    const asked = toys.call("a", "b", "asked by a");
    toys.call("b", "a", "asked of a");
    toys.pass(MILLISECOND);
    toys.world.crash("a");
    toys.world.start("a");
    const incarnation = toys.world.incarnation("a");
    toys.settle();
    expect(asked.endings).toBe(0);
    expect(toys.served.filter((request) => request.incarnation === incarnation)).toEqual([]);
  });

  const impossible: readonly [what: string, act: (world: Toys["world"]) => void, message: string][] = [
    ["starting what runs", (world) => world.start("a"), "a is running already"],
    ["crashing what is down", (world) => [world.crash("a"), world.crash("a")], "a is down already"],
    [
      "pausing what is down",
      (world) => [world.crash("a"), world.pause("a")],
      "a is down, it cannot be paused",
    ],
    [
      "pausing what is paused",
      (world) => [world.pause("a"), world.pause("a")],
      "a is paused, it cannot be paused",
    ],
    ["resuming what is up", (world) => world.resume("a"), "a is up, it cannot be resumed"],
    ["naming a node that is not there", (world) => world.crash("z"), "there is no node z"],
  ];
  test.each(impossible)("%s is the programmer's error", (_, act, message) => {
    const { world } = new Toys(["a"]);
    expect(() => act(world)).toThrow(message);
  });
});

describe("a pause", () => {
  test("keeps the memory and loses the time: what came meanwhile is handled in order on resuming", () => {
    const toys = new Toys(["a", "s"]);
    toys.call("a", "s", "before");
    toys.pass(MILLISECOND);
    toys.world.pause("s");
    for (const word of ["one", "two", "three"]) {
      toys.call("a", "s", word);
      toys.pass(MILLISECOND);
    }
    toys.pass(SECOND);
    expect(toys.served.map(({ word }) => word)).toEqual(["before"]);
    toys.world.resume("s");
    expect(toys.served.map(({ word }) => word)).toEqual(["before", "one", "two", "three"]);
    expect(toys.served.at(-1)).toMatchObject({ at: toys.world.now, incarnation: 0 });
  });

  test("makes callers wait, and loses nothing: they are answered when it ends", () => {
    const toys = new Toys(["a", "s"]);
    toys.world.pause("s");
    const call = toys.call("a", "s");
    toys.pass(3 * SECOND);
    expect(call.state).toBe("open");
    toys.world.resume("s");
    toys.settle();
    expect(call.state).toBe("answered");
  });

  test("holds back answers and the news of their loss as well as requests", () => {
    const toys = new Toys(["a", "s"]);
    const answered = toys.call("a", "s");
    toys.network.enable("a", "s", false);
    const lost = toys.call("a", "s");
    toys.network.enable("a", "s", true);
    toys.world.pause("a");
    toys.pass(SECOND);
    expect([answered.endings, lost.endings]).toEqual([0, 0]);
    toys.world.resume("a");
    expect([answered.state, lost.state]).toEqual(["answered", "unanswered"]);
    expect(answered.endedAt).toBe(toys.world.now);
  });

  test("sleeps through deadlines: the last one that passed wakes the node when it resumes, once", () => {
    const sleeper = new Sleeper(10, 5 * SECOND, null);
    const world = worldOf(["a"], () => sleeper);
    world.pause("a");
    world.run(SECOND);
    expect(sleeper.wakes).toEqual([]);
    world.resume("a");
    world.run(4 * SECOND);
    expect(sleeper.wakes).toEqual([SECOND]);
    world.run(6 * SECOND);
    expect(sleeper.wakes).toEqual([SECOND, 5 * SECOND]);
  });

  test("that ends handles what came before it wakes for deadlines: the news may have moved them", () => {
    const order: string[] = [];
    const actor: ToyActor = {
      deadline: 10,
      step(_now, input) {
        order.push(input.kind);
        return [];
      },
    };
    const world = worldOf(["a"], () => actor);
    world.pause("a");
    world.at(5, () => world.deliver("a", { kind: "durable", mark: 1 }));
    world.run(SECOND);
    world.resume("a");
    world.step(SECOND);
    expect(order).toEqual(["durable", "deadline"]);
  });

  test("ends with a crash, and its inbox with it", () => {
    const toys = new Toys(["a", "s"]);
    toys.world.pause("s");
    const call = toys.call("a", "s", "to the first life");
    toys.pass(MILLISECOND);
    toys.world.crash("s");
    expect(toys.world.condition("s")).toBe("down");
    toys.world.start("s");
    expect(toys.world.condition("s")).toBe("up");
    // Nor does it come with the next pause's.
    toys.world.pause("s");
    toys.world.resume("s");
    const next = toys.call("a", "s", "to the second");
    toys.settle();
    expect(toys.served.map(({ word }) => word)).toEqual(["to the second"]);
    expect([call.state, next.state]).toEqual(["unanswered", "answered"]);
  });

  test("can follow a restart at once, and the new life's deadlines wait for its end", () => {
    const lives = [new Sleeper(50), new Sleeper(60, null)];
    const world = worldOf(["a"], ({ incarnation }) => lives[incarnation]!);
    world.pause("a");
    world.crash("a");
    world.start("a");
    world.pause("a");
    world.run(100);
    world.resume("a");
    world.run(SECOND);
    expect(lives.map(({ wakes }) => wakes)).toEqual([[], [100]]);
  });
});
