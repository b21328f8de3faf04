/** What the Why view is about: the first key that is not linearizable, its core numbered, and what servers did for it. */

import type { CoreOperation, Explanation, Relation } from "porcupine-ts";
import type { SeenMessage, ServerAnswer, Why } from "../../lab/run/why.ts";
import type { Drawn } from "../drawn.ts";

type Violation = Extract<Explanation, { readonly kind: "violation" }>;

/** An operation of the core under its number, from 1, in the order of the calls. */
export interface Numbered extends CoreOperation {
  readonly number: number;
}

export interface Proof {
  readonly explanation: Violation;
  readonly core: readonly Numbered[];
  readonly impossible: Numbered;
  /** Of the impossible reply; null if no server was seen to give it. */
  readonly answer: ServerAnswer | null;
  readonly why: Why | null;
}

/** More of a core that could not be made small would hide what it proves: the last ones are shown. */
const MOST_OPERATIONS = 9;

/** The proof that the banner's sentence tells; null if no key is known to be wrong. */
export function proofOf(report: Drawn): Proof | null {
  const explanation = report.objects.find(({ verdict }) => verdict === "illegal")?.explanation ?? null;
  if (explanation?.kind !== "violation") return null;
  const core = explanation.core.map((operation, i) => ({ ...operation, number: i + 1 }));
  const impossible = core.find(({ isImpossible }) => isImpossible);
  if (impossible === undefined) return null;
  const why = report.why ?? null;
  const answer = why === null ? null : answerTo(impossible, why);
  return { explanation, core: core.slice(-MOST_OPERATIONS), impossible, answer, why };
}

/** The answer that reached the client: a retry may have been answered by several servers. */
function answerTo({ operation, return: end }: Numbered, { answers, messages }: Why): ServerAnswer | null {
  const mine = answers.filter((each) => each.operation === operation);
  const took = messages.find(
    (each) => each.kind === "answer" && each.operation === operation && each.received === end,
  );
  return mine.find((each) => each.server === took?.from && each.at <= took.sent) ?? mine[0] ?? null;
}

/** The number of an operation; null if it is not shown. */
export function numberOf({ core }: Proof, operation: number): number | null {
  return core.find((each) => each.operation === operation)?.number ?? null;
}

/** Relations between operations that are shown, by their numbers. */
export function relationsOf(
  proof: Proof,
): readonly (Relation & { readonly a: Numbered; readonly b: Numbered })[] {
  return proof.explanation.relations.flatMap((relation) => {
    const a = proof.core.find(({ operation }) => operation === relation.from);
    const b = proof.core.find(({ operation }) => operation === relation.to);
    return a === undefined || b === undefined ? [] : [{ ...relation, a, b }];
  });
}

/**
 * Messages of the operations that are shown. Who was asked in vain and turned the client away has no part in it: of the
 * questions only those count that went to a server which answered, or put the operation into its log.
 */
export function messagesOf({ core, why }: Proof): readonly SeenMessage[] {
  const shown = new Set(core.map(({ operation }) => operation));
  const messages = (why?.messages ?? []).filter(({ operation }) => shown.has(operation));
  const acted = new Set(
    messages
      .filter(({ kind }) => kind === "answer" || kind === "append")
      .map(({ operation, from }) => `${operation} ${from}`),
  );
  return messages.filter(({ kind, operation, to }) => kind !== "request" || acted.has(`${operation} ${to}`));
}
