/** How reports of runs are laid out: fields under one another, in lines of at most 80 columns. */

import { styled } from "./style.ts";

export const COLUMNS = 80;
/** Where a field's value begins. */
const FIELD = 11;
/** The fields whose values are lists. */
const LISTS: ReadonlySet<string> = new Set(["Faults", "Marks", "Undecided"]);

/** Lists go on under their beginning; anything else, a path or a command, is never broken. */
export function field(name: string, value: string): string {
  const lines = LISTS.has(name) ? wrapped(value.split(", "), ", ", COLUMNS - FIELD) : [value];
  return `${styled("dim", `${name}:`.padEnd(FIELD))}${lines.join(`\n${" ".repeat(FIELD)}`)}`;
}

export function wrapped(parts: readonly string[], separator: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const [i, part] of parts.entries()) {
    const word = i + 1 < parts.length ? part + separator : part;
    if (i === 0 || lines.at(-1)!.length + word.trimEnd().length > width) lines.push(word);
    else lines[lines.length - 1] += word;
  }
  return lines.map((line) => line.trimEnd());
}
