/** What a run of one's own system came to, and how a failure is told: the sentence, the faults, how to run it again. */

import { type CheckResult, explanationText, type History } from "porcupine-ts";
import { type Instant, SECOND } from "../../src/base/index.ts";
import type { FaultBand, Outcome } from "../run/index.ts";
import type { Scenario } from "./scenario.ts";

export interface Trial<Operation, Result> {
  /** Nothing wrong was seen. */
  readonly ok: boolean;
  /** "unknown" if the checker's budget ended, or if nothing was acknowledged. */
  readonly outcome: Outcome;
  /** The outcome in one sentence. */
  readonly sentence: string;
  /** The sentence, why, what struck, and how to run it again: what a failing test should say. */
  readonly text: string;
  readonly scenario: Scenario<Operation>;
  /** A seed drew all of the scenario. */
  readonly isDrawn: boolean;
  /** What the clients saw; `toBeLinearizable` of linlab/vitest draws it as a page. */
  readonly history: History<Operation, Result>;
  readonly checked: CheckResult;
  /** What struck, healing included, roles resolved. */
  readonly struck: readonly FaultBand[];
  /** How often each fault class struck. */
  readonly faults: Readonly<Record<string, number>>;
  readonly counts: {
    readonly operations: number;
    readonly acknowledged: number;
    readonly events: number;
    readonly virtualMicroseconds: number;
  };
  /** Of every event of the run: the same for the same scenario, on every machine. */
  readonly digest: string;
}

/** At the most so many faults are told. */
const MOST_TOLD = 12;

export function trialText(trial: Omit<Trial<unknown, unknown>, "text">): string {
  const { sentence, checked, struck, digest, isDrawn, scenario } = trial;
  const blamed = checked.objects.find(({ verdict }) => verdict === "illegal");
  const explanation = blamed?.explanation ?? null;
  const told =
    trial.outcome === "illegal" && explanation !== null ? explanationText(explanation) : `${sentence}\n`;
  const what = isDrawn ? `${scenario.seed}` : JSON.stringify(scenario);
  const network = scenario.conditions.reliable
    ? []
    : ["  all the time  the network loses and delays messages"];
  const faults = struck
    .slice(0, MOST_TOLD)
    .map(({ at, until, label }) => `  ${clock(at)} - ${clock(until)}  ${label}`);
  if (struck.length > MOST_TOLD) faults.push(`  and ${struck.length - MOST_TOLD} more`);
  const lines = [...network, ...faults];
  const cause = lines.length === 0 ? "No fault struck." : `What struck:\n${lines.join("\n")}`;
  return `${told}\n${cause}\n\nRun it again (digest ${digest}): run(system, ${what})`;
}

function clock(at: Instant): string {
  return `${(at / SECOND).toFixed(3)} s`;
}

/** Throws an Error whose message tells it all, unless nothing wrong was seen. */
export function assertOk({ ok, text }: { readonly ok: boolean; readonly text: string }): void {
  if (!ok) throw new Error(text);
}
