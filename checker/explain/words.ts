/** Operations, values and times in words. */
import type { Model } from "../model/model.ts";
import type { Call } from "./call.ts";

/** Longer values are cut in the middle: what was appended last is at their end. */
const LONGEST_VALUE = 40;

const UNKNOWN_ANSWER = " -> ?";
const ARROW = " -> ";

/** The operation without its answer: `get x`. */
export function callWords<State, Input, Output>(
  model: Model<State, Input, Output>,
  { input }: Call<Input, Output>,
): string {
  const words = model.describe(input, null);
  return abridged(words.endsWith(UNKNOWN_ANSWER) ? words.slice(0, -UNKNOWN_ANSWER.length) : words);
}

/** The answer alone: `"1"`, `refused`; null if it says nothing. */
export function answerWords<State, Input, Output>(
  model: Model<State, Input, Output>,
  { input }: Call<Input, Output>,
  output: Output | null,
): string | null {
  const words = model.describe(input, output);
  const bare = model.describe(input, null).slice(0, -UNKNOWN_ANSWER.length);
  if (!words.startsWith(bare + ARROW)) return null;
  return abridged(words.slice(bare.length + ARROW.length));
}

/** The whole operation: `get x -> "1"`. */
export function wholeWords<State, Input, Output>(
  model: Model<State, Input, Output>,
  call: Call<Input, Output>,
): string {
  if (call.return === Infinity) return `${callWords(model, call)}${UNKNOWN_ANSWER}`;
  const answer = answerWords(model, call, call.output);
  return answer === null ? callWords(model, call) : `${callWords(model, call)}${ARROW}${answer}`;
}

/** Virtual or real microseconds as people say them: "850 us", "12.4 ms", "3.21 s". */
export function durationWords(microseconds: number): string {
  if (microseconds < 1_000) return `${Math.round(microseconds)} us`;
  if (microseconds < 1_000_000) return `${trimmed(microseconds / 1_000, 1)} ms`;
  return `${trimmed(microseconds / 1_000_000, 2)} s`;
}

/** "one version", "3 versions". */
export function countWords(count: number, noun: string): string {
  return count === 1 ? `one ${noun}` : `${grouped(count)} ${noun}s`;
}

/** 10,000 */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A client's name; Jepsen's are numbers, which nobody would take for names. */
export function clientWords(client: string): string {
  return /^\d+$/.test(client) ? `client ${client}` : printable(client);
}

/** Long words without their middle, and without what would move a terminal's cursor. */
export function abridged(words: string): string {
  if (words.length <= LONGEST_VALUE + 5) return printable(words);
  const half = LONGEST_VALUE >>> 1;
  return printable(`${words.slice(0, half)} ... ${words.slice(-half)}`);
}

/** Names are whatever a client made up: control characters and changes of direction are spelled out. */
export function printable(words: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for.
  return words.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function trimmed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.0+$/, "");
}
