/**
 * From the deeds of a run to the reason why it failed. No correct system does what an exact rule forbids, so the first
 * such deed is where things began to go wrong, and what comes later may be its consequence. Only a wrong answer to an
 * operation of the core says more: it is what the client saw, if it reached the client.
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

export function reasonsIn(deeds: readonly Deed[], suspicion: Suspicion): Findings {
  const found = firstOfEachRule(deeds, suspicion);
  const exact = found.filter(({ reason }) => reason.certainty === "exact");
  const answers = exact.filter(
    ({ reason, weight }) => weight > 0 && answerRules.some(({ name }) => name === reason.rule),
  );
  const heaviest = Math.max(...answers.map(({ weight }) => weight));
  const answer = answers.find(({ weight }) => weight === heaviest);
  const first = answer ?? exact[0] ?? found[0];
  return {
    reason: first?.reason ?? null,
    consequences: found.filter((each) => each !== first).map(({ reason }) => reason),
  };
}

interface Offence {
  readonly reason: Reason;
  readonly weight: number;
}

/** In order of time; of a rule's breaches the one that weighs most, of several such the first. */
function firstOfEachRule(deeds: readonly Deed[], suspicion: Suspicion): readonly Offence[] {
  const found = new Map<string, Offence>();
  for (const deed of deeds) {
    if (deed.at > suspicion.until || isUnheard(deed, suspicion)) continue;
    const reason = reasonOf(deed);
    if (reason === null) continue;
    const known = found.get(reason.rule);
    const weight = weightOf(deed, suspicion);
    if (known === undefined || weight > known.weight) found.set(reason.rule, { reason, weight });
  }
  return [...found.values()].sort((a, b) => a.reason.at - b.reason.at);
}

/** What a history shows is what clients heard: an answer that none of them took has no part in it. */
function isUnheard(deed: Deed, { operations }: Suspicion): boolean {
  return deed.kind === "answered" && !deed.isTaken && operations.size > 0;
}

/**
 * What the deed says of the operations in question. The reply that no order explains may be the right one, and
 * contradict a stale one: who read from before an acknowledged write is wrong by itself.
 */
function weightOf(deed: Deed, { operations, impossible }: Suspicion): number {
  const operation = operationOf(deed);
  if (operation === null || !operations.has(operation)) return 0;
  if (deed.kind === "answered" && deed.missed !== null) return 3;
  return operation === impossible ? 2 : 1;
}

function reasonOf(deed: Deed): Reason | null {
  for (const rule of rulesOf(deed.kind)) {
    const words = rule.says(deed);
    if (words === null) continue;
    const { name, certainty } = rule;
    const reason = { rule: name, certainty, words, at: deed.at, node: deed.by, operation: operationOf(deed) };
    return { ...reason, ...namedBy(deed) };
  }
  return null;
}

function operationOf(deed: Deed): number | null {
  return "operation" in deed ? deed.operation : null;
}

/** The entries that the words of such a deed name, and where it was done before. */
function namedBy(deed: Deed): Pick<Reason, "entries" | "earlier"> {
  switch (deed.kind) {
    case "applied": {
      if (deed.earlier === null) return { entries: [deed.index] };
      const { by: node, at, index } = deed.earlier;
      return { entries: [index, deed.index], earlier: { node, at } };
    }
    case "answered":
      return deed.missed === null ? {} : { entries: [deed.missed.index] };
    case "acknowledged":
    case "committed":
      return { entries: [deed.index] };
    default:
      return {};
  }
}

const byKind = new Map<Deed["kind"], readonly Rule[]>();

function rulesOf(kind: Deed["kind"]): readonly Rule[] {
  const known = byKind.get(kind) ?? rules.filter((rule) => rule.of === kind);
  byKind.set(kind, known);
  return known;
}
