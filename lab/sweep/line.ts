/** One line of a results file, as JSON, and where it stands. */

import { InputError } from "../../src/base/index.ts";

export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export function placeText({ file, line }: Place): string {
  return `${file}:${line}`;
}

/** The object in this line. Throws InputError with file and line, and with what to do. */
export function parseObject(text: string, place: Place, advice: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new InputError(`${placeText(place)}: expected a JSON object: ${advice}`);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A whole number from 0. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
