/** What a sweep keeps of one seed. Nothing in it depends on the machine or the hour: sorted, two files compare. */

import { InputError } from "../../src/base/index.ts";
import { MARKS } from "../marks/index.ts";
import type { Outcome, Report } from "../run/index.ts";
import { isCount, isObject, type Place, parseObject, placeText } from "./line.ts";
import type { Seeds } from "./shard.ts";

export interface SeedResult {
  readonly seed: number;
  readonly outcome: SweepOutcome;
  /** Null if the outcome is ok. */
  readonly failure: Failure | null;
  /** 16 hexadecimal digits; null if the run did not end. */
  readonly digest: string | null;
  readonly virtualMicroseconds: number;
  readonly events: number;
  readonly operations: number;
  readonly acknowledged: number;
  /** The seed ran twice, to see whether the two runs were one. */
  readonly rechecked: boolean;
  /** How often each fault class struck, of those that were enabled. */
  readonly faults: Readonly<Record<string, number>>;
  /** The situations that came up, as their numbers in the header. */
  readonly marks: readonly number[];
  /** The one command that shows this again, with all that the seed drew. */
  readonly replay: string;
}

interface Failure {
  /** Who noticed: an invariant or a liveness oracle by name, "history", "determinism" or "crash". */
  readonly oracle: string;
  readonly message: string;
}

/** Beyond what a run can come to: two runs of one seed differed, or it threw what no assertion throws. */
export type SweepOutcome = Outcome | "diverged" | "crash";

/** In the order in which people are told of them. */
export const SWEEP_OUTCOMES = [
  "ok",
  "illegal",
  "invariant",
  "liveness",
  "crash",
  "diverged",
  "unknown",
] as const satisfies readonly SweepOutcome[];

/** True of all that exit code 1 stands for. */
export function isViolation({ outcome }: SeedResult): boolean {
  return outcome !== "ok" && outcome !== "unknown";
}

export function resultOf(report: Report, rechecked: boolean): SeedResult {
  const { seed, outcome, violation, sentence, digest, counts, faults, marks, replay } = report;
  const { virtualMicroseconds, events, operations, acknowledged } = counts;
  return {
    seed,
    outcome,
    failure: outcome === "ok" ? null : { oracle: violation?.name ?? "history", message: sentence },
    digest,
    virtualMicroseconds,
    events,
    operations,
    acknowledged,
    rechecked,
    faults,
    marks: MARKS.flatMap((mark, number) => (marks[mark]! > 0 ? [number] : [])),
    replay,
  };
}

/** The code under test, or the lab itself, threw something: this seed's failure and no other's. */
export function crashed(seed: number, error: unknown, replay: string): SeedResult {
  const [what, where = ""] = String(error instanceof Error ? error.stack : error).split("\n");
  return {
    seed,
    outcome: "crash",
    failure: { oracle: "crash", message: `It threw ${what} ${where.trim()}`.trim() },
    digest: null,
    virtualMicroseconds: 0,
    events: 0,
    operations: 0,
    acknowledged: 0,
    rechecked: false,
    faults: {},
    marks: [],
    replay,
  };
}

/** The result in this line. Throws InputError with file and line. */
export function readResult(text: string, place: Place, [from, to]: Seeds): SeedResult {
  const advice = "take this line out of the file, and the same command runs its seed again";
  const result = parseObject(text, place, advice);
  const problem = problemOf(result);
  if (problem !== null) throw new InputError(`${placeText(place)}: ${problem}: ${advice}`);
  const { seed } = result as unknown as SeedResult;
  if (seed >= from && seed <= to) return result as unknown as SeedResult;
  throw new InputError(
    `${placeText(place)}: seed ${seed} does not belong here, only ${from}..${to} do: ${advice}`,
  );
}

const COUNTS = ["seed", "virtualMicroseconds", "events", "operations", "acknowledged"] as const;

/** What is wrong with the shape of a result; null if nothing is. */
function problemOf(result: Readonly<Record<string, unknown>>): string | null {
  const { outcome, failure, digest, rechecked, faults, marks, replay } = result;
  const wrong = COUNTS.find((name) => !isCount(result[name]));
  if (wrong !== undefined) return `${wrong} is not a whole number`;
  if (!(SWEEP_OUTCOMES as readonly unknown[]).includes(outcome)) return "the outcome is none of a sweep";
  if (outcome === "ok" ? failure !== null : !isFailure(failure))
    return "the failure does not fit the outcome";
  if (digest !== null && !/^[0-9a-f]{16}$/.test(String(digest)))
    return "the digest is not 16 hexadecimal digits";
  if (typeof rechecked !== "boolean" || typeof replay !== "string") return "rechecked or replay is missing";
  if (!isObject(faults) || !Object.values(faults).every(isCount)) return "the faults are not counts";
  const isMark = (mark: unknown) => isCount(mark) && mark < MARKS.length;
  return Array.isArray(marks) && marks.every(isMark) ? null : "the marks are not numbers of the header's";
}

function isFailure(value: unknown): boolean {
  return isObject(value) && typeof value.oracle === "string" && typeof value.message === "string";
}
