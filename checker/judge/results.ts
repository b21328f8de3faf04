/** From judgements to results: components of one object make one result. */
import type { Explanation } from "../explain/explanation.ts";
import type { Ended, ObjectResult, Statistics } from "../result.ts";
import type { Verdict } from "../verdict.ts";
import type { Judgement } from "./judgement.ts";
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

/** Why an object is not ok. */
export type Explainer = (result: ObjectResult) => Explanation | null;

/** One result for all judgements with a name, which stand next to each other. */
export function resultsOf(
  judgements: readonly Judgement[],
  witnesses: Witnesses,
  explainer: Explainer,
): ObjectResult[] {
  const results: ObjectResult[] = [];
  for (let from = 0; from < judgements.length; ) {
    const first = judgements[from]!;
    let to = from + 1;
    while (to < judgements.length && judgements[to]!.name === first.name) to++;
    const parts = to === from + 1 ? null : judgements.slice(from, to);
    const behind = { witnesses, explainer };
    results.push(parts === null ? new Single(first, behind) : new Several(parts, behind));
    from = to;
  }
  return results;
}

/** Where it is worked out. */
interface Behind {
  readonly witnesses: Witnesses;
  readonly explainer: Explainer;
}

/** What is worked out on demand; getters of a class, because making thousands of results must cost nothing. */
abstract class Result implements ObjectResult {
  readonly object: string;
  readonly verdict: Verdict;
  readonly steps: number;
  readonly #behind: Behind;
  #witness: Witness | null = null;
  #explanation: Explanation | null = null;

  constructor(object: string, verdict: Verdict, steps: number, behind: Behind) {
    this.object = object;
    this.verdict = verdict;
    this.steps = steps;
    this.#behind = behind;
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

  get explanation(): Explanation | null {
    if (this.verdict === "ok") return null;
    this.#explanation ??= this.#behind.explainer(this);
    return this.#explanation;
  }

  /** So that a result written as JSON is whole. */
  toJSON(): ObjectResult {
    const { object, verdict, steps, linearization, partials, explanation, statistics, ended } = this;
    return { object, verdict, steps, linearization, partials, explanation, statistics, ended };
  }

  private get witness(): Witness {
    this.#witness ??= this.#behind.witnesses.of(this.parts, this.verdict);
    return this.#witness;
  }
}

class Single extends Result {
  readonly #judgement: Judgement;

  constructor(judgement: Judgement, behind: Behind) {
    super(judgement.name, judgement.verdict, judgement.steps, behind);
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

  constructor(parts: readonly Judgement[], behind: Behind) {
    const steps = parts.reduce((sum, part) => sum + part.steps, 0);
    super(parts[0]!.name, verdictOf(parts), steps, behind);
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
