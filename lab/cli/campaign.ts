/** What a set of runs comes to, and the exit code that says so. One run is a set of one. */

import { createHash } from "node:crypto";
import type { Explanation, Verdict } from "porcupine-ts";
import { type Outcome, type Report, type RunOptions, replayCommandOfSet } from "../run/index.ts";
import { EXIT, exitOf, worstExit } from "./exit.ts";

/** Where the files of one run are. */
export interface Artefacts {
  readonly page: string;
  readonly history: string;
  readonly report: string;
  readonly schedule: string;
  /** What `linlab replay` and `linlab shrink` take; null if nothing is wrong. */
  readonly failure: string | null;
}

/** The part of a report that a set keeps of each of its runs. */
export interface RunSummary
  extends Pick<
      Report,
      "seed" | "outcome" | "verdict" | "violation" | "sentence" | "digest" | "faults" | "marks" | "replay"
    >,
    Pick<Report["counts"], "operations" | "acknowledged" | "rpcs" | "bytes" | "events"> {
  readonly virtualSeconds: number;
  readonly wallSeconds: number;
  readonly files: Artefacts | null;
  /** Of the first object that is illegal; null if none is. */
  readonly explanation: Explanation | null;
}

export function summaryOf(report: Report, wallSeconds: number, files: Artefacts | null): RunSummary {
  const { seed, outcome, verdict, violation, sentence, digest, faults, marks, replay } = report;
  const { operations, acknowledged, rpcs, bytes, events, virtualMicroseconds } = report.counts;
  const told = { seed, outcome, verdict, violation, sentence, digest, faults, marks, replay };
  const explanation = report.objects.find((object) => object.verdict === "illegal")?.explanation ?? null;
  const counts = { operations, acknowledged, rpcs, bytes, events };
  return { ...told, ...counts, virtualSeconds: virtualMicroseconds / 1e6, wallSeconds, files, explanation };
}

export class Campaign {
  readonly runs: RunSummary[] = [];
  readonly options: RunOptions;
  private readonly scheduleFile: string | null;
  private readonly digests = createHash("sha256");

  constructor(options: RunOptions, scheduleFile: string | null) {
    this.options = options;
    this.scheduleFile = scheduleFile;
  }

  /** The run that a set is shown by: the first that failed, or the first. */
  get shown(): RunSummary {
    return this.failures[0] ?? this.runs[0]!;
  }

  /** What runs again what went wrong; or, if nothing did, everything. */
  get replay(): string {
    const { runs, failures, options, scheduleFile } = this;
    if (runs.length === 1 || failures.length > 0) return this.shown.replay;
    return replayCommandOfSet([runs[0]!.seed, runs.at(-1)!.seed], options, scheduleFile);
  }

  add(run: RunSummary): void {
    this.runs.push(run);
    this.digests.update(run.digest);
  }

  /** The digest of the only run, or of all their digests in order. */
  get digest(): string {
    return this.runs.length === 1 ? this.runs[0]!.digest : this.digests.copy().digest("hex").slice(0, 16);
  }

  total(
    field: "operations" | "acknowledged" | "rpcs" | "bytes" | "events" | "virtualSeconds" | "wallSeconds",
  ): number {
    return this.runs.reduce((sum, run) => sum + run[field], 0);
  }

  /** How often each enabled fault class struck. */
  get faults(): Readonly<Record<string, number>> {
    return summed(this.runs.map((run) => run.faults));
  }

  /** How often each situation that should come up sometimes did. */
  get marks(): Readonly<Record<string, number>> {
    return summed(this.runs.map((run) => run.marks));
  }

  get failures(): readonly RunSummary[] {
    return this.runs.filter((run) => run.outcome !== "ok");
  }

  /** Why green would say nothing; empty if it says something. */
  get vacuous(): readonly string[] {
    const reasons = Object.entries(this.faults)
      .filter(([, count]) => count === 0)
      .map(([kind]) => `${kind} was enabled but never struck`);
    if (this.total("acknowledged") === 0) reasons.push("no operation was acknowledged");
    return reasons;
  }

  /** The worst of the runs, in the order in which exit codes count. */
  get outcome(): Outcome {
    return (
      (["invariant", "illegal", "liveness", "unknown"] as const).find((worst) =>
        this.runs.some((run) => run.outcome === worst),
      ) ?? "ok"
    );
  }

  /** The worst verdict on any history, whatever else was wrong. */
  get historyVerdict(): Verdict {
    const verdicts = this.runs.map((run) => run.verdict);
    return verdicts.includes("illegal") ? "illegal" : verdicts.includes("unknown") ? "unknown" : "ok";
  }

  get exitCode(): number {
    const codes = this.runs.map(({ outcome }) => exitOf(outcome));
    if (this.vacuous.length > 0) codes.push(EXIT.undecided);
    return worstExit(codes);
  }
}

function summed(records: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const record of records) {
    for (const [name, count] of Object.entries(record)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}
