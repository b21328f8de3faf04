/** From judgements to results: components of one object make one result. */
import type { Judgement } from "./judgement.ts";
import type { Ended, ObjectResult, Statistics } from "./result.ts";
import type { Verdict } from "./verdict.ts";
import type { Witness, Witnesses } from "./witnesses.ts";

/** Illegal if any is; else unknown if any is; else ok. */
export function verdictOf(judgements: readonly Judgement[]): Verdict {
  let verdict: Verdict = "ok";
  for (const judgement of judgements) {
    if (judgement.verdict === "illegal") return "illegal";
    if (judgement.verdict === "unknown") verdict = "unknown";
  }
  return verdict;
}

/** One result for all judgements with a name, which stand next to each other. */
export function resultsOf(judgements: readonly Judgement[], witnesses: Witnesses): ObjectResult[] {
  const results: ObjectResult[] = [];
  for (let from = 0; from < judgements.length; ) {
    const first = judgements[from]!;
    let to = from + 1;
    while (to < judgements.length && judgements[to]!.name === first.name) to++;
    const parts = to === from + 1 ? null : judgements.slice(from, to);
    results.push(parts === null ? new Single(first, witnesses) : new Several(parts, witnesses));
    from = to;
  }
  return results;
}

/** What is worked out on demand; getters of a class, because making thousands of results must cost nothing. */
abstract class Result implements ObjectResult {
  readonly object: string;
  readonly verdict: Verdict;
  readonly steps: number;
  readonly #witnesses: Witnesses;
  #witness: Witness | null = null;

  constructor(object: string, verdict: Verdict, steps: number, witnesses: Witnesses) {
    this.object = object;
    this.verdict = verdict;
    this.steps = steps;
    this.#witnesses = witnesses;
  }

  abstract get statistics(): Statistics;
  abstract get ended(): Ended | null;
  protected abstract get parts(): readonly Judgement[];

  get linearization(): readonly number[] | null {
    return this.verdict === "ok" ? this.witness.linearization : null;
  }

  get partials(): readonly (readonly number[])[] {
    return this.verdict === "ok" ? [] : this.witness.partials;
  }

  /** So that a result written as JSON is whole. */
  toJSON(): ObjectResult {
    const { object, verdict, steps, linearization, partials, statistics, ended } = this;
    return { object, verdict, steps, linearization, partials, statistics, ended };
  }

  private get witness(): Witness {
    this.#witness ??= this.#witnesses.of(this.parts, this.verdict);
    return this.#witness;
  }
}

class Single extends Result {
  readonly #judgement: Judgement;

  constructor(judgement: Judgement, witnesses: Witnesses) {
    super(judgement.name, judgement.verdict, judgement.steps, witnesses);
    this.#judgement = judgement;
  }

  get statistics(): Statistics {
    return this.#judgement.statistics;
  }

  get ended(): Ended | null {
    return this.#judgement.end;
  }

  protected get parts(): readonly Judgement[] {
    return [this.#judgement];
  }
}

/** Of an object that was split. */
class Several extends Result {
  readonly #parts: readonly Judgement[];

  constructor(parts: readonly Judgement[], witnesses: Witnesses) {
    const steps = parts.reduce((sum, part) => sum + part.steps, 0);
    super(parts[0]!.name, verdictOf(parts), steps, witnesses);
    this.#parts = parts;
  }

  get statistics(): Statistics {
    return statisticsOf(this.#parts);
  }

  get ended(): Ended | null {
    if (this.verdict !== "unknown") return null;
    return this.#parts.find(({ verdict }) => verdict === "unknown")!.end;
  }

  protected get parts(): readonly Judgement[] {
    return this.#parts;
  }
}

function statisticsOf(parts: readonly Judgement[]): Statistics {
  const all = parts.map(({ statistics }) => statistics);
  return {
    algorithm: all.find(({ algorithm }) => algorithm === "search")?.algorithm ?? all[0]!.algorithm,
    operations: all.reduce((sum, { operations }) => sum + operations, 0),
    cached: all.reduce((sum, { cached }) => sum + cached, 0),
    words: all.reduce((sum, { words }) => sum + words, 0),
    time: all[0]!.time === null ? null : all.reduce((sum, { time }) => sum + (time ?? 0), 0),
  };
}
