/** Runs a failure again, and tells whether it is the same run and the same violation. */

import { InputError } from "../../src/base/index.ts";
import {
  FAULT_SWITCHES,
  type GivenSchedule,
  quoted,
  type Run,
  type RunExtras,
  type RunOptions,
  run,
  scheduleOf,
} from "../run/index.ts";
import type { Decision } from "./decision.ts";
import { type Failure, type Finding, makeFailure, type Script } from "./failure.ts";
import { Recording } from "./recording.ts";
import { isSame, type Signature, signatureOf, signatureOfCrash } from "./signature.ts";
import { Stage, type Taken, TooLong } from "./stage.ts";
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

/** Runs a script; null if it would take more events than that. */
export function observe(script: Script, mostEvents: number = Number.POSITIVE_INFINITY): Observed | null {
  try {
    return perform(script, deciderOf(script, mostEvents), null, {});
  } catch (error) {
    if (error instanceof TooLong) return null;
    throw error;
  }
}

/** The same of a script, with what it was told at what time; nothing of it for a recorded run. */
export function observeStage(script: Script): Observed & { readonly taken: readonly Taken[] } {
  const decider = deciderOf(script);
  const observed = perform(script, decider, null, {});
  return { ...observed, taken: decider instanceof Stage ? decider.taken : [] };
}

/** A run of a seed with its decisions written down. */
export interface Recorded {
  /** Null if nothing is wrong with it. */
  readonly failure: Failure | null;
  readonly events: number;
}

/** A run of a seed, all of which is drawn but the schedule, if one is given, and these decisions. */
export function record(
  seed: number,
  options: RunOptions,
  given: GivenSchedule | null = null,
  decided: readonly Decision[] = [],
): Recorded {
  const recording = new Recording(decided);
  const { run: found, finding } = attempt(recording, () => run(seed, options, { given, decider: recording }));
  const events = recording.world!.trace.count;
  if (finding === null) return { failure: null, events };
  const schedule = found?.schedule ?? given?.schedule ?? scheduleOf(seed, options);
  const script: Script = { seed, options, rest: "seed", schedule, decisions: recording.taken };
  return { failure: makeFailure(script, finding), events };
}

/** A failing run of a seed, with all that it decided; null if nothing is wrong with it. */
export function failureOf(
  seed: number,
  options: RunOptions,
  given: GivenSchedule | null = null,
): Failure | null {
  return record(seed, options, given).failure;
}

/** The same run as a script: it keeps all that was decided, and nothing else happens in it. */
export function scripted(failure: Script): Script {
  if (failure.rest !== "seed") return failure;
  const recording = new Recording(failure.decisions, true);
  perform(failure, recording, null, {});
  // What the options would draw is in the decisions and in the schedule.
  const calm = Object.fromEntries(FAULT_SWITCHES.map((name) => [name, false]));
  const options = { ...failure.options, ...calm };
  return { ...failure, options, rest: "jitter", decisions: recording.taken };
}

type ScriptDecider = Recording | Stage;

function deciderOf({ rest, decisions, options }: Script, mostEvents?: number): ScriptDecider {
  if (rest === "seed") return new Recording(decisions);
  return new Stage(decisions, options.servers, rest === "jitter", mostEvents);
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
    if (error instanceof InputError || error instanceof TooLong || decider.world === null) throw error;
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
