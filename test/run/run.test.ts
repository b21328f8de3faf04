import { describe, expect, test } from "vitest";
import { makeSchedule } from "../../lab/faults/index.ts";
import { LIVENESS_BOUND } from "../../lab/oracles/index.ts";
import { defaultOptions, guarded, type Report, type Run, type RunOptions, run } from "../../lab/run/index.ts";
import type { TraceEvent } from "../../lab/sim/index.ts";
import type { Command, KvMessage } from "../../src/kv/index.ts";

const calm: RunOptions = {
  ...defaultOptions,
  unreliable: false,
  partitions: false,
  crashes: false,
  pauses: false,
  reorder: false,
};

/** What the schedule did, without what the healing left undone. */
const struck = (report: Report) => report.bands.filter(({ kind }) => kind !== "healing");

const given = (...faults: Parameters<typeof makeSchedule>[0]) => ({
  given: { file: "given.json", schedule: makeSchedule(faults) },
});

describe("a run", () => {
  test("without faults answers every operation and strikes nothing", () => {
    // In seed 1 a client loses patience before there is a leader.
    const { report } = run(2, calm);
    expect(report.outcome).toBe("ok");
    expect(report.counts.acknowledged).toBe(report.counts.operations);
    expect(report.counts.operations).toBeGreaterThan(300);
    expect(report.faults).toEqual({});
    expect(report.bands).toEqual([]);
  });

  test("can use the Go labs' workload: each client appends to a key of its own", () => {
    const { report } = run(1, { ...calm, workload: "appends" });
    expect(report.outcome).toBe("ok");
    expect(new Set(report.operations.map(({ client, object }) => `${client} ${object}`)).size).toBe(5);
    expect(new Set(report.operations.map(({ kind }) => kind))).toEqual(new Set(["put", "append", "get"]));
    expect(report.replay).toContain("--workload appends");
  });

  test.each(["log", "index"] as const)("can be told how to read: reads %s", (reads) => {
    const logged = new Set<string>();
    const listener = ({ kind, payload }: TraceEvent) => {
      const message = payload as KvMessage;
      if (kind !== "request" || message.kind !== "appendEntries") return;
      for (const { command } of message.entries as readonly { command: Command }[]) {
        if (command.kind === "operation") logged.add(command.operation.kind);
      }
    };
    const { report } = run(1, { ...calm, reads }, { listener });
    expect(report.outcome).toBe("ok");
    expect(logged.has("get")).toBe(reads === "log");
    expect(report.replay).toContain(`--reads ${reads}`);
  });

  test("can be told which features to use, which the seed draws otherwise", () => {
    const preVotes = ({ report }: Run) => report.marks["a pre-vote is granted"];
    expect(preVotes(run(1, { ...defaultOptions, preVote: true }))).toBeGreaterThan(0);
    const without = run(1, { ...defaultOptions, preVote: false, checkQuorum: false });
    expect(preVotes(without)).toBe(0);
    expect(without.report.marks["a leader without a quorum steps down"]).toBe(0);
    expect(without.report.replay).toContain("--no-pre-vote --no-check-quorum");
  });

  test("has phases that add up to its counts", () => {
    const { report } = run(2, defaultOptions);
    const sum = (field: "rpcs" | "operations" | "virtualMicroseconds") =>
      report.phases.reduce((total, phase) => total + phase[field], 0);
    expect(report.phases.map(({ name }) => name)).toEqual(["faults", "healing", "check"]);
    expect(sum("rpcs")).toBe(report.counts.rpcs);
    expect(sum("operations")).toBe(report.counts.operations);
    expect(sum("virtualMicroseconds")).toBe(report.counts.virtualMicroseconds);
  });

  test("draws each server without gaps from the beginning to the end", () => {
    const { report } = run(3, defaultOptions);
    expect(report.servers).toHaveLength(5);
    for (const { id, spans } of report.servers) {
      expect(spans[0]!.from, id).toBe(0);
      for (let i = 1; i < spans.length; i++) expect(spans[i]!.from, id).toBe(spans[i - 1]!.until);
      expect(spans.at(-1)!.until, id).toBe(report.counts.virtualMicroseconds);
    }
  });

  test("shows a crash and a pause where the schedule put them", () => {
    const { report } = run(
      1,
      calm,
      given(
        { at: 1_000_000, until: 1_500_000, fault: { kind: "crash", target: { kind: "node", id: "n2" } } },
        { at: 2_000_000, until: 2_500_000, fault: { kind: "pause", target: { kind: "node", id: "n3" } } },
      ),
    );
    const span = (id: string, status: string) =>
      report.servers.find((server) => server.id === id)!.spans.find((each) => each.status === status);
    expect(span("n2", "crashed")).toMatchObject({ from: 1_000_000, until: 1_500_000 });
    expect(span("n3", "paused")).toMatchObject({ from: 2_000_000, until: 2_500_000 });
    expect(struck(report).map(({ label }) => label)).toEqual(["crash n2", "pause n3"]);
    expect(report.outcome).toBe("ok");
  });

  test("records a client's crash as indeterminate, and the client comes back", () => {
    const { report } = run(
      1,
      { ...calm, clients: 1 },
      given(
        // Without a quorum the operation hangs, so that the crash finds it open.
        { at: 900_000, until: 3_000_000, fault: { kind: "crash", target: { kind: "all" } } },
        { at: 1_500_000, until: 2_000_000, fault: { kind: "crash", target: { kind: "node", id: "c1" } } },
      ),
    );
    expect(report.counts.indeterminate).toBe(1);
    expect(report.operations.some(({ call }) => call > 3_000_000)).toBe(true);
    expect(report.outcome).toBe("ok");
  });

  test("misses the liveness bound where clients are never answered, and stops waiting there", () => {
    const options = { ...defaultOptions, mutant: "leaderNeverForgotten" };
    let seed = 1;
    while (run(seed, options).report.violation?.name !== "progress after healing") seed++;
    const { report } = run(seed, options);
    const took = report.violation!.at - options.duration;
    expect(took).toBeGreaterThanOrEqual(LIVENESS_BOUND);
    expect(report.sentence).toContain(`got no answer within ${(took / 1e6).toFixed(3)} s of the healing`);
    expect(report.replay).toBe(`npx linlab run --seed ${seed} --mutant leaderNeverForgotten`);
  });

  test("ends where a connected majority gets nothing done for too long, though faults still last", () => {
    const options = { ...defaultOptions, mutant: "noCheckQuorum" };
    let seed = 1;
    while (run(seed, options).report.violation === null) seed++;
    const { report } = run(seed, options);
    expect(report.outcome).toBe("liveness");
    expect(report.violation!.name).toBe("availability");
    expect(report.violation!.at).toBeLessThan(options.duration);
    expect(report.sentence).toMatch(
      /^Availability broke at \d\.\d{3} s: (n\d, ){3,4}?.* were connected, c\d/,
    );
    expect(report.replay).toBe(`npx linlab run --seed ${seed} --mutant noCheckQuorum`);
  });

  test("heals a schedule that would go on after its duration, and strikes nothing later", () => {
    const all = { kind: "crash", target: { kind: "all" } } as const;
    // A client, which is up: a server would be down already, and no victim either way.
    const late = { kind: "crash", target: { kind: "node", id: "c1" } } as const;
    const { report } = run(
      1,
      calm,
      given(
        { at: 5_000_000, until: 60_000_000, fault: all },
        { at: 6_000_000, until: 7_000_000, fault: late },
      ),
    );
    expect(report.outcome).toBe("ok");
    expect(struck(report)).toHaveLength(1);
    expect(struck(report)[0]!.until).toBe(calm.duration);
  });

  test("leaves a minority cut off in half of its healings, and clients are answered all the same", () => {
    const reports = Array.from({ length: 20 }, (_, seed) => run(seed, defaultOptions).report);
    const rests = reports.flatMap(({ bands }) => bands.filter(({ kind }) => kind === "healing"));
    expect(rests.length).toBeGreaterThan(4);
    expect(rests.length).toBeLessThan(16);
    for (const { nodes, at } of rests) {
      expect(nodes).toHaveLength(2);
      expect(at).toBe(defaultOptions.duration);
    }
    expect(reports.map(({ outcome }) => outcome)).toEqual(reports.map(() => "ok"));
  });

  test("counts what its schedule holds, whatever the switches say", () => {
    const pause = { kind: "pause", target: { kind: "node", id: "n1" } } as const;
    const { report } = run(1, calm, given({ at: 1_000_000, until: 2_000_000, fault: pause }));
    expect(report.faults).toEqual({ pause: 1 });
  });

  test("in which nobody was told anything is undecided, and one in which a fault never struck says so", () => {
    const nothing = run(1, { ...calm, clients: 0 }).report;
    expect(nothing.outcome).toBe("unknown");
    expect(nothing.sentence).toContain("Nothing was acknowledged");
    const short = run(1, { ...calm, pauses: true }, given()).report;
    expect(short.vacuous).toEqual([]);
    const vacuous = run(1, { ...calm, servers: 1, partitions: true, clients: 1, duration: 700_000 }).report;
    expect(vacuous.vacuous.every((kind) => vacuous.faults[kind] === 0)).toBe(true);
  });

  test("writes a replay command that a shell takes as it is", () => {
    const file = { given: { file: "it's; here.json", schedule: makeSchedule([]) } };
    expect(run(1, calm, file).report.replay).toContain(`--schedule='it'\\''s; here.json'`);
  });

  test("ends at the first broken invariant and says what, who and when", () => {
    const options = { ...defaultOptions, mutant: "voteNotPersisted" };
    let seed = 1;
    while (run(seed, options).report.violation === null) seed++;
    const { report } = run(seed, options);
    expect(report.outcome).toBe("invariant");
    expect(report.violation).toMatchObject({ kind: "invariant", name: "one vote per term" });
    expect(report.violation!.message).toMatch(/^n\d voted for n\d and for n\d in term \d+$/);
    expect(report.violation!.at).toBe(report.counts.virtualMicroseconds);
  });
});

describe("the guard", () => {
  test.each<[string, () => unknown]>([
    ["Math.random", () => Math.random()],
    ["Date", () => Date.now()],
    ["Date", () => new Date()],
    ["performance.now", () => performance.now()],
    ["setTimeout", () => setTimeout(() => {}, 1)],
    ["crypto.randomUUID", () => crypto.randomUUID()],
  ])("%s throws during a simulation, and works again afterwards", (name, touch) => {
    expect(() => guarded(touch)).toThrow(`${name} was used during a simulation`);
    expect(touch).not.toThrow();
  });
});
