/** Runs a failure again, and tells whether it is the same run and the same violation. */

import { InputError } from "../../src/base/index.ts";
import {
  type GivenSchedule,
  quoted,
  type Run,
  type RunExtras,
  type RunOptions,
  run,
  scheduleOf,
} from "../run/index.ts";
import { type Failure, type Finding, makeFailure, type Script } from "./failure.ts";
import { Recording } from "./recording.ts";
import { isSame, type Signature, signatureOf, signatureOfCrash } from "./signature.ts";
import { Stage } from "./stage.ts";
import type { Divergence } from "./trail.ts";

/** What became of running something that may throw. */
export interface Observed {
  /** Null if it threw. */
  readonly run: Run | null;
  /** What is wrong; null if nothing is. */
  readonly signature: Signature | null;
  /** What is wrong, as a failure file has it; null if nothing is. */
  readonly finding: Finding | null;
}

export interface Replayed extends Observed {
  /** Every event is as it was. */
  readonly isSameRun: boolean;
  /** The same oracle noticed, and the same class of violation. */
  readonly isSameViolation: boolean;
  /** Where the code, not being what it was, left what was recorded; null if all of it was asked for, in order. */
  readonly divergence: Divergence | null;
}

type Listening = Pick<RunExtras, "listener" | "narrate">;

/** `file` is where the failure is; null if nowhere. */
export function replay(failure: Failure, file: string | null = null, listening: Listening = {}): Replayed {
  const decider = deciderOf(failure);
  const observed = perform(failure, decider, file, listening);
  return {
    ...observed,
    isSameRun: decider.world?.trace.digest.hex() === failure.digest,
    isSameViolation: isSame(observed.signature, failure),
    divergence: decider.divergence(),
  };
}

/** Runs a script and no more. */
export function observe(script: Script): Observed {
  return perform(script, deciderOf(script), null, {});
}

/** A failing run of a seed, with all that it decided; null if nothing is wrong with it. */
export function failureOf(
  seed: number,
  options: RunOptions,
  given: GivenSchedule | null = null,
): Failure | null {
  const recording = new Recording();
  const { run: found, finding } = attempt(recording, () => run(seed, options, { given, decider: recording }));
  if (finding === null) return null;
  const schedule = found?.schedule ?? given?.schedule ?? scheduleOf(seed, options);
  return makeFailure({ seed, options, rest: "seed", schedule, decisions: recording.taken }, finding);
}

type ScriptDecider = Recording | Stage;

function deciderOf({ rest, decisions, options }: Script): ScriptDecider {
  return rest === "seed"
    ? new Recording(decisions)
    : new Stage(decisions, options.servers, rest === "jitter");
}

function perform(
  script: Script,
  decider: ScriptDecider,
  file: string | null,
  listening: Listening,
): Observed {
  const { seed, options, schedule } = script;
  const given = { file: file ?? "the script", schedule };
  const again = file === null ? null : `npx linlab replay ${quoted(file)}`;
  return attempt(decider, () => run(seed, options, { ...listening, replay: again, given, decider }));
}

function attempt(decider: ScriptDecider, start: () => Run): Observed {
  try {
    const result = start();
    const signature = signatureOf(result.report);
    return { run: result, signature, finding: signature === null ? null : findingOf(result, signature) };
  } catch (error) {
    // Whoever asks for what cannot be is told so. All else is a failure of the code under test.
    if (error instanceof InputError || decider.world === null) throw error;
    const signature = signatureOfCrash(error);
    const { digest, count } = decider.world.trace;
    const what = {
      outcome: "crash",
      sentence: `It threw ${error}.`,
      digest: digest.hex(),
      events: count,
    } as const;
    return { run: null, signature, finding: { ...signature, ...what } };
  }
}

function findingOf({ report }: Run, signature: Signature): Finding {
  const { outcome, sentence, digest, counts } = report;
  return { ...signature, outcome, sentence, digest, events: counts.events };
}
