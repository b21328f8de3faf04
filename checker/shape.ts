/** What a model's operations look like as data, for histories that come from files: wrong data must not be judged. */

/** What a field may hold. */
type Holds = "text" | "text or null" | "true or false" | "text, number or null";

type Fields = Readonly<Record<string, Holds>>;

/** Of each kind of input: its fields, and the kind of its answer with that answer's fields. */
export type Shape = Readonly<
  Record<string, { readonly input: Fields; readonly answer: string; readonly output: Fields }>
>;

/** Why this is no operation of that shape, in words; null if it is one. An output of null is an unknown answer. */
export function misfit(shape: Shape, input: unknown, output: unknown): string | null {
  const kind = kindOf(input);
  const known = kind !== null && Object.hasOwn(shape, kind) ? shape[kind]! : null;
  if (known === null) return `an input of kind ${Object.keys(shape).join(", ")}, not ${shown(input)}`;
  const wrong = wrongField(known.input, input as Record<string, unknown>);
  if (wrong !== null) return `${kind} with ${wrong}, not ${shown(input)}`;
  if (output === null) return null;
  if (kindOf(output) !== known.answer)
    return `${kind} to be answered by ${known.answer}, not ${shown(output)}`;
  const field = wrongField(known.output, output as Record<string, unknown>);
  return field === null ? null : `${known.answer} with ${field}, not ${shown(output)}`;
}

function kindOf(data: unknown): string | null {
  if (typeof data !== "object" || data === null || !("kind" in data)) return null;
  return typeof data.kind === "string" ? data.kind : null;
}

function wrongField(fields: Fields, data: Readonly<Record<string, unknown>>): string | null {
  const wrong = Object.entries(fields).find(([name, holds]) => !fits(holds, data[name]));
  return wrong === undefined ? null : `"${wrong[0]}": ${wrong[1]}`;
}

function fits(holds: Holds, value: unknown): boolean {
  switch (holds) {
    case "text":
      return typeof value === "string";
    case "text or null":
      return typeof value === "string" || value === null;
    case "true or false":
      return typeof value === "boolean";
    case "text, number or null":
      return typeof value === "string" || typeof value === "number" || value === null;
  }
}

function shown(data: unknown): string {
  const text = JSON.stringify(data) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
