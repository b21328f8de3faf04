/** What registers, sets, queues and logs hold. */

export type Value = string | number | null;

/** The number 1 and the string "1" are different values. */
export function valueKey(value: Value): string {
  return typeof value === "string" ? `"${value}` : String(value);
}

/** Lengths stand before contents, so no value can imitate the end of another. */
export function listKey(values: readonly Value[]): string {
  let key = "";
  for (const value of values) {
    const part = valueKey(value);
    key += `${part.length}:${part}`;
  }
  return key;
}

export function shownValue(value: Value): string {
  return JSON.stringify(value);
}

export function shownValues(values: readonly Value[]): string {
  return `[${values.map(shownValue).join(" ")}]`;
}
