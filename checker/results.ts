/** From judgements to results: components of one object make one result. */
import type { Judgement } from "./judgement.ts";
import type { ObjectResult, Statistics } from "./result.ts";
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
    let to = from + 1;
    while (to < judgements.length && judgements[to]!.name === judgements[from]!.name) to++;
    results.push(resultOf(judgements.slice(from, to), witnesses));
    from = to;
  }
  return results;
}

function resultOf(parts: readonly Judgement[], witnesses: Witnesses): ObjectResult {
  const verdict = verdictOf(parts);
  let known: Witness | null = null;
  const witness = (): Witness => {
    known ??= witnesses.of(parts, verdict);
    return known;
  };
  return {
    object: parts[0]!.name,
    verdict,
    steps: parts.reduce((sum, { steps }) => sum + steps, 0),
    get linearization() {
      return verdict === "ok" ? witness().linearization : null;
    },
    get partials() {
      return verdict === "ok" ? [] : witness().partials;
    },
    statistics: parts.length === 1 ? parts[0]!.statistics : statisticsOf(parts),
    ended: verdict === "unknown" ? parts.find((part) => part.verdict === "unknown")!.end : null,
  };
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
