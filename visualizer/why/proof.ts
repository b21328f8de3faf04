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
  /** The one that says most of what went wrong; null if no server was seen to give one. */
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

/**
 * The answer that the client took: a retry may have been answered by several servers. Of the impossible operation, or
 * of the read that is to blame for it.
 */
function answerTo(impossible: Numbered, { reason, answers, messages }: Why): ServerAnswer | null {
  const taken = answers.filter((answer) => answer.isTaken ?? hasArrived(answer, messages));
  const blamed = reason !== null && reason.earlier === undefined ? reason : null;
  return (
    taken.find(
      ({ operation, server, at }) =>
        operation === blamed?.operation && server === blamed.node && at === blamed.at,
    ) ??
    taken.find(({ operation }) => operation === impossible.operation) ??
    null
  );
}

/** For reports of earlier versions, which do not say what was taken. */
function hasArrived({ operation, server, at }: ServerAnswer, messages: readonly SeenMessage[]): boolean {
  return messages.some(
    (each) =>
      each.kind === "answer" &&
      each.operation === operation &&
      each.from === server &&
      each.sent === at &&
      each.received !== null,
  );
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
 * questions only those count that became an entry of a log, or that somebody answered.
 */
export function messagesOf({ core, why }: Proof): readonly SeenMessage[] {
  const shown = new Set(core.map(({ operation }) => operation));
  const messages = (why?.messages ?? []).filter(({ operation }) => shown.has(operation));
  const answered = new Set(
    messages.map((each) => (each.kind === "answer" ? questionOf(each, messages) : null)),
  );
  return messages.filter((each) => each.kind !== "request" || each.entry !== undefined || answered.has(each));
}

/** What came to the server last, before it answered. */
function questionOf(answer: SeenMessage, messages: readonly SeenMessage[]): SeenMessage | null {
  const asked = messages.filter(
    ({ kind, operation, to, received }) =>
      kind === "request" &&
      operation === answer.operation &&
      to === answer.from &&
      received !== null &&
      received <= answer.sent,
  );
  return asked.at(-1) ?? null;
}
