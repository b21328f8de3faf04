/** What the results of a sweep come to, in whatever order they come. */

import { Digest } from "../../src/base/index.ts";
import { findNemesis } from "../faults/nemeses/index.ts";
import { MARKS } from "../marks/index.ts";
import { COUNTED_CLASSES } from "../run/index.ts";
import type { Plan } from "./header.ts";
import { isViolation, type SeedResult, type SweepOutcome } from "./result.ts";

/**
 * From so many seeds on, a situation that never came up is a hole. The rarest is Figure 8, which only its nemesis
 * brings about: it comes up in one seed of 59 (2,000 seeds, measured).
 */
const ENOUGH_FOR_MARKS = 500;

/** Options that can be given without keeping runs from getting anywhere. */
const HARMLESS: readonly string[] = ["encode", "refinement", "checkBudget"];

const SUMS = ["virtualMicroseconds", "events", "operations", "acknowledged"] as const;

export class Tally {
  readonly sums: Record<(typeof SUMS)[number], number> = {
    virtualMicroseconds: 0,
    events: 0,
    operations: 0,
    acknowledged: 0,
  };
  runs = 0;
  /** Seeds that ran twice. */
  rechecked = 0;
  violations = 0;
  private readonly given: Plan["given"];
  private readonly bad: SeedResult[] = [];
  private readonly outcomeCounts = new Map<SweepOutcome, number>();
  private readonly faultCounts = new Map<string, number>();
  private readonly markCounts = MARKS.map(() => 0);
  private fingerprint = 0n;

  constructor({ given }: Pick<Plan, "given">) {
    this.given = given;
  }

  add(result: SeedResult): void {
    this.runs++;
    for (const name of SUMS) this.sums[name] += result[name];
    this.outcomeCounts.set(result.outcome, this.count(result.outcome) + 1);
    for (const [kind, count] of Object.entries(result.faults)) {
      this.faultCounts.set(kind, (this.faultCounts.get(kind) ?? 0) + count);
    }
    for (const mark of result.marks) this.markCounts[mark]!++;
    if (result.rechecked) this.rechecked++;
    if (isViolation(result)) this.violations++;
    if (result.outcome !== "ok") this.bad.push(result);
    this.fingerprint ^= fingerprintOf(result);
  }

  count(outcome: SweepOutcome): number {
    return this.outcomeCounts.get(outcome) ?? 0;
  }

  /** All that is not ok, in the order of the seeds. */
  get failures(): readonly SeedResult[] {
    return this.bad.sort((a, b) => a.seed - b.seed);
  }

  /** How often each class struck, of those that were enabled in any run. */
  get faults(): Readonly<Record<string, number>> {
    const enabled = COUNTED_CLASSES.filter((kind) => this.faultCounts.has(kind));
    return Object.fromEntries(enabled.map((kind) => [kind, this.faultCounts.get(kind)!]));
  }

  /** In how many runs each situation came up. */
  get marks(): Readonly<Record<string, number>> {
    return Object.fromEntries(MARKS.map((mark, number) => [mark, this.markCounts[number]!]));
  }

  /** A digest over all digests, whatever their order: shards and one machine come to the same. */
  get digest(): string {
    return this.fingerprint.toString(16).padStart(16, "0");
  }

  /** Why green would say nothing; empty if it says something. */
  get vacuous(): readonly string[] {
    const reasons = Object.entries(this.faults)
      .filter(([, count]) => count === 0)
      .map(([kind]) => `${kind} was enabled but never struck`);
    if (this.sums.acknowledged === 0) reasons.push("no operation was acknowledged");
    const never = MARKS.filter((_, number) => this.markCounts[number] === 0);
    if (never.length > 0 && this.mustReachMarks) {
      reasons.push(`never in ${this.runs} runs: ${never.join(", ")}`);
    }
    const { nemesis } = this.given;
    const situation = typeof nemesis === "string" ? (findNemesis(nemesis)?.mark ?? null) : null;
    if (situation !== null && this.marks[situation] === 0)
      reasons.push(`${nemesis} never brought about that ${situation}`);
    return reasons;
  }

  private get mustReachMarks(): boolean {
    return this.runs >= ENOUGH_FOR_MARKS && Object.keys(this.given).every((name) => HARMLESS.includes(name));
  }
}

function fingerprintOf({ seed, digest, outcome }: SeedResult): bigint {
  const own = new Digest();
  own.integer(seed);
  own.text(`${outcome} ${digest}`);
  return BigInt(`0x${own.hex()}`);
}
