import { describe, expect, test } from "vitest";
import { type Failure, failureOf, readFailure, replay, writeFailure } from "../../lab/replay/index.ts";
import { defaultOptions, type RunOptions, run } from "../../lab/run/index.ts";
import { swarmOptions } from "../../lab/sweep/index.ts";

/** Failures that differ in who notices, and in what there is to decide. */
const FAILURES: readonly (readonly [seed: number, options: RunOptions])[] = [
  [1, { ...defaultOptions, mutant: "noSessions" }],
  [1, { ...defaultOptions, mutant: "voteTwice" }],
  [8, { ...defaultOptions, mutant: "noCheckQuorum" }],
  [1, { ...defaultOptions, mutant: "leaderNeverForgotten" }],
  [40, { ...defaultOptions, mutant: "voteNotPersisted" }],
  [3, { ...swarmOptions(3), mutant: "commitWithoutMajority" }],
];

const recorded = (seed: number, options: RunOptions): Failure => {
  const failure = failureOf(seed, options);
  expect(failure, `seed ${seed} of ${options.mutant} fails`).not.toBeNull();
  return failure!;
};

const noSessions = recorded(1, { ...defaultOptions, mutant: "noSessions" });

describe("a recorded failure", () => {
  test("is the run that it would have been without anybody writing it down", () => {
    for (const [seed, options] of FAILURES) {
      const { report } = run(seed, options);
      const { digest, outcome, sentence, events } = recorded(seed, options);
      expect({ digest, outcome, sentence, events }).toEqual({
        digest: report.digest,
        outcome: report.outcome,
        sentence: report.sentence,
        events: report.counts.events,
      });
    }
  });

  test("is there for runs that fail only", () => {
    expect(failureOf(1, defaultOptions)).toBeNull();
  });

  test("survives being written and read", () => {
    for (const [seed, options] of FAILURES) {
      const failure = recorded(seed, options);
      expect(readFailure(writeFailure(failure), "f.json")).toEqual(failure);
    }
  });

  test("replays bit for bit, and follows every decision in its order", () => {
    for (const [seed, options] of FAILURES) {
      const { isSameRun, isSameViolation, divergence, run: again } = replay(recorded(seed, options));
      expect({ isSameRun, isSameViolation, divergence }).toEqual({
        isSameRun: true,
        isSameViolation: true,
        divergence: null,
      });
      expect(again!.report.faults).toEqual(run(seed, options).report.faults);
    }
  });
});

describe("a replay takes what was recorded, not what the seed would draw", () => {
  /** The failure with every decision of this kind changed. */
  const changed = <Kind extends Failure["decisions"][number]["kind"]>(
    kind: Kind,
    change: (decision: Failure["decisions"][number] & { kind: Kind }) => object,
  ): Failure => ({
    ...noSessions,
    decisions: noSessions.decisions.map((decision) =>
      decision.kind === kind
        ? ({ ...decision, ...change(decision as never) } as Failure["decisions"][number])
        : decision,
    ),
  });

  test("commands", () => {
    const { run: again } = replay(
      changed("command", () => ({ operation: { kind: "get", key: "somewhere else" } })),
    );
    const words = again!.report.operations.map(({ words }) => words);
    expect(words.filter((each) => each.includes("somewhere else")).length).toBeGreaterThan(50);
  });

  test("settings and conditions of the network", () => {
    const settings = changed("settings", ({ settings }) => ({ settings: { ...settings, maxSessions: 1 } }));
    expect(replay(settings).isSameRun).toBe(false);
    const conditions = changed("conditions", ({ conditions }) => ({
      conditions: { ...conditions, detectsLoss: !conditions.detectsLoss },
    }));
    expect(replay(conditions).isSameRun).toBe(false);
  });

  test("fates of messages", () => {
    const losses = (failure: Failure) => replay(failure).run!.report.faults.loss!;
    // What the others suffer, since the runs part, the seed draws.
    expect(losses(changed("message", () => ({ lost: false })))).toBeLessThan(losses(noSessions) / 2);
    expect(losses(changed("message", () => ({ lost: true })))).toBeGreaterThan(2 * losses(noSessions));
  });

  test("whom a fault meant by the leader", () => {
    const { run: again } = replay(changed("leader", () => ({ node: "n5" })));
    const labels = again!.report.bands.map(({ label }) => label).filter((label) => label.includes("leader"));
    expect(labels.length).toBeGreaterThan(0);
    for (const label of labels) expect(label).toContain("(n5)");
  });

  test("election timeouts", () => {
    const firstLeader = (failure: Failure) => {
      const { servers } = replay(failure).run!.report;
      const terms = servers.map(({ id, spans }) => ({
        id,
        span: spans.find(({ status }) => status === "leader"),
      }));
      return terms.sort((a, b) => (a.span?.from ?? 1e9) - (b.span?.from ?? 1e9))[0]!.id;
    };
    for (const first of ["n2", "n4"]) {
      const hasty = changed("draw", ({ node }) => ({ value: node === first ? 0 : 50_000 }));
      expect(firstLeader(hasty)).toBe(first);
    }
  });
});

describe("after the code has changed", () => {
  test("a bug that is mended no longer shows, and the replay says where it left the record", () => {
    const mended = { ...noSessions, options: { ...noSessions.options, mutant: null } };
    const { isSameRun, isSameViolation, finding, divergence } = replay(mended);
    expect(isSameRun).toBe(false);
    expect(isSameViolation).toBe(false);
    expect(finding).toBeNull();
    expect(divergence!.recorded).toBe(noSessions.decisions.length);
    expect(divergence!.followed).toBeGreaterThan(100);
    expect(divergence!.sentence).toMatch(
      /^\d+ of \d+ decisions, then at \d\.\d{3} s .* asked .* where, at \d\.\d{3} s, .* asked /,
    );
  });

  test("another bug is another violation", () => {
    const other = { ...noSessions, options: { ...noSessions.options, mutant: "voteTwice" } };
    const { signature, isSameViolation } = replay(other);
    expect(signature).toEqual({ oracle: "one vote per term", class: null });
    expect(isSameViolation).toBe(false);
  });

  test("a record that goes on where the run ended is told, and one that has ended", () => {
    const { decisions } = noSessions;
    const longer = [...decisions, { kind: "leader", nth: 99, at: 7_000_000, node: null } as const];
    expect(replay({ ...noSessions, decisions: longer }).divergence!.sentence).toBe(
      `${decisions.length} of ${decisions.length + 1} decisions, then the run ended where, at 7.000 s, a fault asked for the leader`,
    );
    const shorter = decisions.slice(0, 40);
    expect(replay({ ...noSessions, decisions: shorter }).divergence!.sentence).toMatch(
      /^40 of 40 decisions, then .* where the recorded run had ended$/,
    );
  });

  test("the seed draws what nobody recorded", () => {
    const { isSameRun, divergence } = replay({ ...noSessions, decisions: [] });
    expect(isSameRun).toBe(true);
    expect(divergence!.followed).toBe(0);
  });
});
