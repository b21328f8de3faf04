/** A client: thinks, asks, waits; stops in time; and goes on after an answer that never came. */

import { describe, expect, test } from "vitest";
import {
  Client,
  type ClientNotice,
  DrawnAgenda,
  drawnHabits,
  type WorkloadOptions,
} from "../../lab/workload/index.ts";
import { type Input, type Instant, MILLISECOND, Random, SECOND } from "../../src/base/index.ts";
import type { ClerkReply, KvMessage, Operation, Result } from "../../src/kv/index.ts";

/** Asks for what it is given, and remembers what it is told. */
class Script {
  readonly learned: [Operation, Result][] = [];
  private readonly operations: Operation[];

  constructor(...operations: Operation[]) {
    this.operations = operations;
  }

  next(): Operation | null {
    return this.operations.shift() ?? null;
  }

  learn(operation: Operation, result: Result): void {
    this.learned.push([operation, result]);
  }
}

const get: Operation = { kind: "get", key: "k" };
const put: Operation = { kind: "put", key: "k", value: "v" };
const done: Result = { kind: "done" };

interface Happening {
  readonly at: Instant;
  readonly notice: ClientNotice;
}

interface DeskHabits extends Pick<WorkloadOptions, "thinkTime" | "roaming"> {
  readonly stopAt: Instant;
}

/** A client and servers that answer at once, unless they are told to be silent; sessions they open all the same. */
class Desk {
  readonly client: Client;
  readonly notices: Happening[] = [];
  readonly requests: { at: Instant; to: string; call: number; session: number; request: number }[] = [];
  private sessions = 0;
  silent = false;
  now: Instant = 0;

  constructor(script: Script, habits: Partial<DeskHabits> = {}, patience: number | null = null) {
    const random = new Random(1);
    const clerk = {
      client: "c1",
      incarnation: 0,
      servers: ["n1", "n2", "n3"],
      random: random.fork("clerk"),
      attemptTimeout: 300 * MILLISECOND,
      patience,
    };
    this.client = new Client(
      {
        clerk,
        agenda: new DrawnAgenda({
          generator: script,
          ...drawnHabits(random, { thinkTime: 60 * MILLISECOND, roaming: 0, ...habits }),
          stopAt: habits.stopAt ?? 100 * SECOND,
        }),
      },
      0,
    );
  }

  /** Runs the client alone, from deadline to deadline. */
  run(until: Instant): void {
    for (;;) {
      const { deadline } = this.client;
      if (deadline === null || deadline > until) break;
      this.now = Math.max(this.now, deadline);
      this.step({ kind: "deadline" });
    }
    this.now = Math.max(this.now, until);
  }

  step(input: Input<KvMessage>): void {
    for (const effect of this.client.step(this.now, input)) {
      if (effect.kind === "reply") throw new Error("a client has nobody to reply to");
      if (effect.kind !== "request") {
        this.notices.push({ at: this.now, notice: effect });
        continue;
      }
      const { to, call, payload } = effect;
      if (payload.kind === "openSession") {
        const opened: ClerkReply = { kind: "sessionOpened", session: ++this.sessions };
        this.step({ kind: "reply", from: to, call, payload: opened });
        continue;
      }
      if (payload.kind !== "clerkRequest") throw new Error(`a client sent ${payload.kind}`);
      const { session, request } = payload;
      this.requests.push({ at: this.now, to, call, session, request });
      if (!this.silent) this.answer(this.requests.length - 1);
    }
  }

  answer(index: number, result: Result = done): void {
    const { to, call, request } = this.requests[index]!;
    const payload: ClerkReply = { kind: "result", request, result };
    this.step({ kind: "reply", from: to, call, payload });
  }

  get kinds(): string[] {
    return this.notices.map(({ notice }) => notice.kind);
  }
}

describe("a client", () => {
  test("tells of each operation when it begins and when it is answered, and its generator what it learned", () => {
    const script = new Script(put, get);
    const desk = new Desk(script);
    desk.run(10 * SECOND);
    expect(desk.notices.map(({ notice }) => notice)).toEqual([
      { kind: "invoke", operation: put },
      { kind: "response", result: done },
      { kind: "invoke", operation: get },
      { kind: "response", result: done },
    ]);
    expect(script.learned).toEqual([
      [put, done],
      [get, done],
    ]);
  });

  test("never has two operations open, however long the first one takes", () => {
    const desk = new Desk(new Script(put, get));
    desk.silent = true;
    desk.run(20 * SECOND);
    expect(desk.kinds).toEqual(["invoke"]);
    expect(desk.requests.length).toBeGreaterThan(20);
    expect(new Set(desk.requests.map(({ request }) => request))).toEqual(new Set([1]));
    desk.silent = false;
    desk.run(40 * SECOND);
    expect(desk.kinds).toEqual(["invoke", "response", "invoke", "response"]);
  });

  test("takes no notice of answers that come when it waits for nothing", () => {
    const desk = new Desk(new Script(put));
    desk.run(10 * SECOND);
    desk.answer(0);
    desk.step({ kind: "unanswered", from: "n1", call: 1 });
    expect(desk.kinds).toEqual(["invoke", "response"]);
    expect(desk.client.deadline).toBeNull();
  });

  test("is done when its generator is", () => {
    const desk = new Desk(new Script());
    desk.run(SECOND);
    expect(desk.client.deadline).toBeNull();
    expect(desk.notices).toEqual([]);
  });
});

describe("between two operations a client", () => {
  const script = () => new Script(...Array<Operation>(2000).fill(get));
  const pauses = (desk: Desk) => {
    desk.run(1000 * SECOND);
    const begun = desk.notices.filter(({ notice }) => notice.kind === "invoke").map(({ at }) => at);
    return begun.map((at, i) => at - (begun[i - 1] ?? 0));
  };

  test("thinks for 60 ms in the mean, uniformly from 0 to 120 ms, before the first one too", () => {
    const thought = pauses(new Desk(script(), { stopAt: 1000 * SECOND }));
    expect(thought).toHaveLength(2000);
    const mean = thought.reduce((a, b) => a + b) / thought.length;
    expect(Math.abs(mean - 60 * MILLISECOND)).toBeLessThan(2 * MILLISECOND);
    expect(Math.min(...thought)).toBeLessThan(MILLISECOND);
    expect(Math.max(...thought)).toBeGreaterThan(119 * MILLISECOND);
    expect(Math.max(...thought)).toBeLessThanOrEqual(120 * MILLISECOND);
  });

  test("does not think at all if it is not to", () => {
    expect(new Set(pauses(new Desk(script(), { thinkTime: 0, stopAt: 1000 * SECOND })))).toEqual(
      new Set([0]),
    );
  });
});

describe("at the end of its time a client", () => {
  const endless = () => new Script(...Array<Operation>(10_000).fill(get));

  test("begins nothing any more", () => {
    const desk = new Desk(endless(), { stopAt: 2 * SECOND });
    desk.run(10 * SECOND);
    const last = desk.notices.at(-1)!;
    expect(last.at).toBeLessThan(2 * SECOND);
    expect(last.at).toBeGreaterThan(1.8 * SECOND);
    expect(last.notice.kind).toBe("response");
    expect(desk.client.deadline).toBeNull();
  });

  test("still waits for the answer to what it has begun, and asks on", () => {
    const desk = new Desk(endless(), { stopAt: 2 * SECOND });
    desk.run(1.5 * SECOND);
    desk.silent = true;
    desk.run(10 * SECOND);
    expect(desk.notices.at(-1)!.notice.kind).toBe("invoke");
    desk.silent = false;
    desk.run(12 * SECOND);
    expect(desk.notices.at(-1)!.notice.kind).toBe("response");
    expect(desk.client.deadline).toBeNull();
  });

  test("begins nothing either if it was paused until then", () => {
    const desk = new Desk(endless(), { stopAt: 2 * SECOND });
    desk.run(SECOND);
    const before = desk.notices.length;
    expect(desk.client.deadline).toBeLessThan(2 * SECOND);
    desk.now = 2 * SECOND;
    desk.step({ kind: "deadline" });
    expect(desk.notices).toHaveLength(before);
    expect(desk.client.deadline).toBeNull();
  });

  test("asks for something new, if it has never had an answer, until it has one", () => {
    const desk = new Desk(endless(), { stopAt: 2 * SECOND }, SECOND);
    desk.silent = true;
    desk.run(10 * SECOND);
    expect(desk.kinds.filter((kind) => kind === "indeterminate").length).toBeGreaterThan(5);
    desk.silent = false;
    desk.run(12 * SECOND);
    expect(desk.kinds.filter((kind) => kind === "response")).toHaveLength(1);
    expect(desk.kinds.at(-1)).toBe("response");
    expect(desk.client.deadline).toBeNull();
  });
});

describe("a client whose patience ends", () => {
  test("does not know the outcome, and goes on with the next operation in a new session", () => {
    const script = new Script(put, get);
    const desk = new Desk(script, {}, SECOND);
    desk.silent = true;
    desk.run(5 * SECOND);
    desk.silent = false;
    desk.run(20 * SECOND);
    expect(desk.kinds.slice(0, 3)).toEqual(["invoke", "indeterminate", "invoke"]);
    const [begun, gaveUp] = desk.notices;
    expect(gaveUp!.at - begun!.at).toBe(SECOND);
    expect(new Set(desk.requests.map(({ session }) => session))).toEqual(new Set([1, 2]));
    // What the first one would have told is not learned.
    expect(script.learned.every(([operation]) => operation === get)).toBe(true);
  });

  test("does not take a late answer to the old operation for one to the new", () => {
    const desk = new Desk(new Script(put, get), {}, SECOND);
    desk.silent = true;
    desk.run(2 * SECOND);
    expect(desk.kinds).toEqual(["invoke", "indeterminate", "invoke"]);
    desk.answer(0, { kind: "value", value: "late" });
    expect(desk.kinds).toEqual(["invoke", "indeterminate", "invoke"]);
  });
});

describe("readers that ask any server", () => {
  const targets = (roaming: number, operation: Operation) => {
    const desk = new Desk(new Script(...Array<Operation>(300).fill(operation)), { roaming });
    desk.run(90 * SECOND);
    return new Set(desk.requests.map(({ to }) => to));
  };

  test("roam over all servers, while who does not stays with the one that answered", () => {
    expect(targets(1000, get)).toEqual(new Set(["n1", "n2", "n3"]));
    expect(targets(0, get).size).toBe(1);
  });

  test("do not roam when they write", () => {
    expect(targets(1000, put).size).toBe(1);
  });
});
