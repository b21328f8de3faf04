/** What the Why view says, in words: the picture, the list beside it and a screen reader share them. */

import type { SeenMessage, SeenServer } from "../../lab/run/why.ts";
import { grouped, milliseconds, squeeze } from "../text.ts";
import { type Numbered, numberOf, type Proof, relationsOf } from "./proof.ts";

const LONGEST_WORDS = 90;

/** The operation and its answer. */
export function operationWords({ words }: { readonly words: string }): string {
  return squeeze(words, LONGEST_WORDS);
}

/** What an operation has to do with the others: `contains ①'s "a;"; ② had finished 4.4 ms before it began`. */
export function noteOf(proof: Proof, operation: Numbered): string {
  const notes = relationsOf(proof).flatMap(({ kind, a, b }) => {
    if (kind === "saw" && a === operation) return [sawWords(b)];
    if (kind === "finished-before" && b === operation)
      return [`${circled(a.number)} had finished ${gapWords(b.call - (a.return ?? b.call))} before it began`];
    return [];
  });
  if (operation.return === null) notes.unshift("nobody learned its outcome");
  const needed = neededWords(operation);
  return [...notes, ...needed].join("; ");
}

/** An append's value is a part of what is read later. */
function sawWords({ words, number }: Numbered): string {
  const [, value] = /^append .*?("(?:[^"\\]|\\.)*")(?: -> .*)?$/s.exec(words) ?? [];
  return value === undefined
    ? `saw the value of ${circled(number)}`
    : `contains ${circled(number)}'s ${squeeze(value, 24)}`;
}

/** Nothing where the whole answer takes part in the contradiction, or where there is none to take part. */
function neededWords({ needed, isImpossible }: Numbered): readonly string[] {
  const [, answer] = needed?.split(/ -> (?=[^>]*$)/s) ?? [];
  if (answer === undefined || answer === "?") return [];
  const value = squeeze(answer, 40);
  return [isImpossible ? `even ${value} would be impossible` : `of its answer only ${value} counts`];
}

/** The number as it stands in the picture, in its circle. */
export function circled(number: number): string {
  return number <= 20 ? String.fromCharCode(0x245f + number) : `(${number})`;
}

/** A stretch of time; as instants are in milliseconds, so is this. */
export function gapWords(microseconds: number): string {
  const length = microseconds / 1000;
  if (length >= 1000) return `${grouped(Math.round(length))} ms`;
  return `${Number(length.toFixed(length < 1 ? 3 : 1))} ms`;
}

/** "These 3 operations on k5 contradict each other". */
export function proofWords({ explanation }: Proof): string {
  const { core, object, isSmallest } = explanation;
  const on = `on ${squeeze(object, 40)}`;
  const more = isSmallest ? "" : "; fewer might do, but the budget ended";
  return core.length === 1
    ? `This operation ${on} contradicts itself${more}`
    : `These ${core.length} operations ${on} contradict each other${more}`;
}

/** "①, then ②": an order by numbers. */
export function orderWords(proof: Proof, order: readonly number[]): string {
  return order.map((operation) => numberWords(proof, operation)).join(", then ");
}

/** Its number; three dots for one that is not shown. */
export function numberWords(proof: Proof, operation: number): string {
  const number = numberOf(proof, operation);
  return number === null ? "…" : circled(number);
}

/** A value as the tables show it. */
export function valueWords(value: string | null, length = 36): string {
  return value === null ? "absent" : squeeze(JSON.stringify(value), length);
}

export function statusWords({ status, term }: SeenServer): string {
  return `${status}, term ${term}`;
}

export function messageWords({ kind, from, to, received, entry }: SeenMessage): string {
  const fate = received === null ? ", which never arrived" : "";
  switch (kind) {
    case "request":
      return `${from} asks ${to}${fate}${entry === undefined ? "" : `, which makes it entry ${entry}`}`;
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
