/** `linlab replay`: a failure again, bit for bit, or as far as what was recorded still fits the code. */

import { dirname } from "node:path";
import { type Failure, type Replayed, replay, signatureText, writeFailure } from "../replay/index.ts";
import { EXIT, exitOf } from "./exit.ts";
import { prepareDirectory, writeText } from "./files.ts";
import { COLUMNS, field, wrapped } from "./layout.ts";
import { failureFrom, parseGiven } from "./replay-source.ts";
import { styled } from "./style.ts";
import { tracePrinter } from "./trace.ts";

export const REPLAY_HELP = `linlab replay FILE|SEED: runs a failure again. If the code has changed since, it
                           takes the recorded decisions as far as they fit
  --out FILE               write the failure that this seed is
  --trace                  tell the run, a column per server
  --json                   one JSON object on stdout
  with a SEED also the flags of linlab run that say what is run
`;

const FLAGS = { out: { type: "string" }, trace: { type: "boolean" }, json: { type: "boolean" } } as const;

/** Returns the exit code: 1 if a violation shows, whichever. Throws InputError. */
export async function replayCommand(args: readonly string[]): Promise<number> {
  const { source, values } = parseGiven("replay", args, FLAGS);
  const out = typeof values.out === "string" ? values.out : null;
  if (out !== null) await prepareDirectory(dirname(out));
  const failure = await failureFrom(source);
  if (failure === null) return fine(args[0]!, values.json === true);
  const file = source.kind === "file" ? source.file : out;
  const narrate =
    values.trace === true && values.json !== true ? tracePrinter(failure.options.servers) : null;
  const replayed = replay(failure, file, narrate === null ? {} : { narrate });
  if (out !== null) await saveFailure(failure, out);
  const told =
    values.json === true ? `${JSON.stringify(jsonOf(failure, replayed))}\n` : textOf(failure, replayed, out);
  process.stdout.write(told);
  return exitCodeOf(replayed);
}

/** Throws InputError. */
export async function saveFailure(failure: Failure, file: string): Promise<void> {
  await writeText(file, writeFailure(failure));
}

/** There is nothing to replay. */
function fine(seed: string, json: boolean): number {
  const object = { format: "linlab-replay", version: 1, violation: null, exitCode: EXIT.ok };
  process.stdout.write(json ? `${JSON.stringify(object)}\n` : `Nothing is wrong with seed ${seed}.\n`);
  return EXIT.ok;
}

function exitCodeOf({ run, finding }: Replayed): number {
  return finding === null ? exitOf(run!.report.outcome) : EXIT.violation;
}

function textOf(failure: Failure, replayed: Replayed, out: string | null): string {
  const { finding, isSameRun, isSameViolation } = replayed;
  const lines = isSameRun ? [sameLine(failure)] : changedLines(failure, replayed);
  if (finding === null) lines.push(styled("green", "The violation no longer shows."));
  else if (isSameViolation) lines.push(styled("red", `The same violation: ${signatureText(finding)}.`));
  else
    lines.push(styled("red", `Another violation: ${signatureText(finding)}, not ${signatureText(failure)}.`));
  const sentence = finding?.sentence ?? replayed.run!.report.sentence;
  lines.push(...wrapped(sentence.split(" "), " ", COLUMNS));
  if (out !== null) lines.push(field("Failure", out));
  return `${lines.join("\n")}\n`;
}

function sameLine({ digest, events }: Failure): string {
  return `Same digest ${digest}: all ${events} events are as they were recorded.`;
}

function changedLines(failure: Failure, { run, finding, divergence }: Replayed): string[] {
  const digest = finding?.digest ?? run!.report.digest;
  const since = `The code has changed since linlab ${failure.linlab} recorded this: digest ${digest}, not ${failure.digest}.`;
  const all = `all ${failure.decisions.length} decisions, in the same order`;
  const followed = `It followed ${divergence?.sentence ?? all}.`;
  return [since, followed].flatMap((line) => wrapped(line.split(" "), " ", COLUMNS));
}

function jsonOf(failure: Failure, replayed: Replayed): object {
  const { run, finding, isSameRun, isSameViolation, divergence } = replayed;
  return {
    format: "linlab-replay",
    version: 1,
    seed: failure.seed,
    digest: finding?.digest ?? run!.report.digest,
    recordedDigest: failure.digest,
    sameDigest: isSameRun,
    outcome: finding?.outcome ?? run!.report.outcome,
    violation: finding === null ? null : { oracle: finding.oracle, class: finding.class },
    recordedViolation: { oracle: failure.oracle, class: failure.class },
    sameViolation: isSameViolation,
    sentence: finding?.sentence ?? run!.report.sentence,
    decisions: failure.decisions.length,
    followed: divergence?.followed ?? failure.decisions.length,
    divergence: divergence?.sentence ?? null,
    exitCode: exitCodeOf(replayed),
  };
}
