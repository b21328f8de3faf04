/** What a set of runs comes to, and the exit code that says so. One run is a set of one. */

import { createHash } from "node:crypto";
import type { Outcome, Report, RunOptions } from "../run/index.ts";
import { EXIT, worstExit } from "./exit.ts";

/** Where the files of one run are. */
export interface Artefacts {
  readonly page: string;
  readonly history: string;
  readonly report: string;
  readonly schedule: string;
}

/** The part of a report that a set keeps of each of its runs. */
export interface RunSummary {
  readonly seed: number;
  readonly outcome: Outcome;
  readonly verdict: Report["verdict"];
  readonly violation: Report["violation"];
  readonly sentence: string;
  readonly digest: string;
  readonly operations: number;
  readonly acknowledged: number;
  readonly rpcs: number;
  readonly bytes: number;
  readonly events: number;
  readonly virtualSeconds: number;
  readonly wallSeconds: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly replay: string;
  readonly files: Artefacts | null;
}

export function summaryOf(report: Report, wallSeconds: number, files: Artefacts | null): RunSummary {
  const { seed, outcome, verdict, violation, sentence, digest, counts, faults, replay } = report;
  const { operations, acknowledged, rpcs, bytes, events } = counts;
  const virtualSeconds = counts.virtualMicroseconds / 1e6;
  return {
    seed,
    outcome,
    verdict,
    violation,
    sentence,
    digest,
    operations,
    acknowledged,
    rpcs,
    bytes,
    events,
    virtualSeconds,
    wallSeconds,
    faults,
    replay,
    files,
  };
}

export class Campaign {
  readonly runs: RunSummary[] = [];
  readonly options: RunOptions;
  private readonly digests = createHash("sha256");

  constructor(options: RunOptions) {
    this.options = options;
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
    const counts: Record<string, number> = {};
    for (const run of this.runs) {
      for (const [kind, count] of Object.entries(run.faults)) counts[kind] = (counts[kind] ?? 0) + count;
    }
    return counts;
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

  /** The worst verdict on any history: illegal before unknown before ok. */
  get verdict(): Report["verdict"] {
    const verdicts = this.runs.map((run) => run.verdict);
    return verdicts.includes("illegal") ? "illegal" : verdicts.includes("unknown") ? "unknown" : "ok";
  }

  get exitCode(): number {
    const codes = this.runs.map(({ outcome }) => exitOf(outcome));
    if (this.vacuous.length > 0) codes.push(EXIT.undecided);
    return worstExit(codes);
  }
}

function exitOf(outcome: Outcome): number {
  return outcome === "ok" ? EXIT.ok : outcome === "unknown" ? EXIT.undecided : EXIT.violation;
}
