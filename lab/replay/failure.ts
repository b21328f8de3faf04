/**
 * A failure as a small file: all that it takes to see a violation again, here or in a browser, now or after the code
 * has changed. A recorded run and a script are the same kind of file; they differ in what becomes of the rest.
 */

import type { Schedule } from "../faults/index.ts";
import type { RunOptions } from "../run/index.ts";
import { LINLAB_VERSION } from "../run/index.ts";
import type { Decision } from "./decision.ts";
import type { FailureOutcome, Signature } from "./signature.ts";

export const FAILURE_FORMAT = "linlab-failure";
export const FAILURE_VERSION = 1;

/**
 * What becomes of everything that is no decision of the file. "seed": it is drawn, as in the run that was recorded.
 * "nothing": nothing happens, as in a script: no message is lost or delayed, and clients ask for nothing more.
 * "jitter": the same, but messages and disks take the little time that the seed draws for them.
 */
export const RESTS = ["seed", "jitter", "nothing"] as const;
export type Rest = (typeof RESTS)[number];

/** What it takes to run it. */
export interface Script {
  readonly seed: number;
  readonly options: RunOptions;
  readonly rest: Rest;
  readonly schedule: Schedule;
  /** In the order in which they were taken. */
  readonly decisions: readonly Decision[];
}

/** What it came to when it was written. */
export interface Finding extends Signature {
  readonly outcome: FailureOutcome;
  readonly sentence: string;
  /** 16 hexadecimal digits. */
  readonly digest: string;
  readonly events: number;
}

export interface Failure extends Script, Finding {
  readonly format: typeof FAILURE_FORMAT;
  readonly version: typeof FAILURE_VERSION;
  /** The linlab version that wrote it. */
  readonly linlab: string;
}

export function makeFailure(script: Script, finding: Finding): Failure {
  const { seed, options, rest, schedule, decisions } = script;
  const { outcome, oracle, sentence, digest, events } = finding;
  return {
    format: FAILURE_FORMAT,
    version: FAILURE_VERSION,
    linlab: LINLAB_VERSION,
    ...{ outcome, oracle, class: finding.class, sentence, digest, events },
    ...{ seed, options, rest, schedule, decisions },
  };
}

/** One decision a line, so that a difference between two failures reads as one. */
export function writeFailure({ schedule, decisions, ...head }: Failure): string {
  const fields = Object.entries(head).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  const { faults, ...kind } = schedule;
  const plan = `${JSON.stringify(kind).slice(0, -1)},"faults":${lines(faults)}}`;
  fields.push(`  "schedule": ${plan}`, `  "decisions": ${lines(decisions)}`);
  return `{\n${fields.join(",\n")}\n}\n`;
}

function lines(items: readonly unknown[]): string {
  if (items.length === 0) return "[]";
  return `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(",\n")}\n  ]`;
}
