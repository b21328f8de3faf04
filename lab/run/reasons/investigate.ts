/** Investigating a run that failed: the same seed again, watched from close by, and what that tells. */

import type { Explanation } from "porcupine-ts";
import type { GivenSchedule } from "../play.ts";
import type { Report } from "../report.ts";
import { type Run, run } from "../run.ts";
import type { Why } from "../why.ts";
import type { Focus } from "./letters.ts";
import { reasonsIn, type Suspicion } from "./reason.ts";
import { Witness } from "./witness.ts";

type Violation = Extract<Explanation, { readonly kind: "violation" }>;

/**
 * The run with its `why`; the run itself if there is nothing to explain. `given` is the schedule that it had, if not
 * its own. Takes as long as two runs.
 */
export function investigated(first: Run, given: GivenSchedule | null = null): Run {
  const why = investigate(first.report, given);
  return why === null ? first : { ...first, report: withWhy(first.report, why) };
}

function investigate(report: Report, given: GivenSchedule | null): Why | null {
  if (report.outcome === "ok" || report.outcome === "unknown") return null;
  const proof = report.outcome === "illegal" ? proofOf(report) : null;
  const witness = new Witness(focusOn(proof));
  // Bytes change nothing, but a message that passes through them is another object, which nobody would recognise.
  const again = run(report.seed, { ...report.options, encode: false }, { given, attendance: witness });
  witness.ended();
  // A run that is not the same explains nothing.
  if (again.report.digest !== report.digest) return null;
  const { answers, messages } = witness.letters;
  const found = reasonsIn(witness.deeds, suspicionOf(report, proof));
  return { ...found, answers, messages, ending: witness.letters.servers() };
}

/** The explanation that the report's sentence tells: of the first key that is illegal. */
function proofOf({ objects }: Report): Violation | null {
  const explanation = objects.find(({ verdict }) => verdict === "illegal")?.explanation ?? null;
  return explanation?.kind === "violation" ? explanation : null;
}

function focusOn(proof: Violation | null): Focus {
  return {
    operations: new Set(proof?.core.map(({ operation }) => operation) ?? []),
    key: proof?.object ?? null,
  };
}

function suspicionOf(report: Report, proof: Violation | null): Suspicion {
  const { operations } = focusOn(proof);
  const impossible = proof?.core.find(({ isImpossible }) => isImpossible);
  const until = impossible?.return ?? report.violation?.at ?? report.counts.virtualMicroseconds;
  return { operations, impossible: impossible?.operation ?? null, until };
}

/** Orders and explanations are worked out when somebody asks: a copy must not ask. */
function withWhy(report: Report, why: Why): Report {
  return { ...report, why };
}
