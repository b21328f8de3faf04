/**
 * From the deeds of a run to the reason why it failed. No correct system does what an exact rule forbids, so the first
 * such deed is where things began to go wrong, and what comes later may be its consequence. Only a wrong answer to an
 * operation of the core says more: it is what the client saw.
 */

import type { Reason } from "../why.ts";
import type { Deed } from "./deed.ts";
import { answerRules, type Rule, rules } from "./rules/index.ts";

/** What is to be explained. */
export interface Suspicion {
  /** Those that prove it; empty for what no client saw. */
  readonly operations: ReadonlySet<number>;
  /** The one of these whose answer is impossible. */
  readonly impossible: number | null;
  /** Nothing that was done later can be the reason. */
  readonly until: number;
}

export interface Findings {
  readonly reason: Reason | null;
  readonly consequences: readonly Reason[];
}

export function reasonsIn(deeds: readonly Deed[], { operations, impossible, until }: Suspicion): Findings {
  const found = firstOfEachRule(deeds, operations, until);
  const exact = found.filter(({ certainty }) => certainty === "exact");
  const answers = exact.filter(
    ({ rule, operation }) =>
      operation !== null && operations.has(operation) && answerRules.some(({ name }) => name === rule),
  );
  const answer = answers.find(({ operation }) => operation === impossible) ?? answers[0];
  const reason = answer ?? exact[0] ?? found[0] ?? null;
  return { reason, consequences: found.filter((each) => each !== reason) };
}

/** In order of time; of a rule's breaches one that concerns these operations, else the first. */
function firstOfEachRule(
  deeds: readonly Deed[],
  operations: ReadonlySet<number>,
  until: number,
): readonly Reason[] {
  const found = new Map<string, Reason>();
  for (const deed of deeds) {
    if (deed.at > until) continue;
    const reason = reasonOf(deed);
    if (reason === null) continue;
    const known = found.get(reason.rule);
    const concerns = (each: Reason) => each.operation !== null && operations.has(each.operation);
    if (known === undefined || (!concerns(known) && concerns(reason))) found.set(reason.rule, reason);
  }
  return [...found.values()].sort((a, b) => a.at - b.at);
}

function reasonOf(deed: Deed): Reason | null {
  for (const rule of rulesOf(deed.kind)) {
    const words = rule.says(deed);
    if (words === null) continue;
    const operation = "operation" in deed ? deed.operation : null;
    return { rule: rule.name, certainty: rule.certainty, words, at: deed.at, node: deed.by, operation };
  }
  return null;
}

const byKind = new Map<Deed["kind"], readonly Rule[]>();

function rulesOf(kind: Deed["kind"]): readonly Rule[] {
  const known = byKind.get(kind) ?? rules.filter((rule) => rule.of === kind);
  byKind.set(kind, known);
  return known;
}
