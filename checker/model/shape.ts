/** What a model's operations look like as data, for histories that come from files: wrong data must not be judged. */

const VALUE = "text, number or null";

/** What a field may hold, by the words that a message uses for it. */
const HOLDS = {
  text: (value: unknown) => typeof value === "string",
  "text or null": (value: unknown) => typeof value === "string" || value === null,
  "text or absent": (value: unknown) => typeof value === "string" || value === undefined,
  "true or false": (value: unknown) => typeof value === "boolean",
  "a whole number": (value: unknown) => Number.isSafeInteger(value),
  "a whole number from 0": (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0,
  [VALUE]: isValue,
  "a list of texts, numbers or nulls": (value: unknown) => Array.isArray(value) && value.every(isValue),
} as const;

export type Holds = keyof typeof HOLDS;

type Fields = Readonly<Record<string, Holds>>;

/** Of each kind of input: its fields, and the fields of each kind of answer that it may get. */
export type Shape = Readonly<
  Record<string, { readonly input: Fields; readonly answers: Readonly<Record<string, Fields>> }>
>;

/** Why this is no operation of that shape, in words; null if it is one. An output of null is an unknown answer. */
export function misfit(shape: Shape, input: unknown, output: unknown): string | null {
  const kind = kindOf(input);
  const known = kind !== null && Object.hasOwn(shape, kind) ? shape[kind]! : null;
  if (known === null) return `an input of kind ${Object.keys(shape).join(", ")}, not ${shown(input)}`;
  const wrong = wrongField(known.input, input as Record<string, unknown>);
  if (wrong !== null) return `${kind} with ${wrong}, not ${shown(input)}`;
  if (output === null) return null;
  const answer = kindOf(output);
  if (answer === null || !Object.hasOwn(known.answers, answer)) {
    return `${kind} to be answered by ${Object.keys(known.answers).join(" or ")}, not ${shown(output)}`;
  }
  const field = wrongField(known.answers[answer]!, output as Record<string, unknown>);
  return field === null ? null : `${answer} with ${field}, not ${shown(output)}`;
}

export function fits(holds: Holds, value: unknown): boolean {
  return HOLDS[holds](value);
}

/** Data as a message quotes it. */
export function shown(data: unknown): string {
  const text = JSON.stringify(data) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function kindOf(data: unknown): string | null {
  if (typeof data !== "object" || data === null || !("kind" in data)) return null;
  return typeof data.kind === "string" ? data.kind : null;
}

function wrongField(fields: Fields, data: Readonly<Record<string, unknown>>): string | null {
  const wrong = Object.entries(fields).find(([name, holds]) => !fits(holds, data[name]));
  return wrong === undefined ? null : `"${wrong[0]}": ${wrong[1]}`;
}

function isValue(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || value === null;
}
