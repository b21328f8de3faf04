/** What the Why view says, in words: the picture, the list beside it and a screen reader share them. */

import type { SeenMessage, SeenServer } from "../../lab/run/why.ts";
import { counted, milliseconds, squeeze } from "../text.ts";
import { type Numbered, numberOf, type Proof, relationsOf } from "./proof.ts";

const LONGEST_WORDS = 90;

/** The operation and its answer. */
export function operationWords({ words }: { readonly words: string }): string {
  return squeeze(words, LONGEST_WORDS);
}

/** What an operation has to do with the others: `saw the value of 1; 2 had finished 4.4 ms before it began`. */
export function noteOf(proof: Proof, operation: Numbered): string {
  const notes = relationsOf(proof).flatMap(({ kind, a, b }) => {
    if (kind === "saw" && a === operation) return [`saw the value of ${b.number}`];
    if (kind === "finished-before" && b === operation)
      return [`${a.number} had finished ${gapWords(b.call - (a.return ?? b.call))} before it began`];
    return [];
  });
  if (operation.return === null) notes.unshift("nobody learned its outcome");
  else if (operation.needed?.endsWith("-> ?")) notes.push("when it ended does not matter");
  else if (operation.needed !== null)
    notes.push(
      `${operation.isImpossible ? "impossible already" : "counts only"} as ${squeeze(operation.needed, 40)}`,
    );
  return notes.join("; ");
}

/** A stretch of time as people say it. */
export function gapWords(microseconds: number): string {
  if (microseconds < 1000) return `${Math.round(microseconds)} µs`;
  if (microseconds < 1_000_000) return `${trimmed(microseconds / 1000)} ms`;
  return `${trimmed(microseconds / 1_000_000)} s`;
}

/** "Three of 78 operations on k5 cannot all be true". */
export function proofWords({ explanation }: Proof): string {
  const { core, operations, object, isSmallest } = explanation;
  const count = core.length;
  const verb = count === 1 ? "cannot be true" : "cannot all be true";
  const more = isSmallest ? "" : ", and fewer might do: the budget ended";
  return `${count} of ${counted(operations, "operation")} on ${squeeze(object, 40)} ${verb}${more}`;
}

/** "1 put, 2 get": an order by numbers, each with its kind. */
export function orderWords(proof: Proof, order: readonly number[]): string {
  return order.map((operation) => numberOf(proof, operation) ?? "…").join(", then ");
}

/** A value as the tables show it. */
export function valueWords(value: string | null, length = 36): string {
  return value === null ? "absent" : squeeze(JSON.stringify(value), length);
}

export function statusWords({ status, term }: SeenServer): string {
  return `${status}, term ${term}`;
}

export function messageWords({ kind, from, to, received }: SeenMessage): string {
  const fate = received === null ? ", which never arrived" : "";
  switch (kind) {
    case "request":
      return `${from} asks ${to}${fate}`;
    case "answer":
      return `${from} answers ${to}${fate}`;
    case "append":
      return `${from} sends ${to} its entry${fate}`;
    case "acknowledge":
      return `${from} acknowledges its entry to ${to}${fate}`;
  }
}

/** "at 704.996 ms". */
export function atWords(at: number): string {
  return `at ${milliseconds(at)}`;
}

function trimmed(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1).replace(/\.?0+$/, "");
}
