/** Async classes in the lab: virtual time, deaths that no promise survives, and runs that are their scenarios. */

import { type AsyncOptions, type Context, runAsync, sweepAsync, task } from "linlab/async";
import { assertOk, type Fault, MILLISECOND, makeSchedule } from "linlab/lab";
import { describe, expect, test } from "vitest";
import { abd } from "../examples/abd-async.ts";
import { broken } from "../examples/register-async.ts";
import { observed, quiet } from "./systems.ts";

const n1 = { kind: "node", id: "n1" } as const;

/** From 100 ms to 300 ms. */
function struck(fault: Fault) {
  return { ...quiet, schedule: makeSchedule([{ at: 100 * MILLISECOND, until: 300 * MILLISECOND, fault }]) };
}

describe("a run is its scenario", () => {
  test("whatever tells that async code has come to rest", async () => {
    for (const system of [broken, abd]) {
      for (let seed = 1; seed <= 10; seed++) {
        const ticks = await runAsync(system, seed);
        const tasks = await runAsync(system, seed, { turn: task });
        expect(tasks.digest).toBe(ticks.digest);
        expect(tasks.history).toEqual(ticks.history);
      }
    }
  });

  test("also when several are asked for at once, which wait for one another", async () => {
    const alone = [await runAsync(broken, 1), await runAsync(broken, 2)];
    const together = await Promise.all([runAsync(broken, 1), runAsync(broken, 2)]);
    expect(together.map(({ digest }) => digest)).toEqual(alone.map(({ digest }) => digest));
    expect(Date.now()).toBeGreaterThan(0);
  });

  test("and one that does not fit the system is refused, and leaves the host as it was", async () => {
    const fault = { kind: "crash", target: { kind: "node", id: "n9" } } as const;
    await expect(runAsync(broken, struck(fault))).rejects.toThrow("names n9, but the nodes are");
    expect(Date.now()).toBeGreaterThan(0);
    expect((await runAsync(broken, 1)).counts.operations).toBeGreaterThan(0);
  });
});

describe("between two events", () => {
  test("async code comes to rest, however long the chain of its promises", async () => {
    const seen: [awaits: number, at: number][] = [];
    const start = async ({ id, now, sleep }: Context) => {
      if (id !== "n1") return;
      await sleep(5);
      for (let i = 0; i < 10_000; i++) await null;
      seen.push([10_000, now()]);
    };
    await runAsync(observed(start), quiet);
    expect(seen).toEqual([[10_000, 5]]);
  });

  test("no task of the process gets its turn, unless the caller says so", async () => {
    const tasksBeforeTheEnd = async (options: AsyncOptions) => {
      let tasks = 0;
      let atTheEnd = -1;
      const start = async ({ sleep }: Context) => {
        await sleep(900);
        atTheEnd = tasks;
      };
      setImmediate(() => tasks++);
      await runAsync(observed(start), quiet, options);
      return atTheEnd;
    };
    expect(await tasksBeforeTheEnd({})).toBe(0);
    expect(await tasksBeforeTheEnd({ turn: task })).toBe(1);
  });
});

describe("virtual time", () => {
  test("passes while code sleeps, and stands still while it works", async () => {
    const seen: number[] = [];
    const start = async ({ id, now, sleep }: Context) => {
      if (id !== "n1") return;
      for (const milliseconds of [0, 1.5, 20]) {
        await sleep(milliseconds);
        seen.push(now());
      }
    };
    await runAsync(observed(start), quiet);
    expect(seen).toEqual([0, 1.5, 21.5]);
  });

  test("passes for a paused server too, which wakes late", async () => {
    const seen: number[] = [];
    const start = async ({ id, now, sleep }: Context) => {
      await sleep(150);
      if (id === "n1") seen.push(now());
    };
    await runAsync(observed(start), struck({ kind: "pause", target: n1 }));
    expect(seen).toEqual([300]);
  });
});

describe("a crash", () => {
  test("ends what the server was about to do: no promise of a dead incarnation resumes", async () => {
    const seen: string[] = [];
    const start = async ({ id, incarnation, sleep, send, disk }: Context) => {
      if (id !== "n1") return;
      const tell = (what: string) => () => seen.push(`${incarnation}: ${what}`);
      void sleep(99).then(tell("slept 99"));
      void sleep(150).then(tell("slept 150"));
      await sleep(99.95);
      void send("n2", {}).then(tell("got a reply"));
      void disk.put("x", 1).then(tell("wrote"));
    };
    await runAsync(observed(start), struck({ kind: "crash", target: n1 }));
    expect(seen).toEqual(["0: slept 99", "1: slept 99", "1: got a reply", "1: wrote", "1: slept 150"]);
  });

  test("leaves on the disk what was durable, and of the rest a first part", async () => {
    const left = new Map<string, number>();
    for (let seed = 1; seed <= 40; seed++) {
      const start = async ({ id, incarnation, sleep, disk }: Context) => {
        if (id !== "n1") return;
        if (incarnation > 0) {
          const names = ["a", "b", "c", "d"].filter((name) => disk.get(name) !== null).join("");
          left.set(names, (left.get(names) ?? 0) + 1);
          return;
        }
        await disk.put("a", { deep: [1] });
        await disk.put("b", 2);
        await sleep(99.9 - 5);
        for (const name of ["c", "d"]) void sleep(0).then(() => disk.put(name, 3));
        expect(disk.get("a")).toEqual({ deep: [1] });
      };
      const crash = { ...struck({ kind: "crash", target: n1 }), seed };
      await runAsync(observed(start), {
        ...crash,
        schedule: makeSchedule(crash.schedule.faults.map((fault) => ({ ...fault, at: 96 * MILLISECOND }))),
      });
    }
    expect([...left.keys()].every((names) => "abcd".startsWith(names) && names.length >= 2)).toBe(true);
    expect(left.size).toBeGreaterThan(1);
  });
});

describe("what is sent", () => {
  test("is answered by what handle resolves to, and by null if nothing comes in time", async () => {
    const seen: unknown[] = [];
    const start = async ({ id, send, now }: Context) => {
      if (id !== "n1") return;
      seen.push(await send("n2", { kind: "answer" }));
      const asked = now();
      seen.push(await send("n2", { kind: "silence" }, 30), now() - asked);
      seen.push(await send("n2", { kind: "late" }, 30));
    };
    const handle = async ({ sleep }: Context, { kind }: { readonly kind: string }) => {
      if (kind === "silence") return undefined;
      if (kind === "late") await sleep(50);
      return { said: kind };
    };
    await runAsync(observed(start, handle), quiet);
    expect(seen).toEqual([{ said: "answer" }, null, 30, null]);
  });

  test("is a copy: what becomes of the original stays with its sender", async () => {
    const seen: unknown[] = [];
    const start = async ({ id, send }: Context) => {
      if (id !== "n1") return;
      const message = { kind: "x", list: [1] };
      const reply = send("n2", message);
      message.list.push(2);
      await reply;
    };
    const handle = async (_context: Context, request: unknown) => {
      seen.push(request);
      return null;
    };
    await runAsync(observed(start, handle), quiet);
    expect(seen).toEqual([{ kind: "x", list: [1] }]);
  });
});

describe("the lab finds", () => {
  const failing = async (start: (context: Context) => unknown, handle?: Parameters<typeof observed>[1]) =>
    (await runAsync(observed(start, handle), 1)).sentence;

  test("code that throws, before and after it has waited", async () => {
    const after = async ({ sleep }: Context) => {
      await sleep(1);
      throw new TypeError("after");
    };
    expect(await failing(() => {}, after)).toMatch(
      /^Assertion broke at \d\.\d+ s: n\d threw TypeError: after/,
    );
    const at = () => {
      throw new TypeError("before");
    };
    expect(await failing(at)).toMatch(/^Assertion broke at 0\.000 s: n1 threw TypeError: before/);
  });

  test("host timers and host time", async () => {
    const timer = () => new Promise((resolve) => setTimeout(resolve, 1));
    expect(await failing(() => {}, timer)).toContain("setTimeout was used during a simulation");
    expect(
      await failing(
        () => {},
        async () => Date.now(),
      ),
    ).toContain("Date was used during a simulation");
  });

  test("what is no data", async () => {
    const bad = ({ send }: Context) => send("n2", { kind: "x", when: new Set() });
    expect(await failing(bad)).toContain("what n1 sends.when is a Set, not plain data");
    expect(
      await failing(
        () => {},
        async () => new Map(),
      ),
    ).toContain("is a Map, not plain data");
    const put = ({ disk }: Context) => disk.put("x", 1n);
    expect(await failing(put)).toContain("what is put on the disk as x is bigint, not plain data");
  });

  test("that a run is not a function of its seed", async () => {
    let requests = 0;
    const handle = async () => (++requests === 50 ? undefined : { kind: "value", value: null });
    const { text } = await sweepAsync(
      observed(() => {}, handle),
      { seeds: 1 },
    );
    expect(text).toMatch(/^Two runs of seed 1 differ/);
  });
});

test("a client that gives up knows nothing, and its leftovers are dropped with its call", async () => {
  const seen: string[] = [];
  class Hasty {
    private readonly context: Pick<Context, "sleep" | "send">;

    constructor(context: Pick<Context, "sleep" | "send">) {
      this.context = context;
    }

    async call(): Promise<null> {
      void this.context.sleep(10).then(() => seen.push("leftover"));
      await this.context.sleep(5);
      seen.push("gave up");
      return null;
    }
  }
  const workload = [0, 50].map((at) => ({
    client: "c1",
    at: at * 1000,
    operation: { kind: "read" } as const,
  }));
  const { history } = await runAsync({ ...observed(() => {}), client: Hasty }, { ...quiet, workload });
  expect(history.map(({ kind }) => kind)).toEqual(["invoke", "indeterminate", "invoke", "indeterminate"]);
  expect(seen).toEqual(["gave up", "gave up"]);
});

test("a sweep of async classes that finds nothing is green", async () => {
  assertOk(await sweepAsync(abd, { seeds: 20 }));
});
