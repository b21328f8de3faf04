/** What a run of one's own system came to, and how a failure is told: the sentence, the faults, how to run it again. */

import { type CheckResult, explanationText, type History, type Violation } from "porcupine-ts";
import { type Instant, SECOND } from "../../src/base/index.ts";
import type { FaultBand, Outcome } from "../run/index.ts";
import { literalOf, type Scenario } from "./scenario.ts";

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

/** At most so many faults are told. */
const MOST_TOLD = 12;

/** `call` is the function that runs it again. */
export function trialText(trial: Omit<Trial<unknown, unknown>, "text">, call: string): string {
  const { outcome, sentence, digest, isDrawn, scenario } = trial;
  const culprit = outcome === "illegal" ? culpritOf(trial) : null;
  const told = culprit === null ? `${sentence}\n` : explanationText(culprit.explanation);
  const given = isDrawn ? `${scenario.seed}` : literalOf(scenario);
  const until = culprit?.at ?? Number.POSITIVE_INFINITY;
  return `${told}\n${causeOf(trial, until)}\n\nRun it again (digest ${digest}): ${call}(system, ${given})`;
}

type Told = Pick<Trial<unknown, unknown>, "checked" | "history" | "struck" | "scenario">;

/** Why the first illegal object is, and when its impossible reply came; null if nobody can say why. */
function culpritOf({
  checked,
  history,
}: Told): { readonly explanation: Violation; readonly at: Instant } | null {
  const explanation = checked.objects.find(({ verdict }) => verdict === "illegal")?.explanation;
  if (explanation?.kind !== "violation") return null;
  const { operation } = explanation.core.find(({ isImpossible }) => isImpossible)!;
  const reply = history.find((event) => event.kind === "response" && event.operation === operation);
  return { explanation, at: reply!.time };
}

/** What struck before it happened. */
function causeOf({ struck, scenario }: Told, until: Instant): string {
  const before = struck.filter(({ at }) => at <= until);
  const lines = before
    .slice(0, MOST_TOLD)
    .map((band) => `  ${clock(band.at)} - ${clock(band.until)}  ${band.label}`);
  if (before.length > MOST_TOLD) lines.push(`  and ${before.length - MOST_TOLD} more`);
  if (!scenario.conditions.reliable)
    lines.unshift("  all the time       the network loses and delays messages");
  return lines.length === 0 ? "No fault had struck." : `What had struck:\n${lines.join("\n")}`;
}

function clock(at: Instant): string {
  return `${(at / SECOND).toFixed(3)} s`;
}

/** Throws an Error whose message tells it all, unless nothing wrong was seen. */
export function assertOk({ ok, text }: { readonly ok: boolean; readonly text: string }): void {
  if (!ok) throw new Error(text);
}
