/** Systems of one's own in the lab: what it finds in them, what it refuses, and that a run is its scenario. */

import { assertOk, type Effect, makeSchedule, run, SECOND, type ServerActor, sweep } from "linlab/lab";
import { describe, expect, test } from "vitest";
import { brokenActors } from "../examples/register-actor.ts";
import { keeper, type Payload, type Step } from "./systems.ts";

describe("a system that keeps its promise", () => {
  test("is green, and its sweep tells what it has seen", () => {
    const green = sweep(keeper(), { seeds: 60 });
    assertOk(green);
    expect(green.text).toMatch(/^60 seeds, \d+ answers: every history can be explained\.$/);
    expect(green.failure).toBeNull();
    for (const kind of keeper().faults!) expect(green.faults[kind], kind).toBeGreaterThan(0);
  });
});

describe("a run is its scenario:", () => {
  test("the same seed gives the same events, another one gives others", () => {
    const digests = [1, 1, 2].map((seed) => run(brokenActors, seed).digest);
    expect(digests[0]).toBe(digests[1]);
    expect(digests[0]).not.toBe(digests[2]);
  });

  test("what a seed drew runs again as data", () => {
    const first = run(brokenActors, 7);
    const again = run(brokenActors, JSON.parse(JSON.stringify(first.scenario)));
    expect(again.digest).toBe(first.digest);
    expect(again.history).toEqual(first.history);
  });

  test("what a scenario does not say, its seed draws", () => {
    const { scenario } = run(brokenActors, { seed: 7, schedule: makeSchedule([]) });
    expect(scenario).toEqual({ ...run(brokenActors, 7).scenario, schedule: makeSchedule([]) });
  });

  test("one of a node that the system has not is refused", () => {
    const fault = { kind: "crash", target: { kind: "node", id: "n9" } } as const;
    const schedule = makeSchedule([{ at: 5, until: 9, fault }]);
    expect(() => run(brokenActors, { schedule })).toThrow(
      "the schedule: the fault at 5 µs names n9, but the nodes are n1, n2, n3, c1, c2, c3",
    );
    const workload = [{ client: "c4", at: 5, operation: { kind: "read" } as const }];
    expect(() => run(brokenActors, { workload })).toThrow(
      "the workload: the operation at 5 µs is c4's, but the clients are c1, c2, c3",
    );
  });
});

describe("the lab finds", () => {
  test("an answer before the disk has it", () => {
    const hasty: Step = (_now, input, disk) => {
      if (input.kind !== "request" || input.payload.kind !== "write") return null;
      const { from: to, call, payload } = input;
      const value = payload.value as string;
      disk.push(value);
      const done = { kind: "reply", to, call, payload: { kind: "done" } } as const;
      return [done, { kind: "persist", mark: call, record: value, thenSend: [] }];
    };
    const { failure } = sweep(keeper(hasty), { seeds: 500 });
    expect(failure?.outcome).toBe("illegal");
    expect(failure?.text).toContain("crash n1");
  });

  test("code that throws, and says who, what and where", () => {
    const clumsy: Step = (now, input) => {
      if (now > SECOND && input.kind === "request") throw new TypeError("no such field");
      return null;
    };
    const { outcome, sentence } = run(keeper(clumsy), 1);
    expect(outcome).toBe("invariant");
    expect(sentence).toMatch(
      /^Assertion broke at 1\.\d+ s: n1 threw TypeError: no such field \(at .*run\.test/,
    );
  });

  test("host time, which would make every replay a lie", () => {
    const timed: Step = () => (Date.now() > 0 ? null : []);
    expect(run(keeper(timed), 1).sentence).toContain("n1: Date was used during a simulation");
    expect(Date.now()).toBeGreaterThan(0);
  });

  test("a client that is never answered", () => {
    const mute: Step = () => [];
    const patient = { ...keeper(mute), client: () => new Waiting() };
    expect(run(patient, 1).sentence).toMatch(/got no answer within 6\.000 s of the healing/);
    expect(run({ ...patient, answersWithin: null }, 1).ok).toBe(true);
  });

  test("a storm of messages", () => {
    let calls = 0;
    const stormy: Step = (_now, input) => {
      if (input.kind === "durable" || input.kind === "deadline") return null;
      const payload = { kind: "read" } as const;
      return [1, 2].map(() => ({ kind: "request", to: "n1", call: ++calls, payload }) as const);
    };
    expect(run(keeper(stormy), 1).sentence).toMatch(/^Event budget broke at \d\.\d+ s: \d+ events/);
  });

  test("what is no data: it would arrive as something else", () => {
    const exotic: Step = (_now, input) => {
      if (input.kind !== "request") return null;
      const payload = { kind: "value", value: new Map() as unknown as string } as const;
      return [{ kind: "reply", to: input.from, call: input.call, payload }];
    };
    expect(run(keeper(exotic), 1).sentence).toContain("a message.value is a Map, not plain data");
  });

  test("that a run is not a function of its seed", () => {
    let requests = 0;
    const forgetful: Step = (_now, input) => {
      if (input.kind !== "request" || ++requests !== 100) return null;
      return [];
    };
    const { ok, text } = sweep(keeper(forgetful), { seeds: 1 });
    expect(ok).toBe(false);
    expect(text).toMatch(/^Two runs of seed 1 differ.*: event \d+ was .* s .*, and then /);
  });
});

describe("a sweep is not green", () => {
  test("when nothing was acknowledged, though no single run shows anything wrong", () => {
    const mute: Step = () => [];
    const silent = sweep(keeper(mute), { seeds: 3 });
    expect(silent.failure).toBeNull();
    expect(() => assertOk(silent)).toThrow("Nothing was acknowledged in 3 seeds");
  });

  test("when a fault that the system should survive never struck", () => {
    const tiny = { ...keeper(), duration: 20_000, faults: ["crash", "pause"] as const };
    expect(() => assertOk(sweep(tiny, { seeds: 1 }))).toThrow(/In 1 seed these never struck: (crash|pause)/);
  });
});

describe("a leader", () => {
  class Leading implements ServerActor<Payload> {
    readonly deadline = null;
    readonly leads: number | null;

    constructor(leads: number | null) {
      this.leads = leads;
    }

    step(): readonly Effect<Payload, never>[] {
      return [];
    }
  }
  const terms: Readonly<Record<string, number>> = { n2: 3, n3: 4 };
  const led = {
    ...brokenActors,
    hasLeader: true,
    server: ({ id }: { id: string }) => new Leading(terms[id] ?? null),
  };

  test("is whoever says so, of the highest term", () => {
    const fault = { kind: "pause", target: { kind: "leader" } } as const;
    const schedule = makeSchedule([{ at: 5, until: 9, fault }]);
    expect(run(led, { schedule }).struck.map(({ label }) => label)).toEqual(["pause the leader (n3)"]);
  });

  test("is struck where there is one, and some server where there is none", () => {
    const strikesLeader = (hasLeader: boolean) =>
      [1, 2, 3, 4, 5].some((seed) =>
        JSON.stringify(run({ ...led, hasLeader }, seed).scenario.schedule).includes("leader"),
      );
    expect([strikesLeader(true), strikesLeader(false)]).toEqual([true, false]);
  });
});

/** A client that asks n1 and waits for ever. */
class Waiting {
  readonly deadline = null;
  private calls = 0;

  step(_now: number, input: { readonly kind: string }) {
    if (input.kind !== "invoke") return [];
    return [{ kind: "request", to: "n1", call: ++this.calls, payload: { kind: "read" } } as const];
  }
}
