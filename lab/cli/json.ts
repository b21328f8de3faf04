/** What `linlab run --json` prints: scripts depend on these fields. */

import type { Campaign } from "./campaign.ts";

/** One object for one run and for many; `runs` has the parts of many. */
export function jsonOf(campaign: Campaign): object {
  const { runs, shown } = campaign;
  return {
    format: "linlab-run",
    version: 1,
    /** Of one run its own; of many the first that failed, or the first. */
    seed: shown.seed,
    seeds: [runs[0]!.seed, runs.at(-1)!.seed],
    /** ok, illegal, unknown, invariant or liveness: the worst of all runs, never ok if the exit code is 1. */
    verdict: campaign.outcome,
    /** What the history check alone says. */
    historyVerdict: campaign.historyVerdict,
    violation: shown.violation,
    sentence: shown.sentence,
    digest: campaign.digest,
    operations: campaign.total("operations"),
    acknowledged: campaign.total("acknowledged"),
    rpcs: campaign.total("rpcs"),
    bytes: campaign.total("bytes"),
    events: campaign.total("events"),
    virtualSeconds: rounded(campaign.total("virtualSeconds")),
    wallSeconds: rounded(campaign.total("wallSeconds")),
    faults: campaign.faults,
    marks: campaign.marks,
    vacuous: campaign.vacuous,
    history: shown.files?.history ?? null,
    report: shown.files?.report ?? null,
    page: shown.files?.page ?? null,
    schedule: shown.files?.schedule ?? null,
    failure: shown.files?.failure ?? null,
    replay: campaign.replay,
    exitCode: campaign.exitCode,
    options: campaign.options,
    runs: runs.length === 1 ? [] : runs,
  };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
