/** Readers of JSON that somebody else may have written: each returns what it should be, or says what it is and where. */

import { InputError } from "../../src/base/index.ts";

/** Reads one value. Throws InputError, which begins with `where`. */
export type Reader<T> = (data: unknown, where: string) => T;

export const text: Reader<string> = (data, where) => {
  if (typeof data === "string") return data;
  throw unexpected(data, where, "a text");
};

export const node: Reader<string> = (data, where) => {
  if (typeof data === "string" && /^[nc][1-9]\d*$/.test(data)) return data;
  throw unexpected(data, where, 'a node\'s name such as "n1" or "c1"');
};

export const truth: Reader<boolean> = (data, where) => {
  if (typeof data === "boolean") return data;
  throw unexpected(data, where, "true or false");
};

/** A whole number from `least`. */
export function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): Reader<number> {
  return (data, where) => {
    if (Number.isSafeInteger(data) && (data as number) >= least && (data as number) <= most)
      return data as number;
    const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
    throw unexpected(data, where, `a whole number ${range}`);
  };
}

export function oneOf<Name extends string>(names: readonly Name[]): Reader<Name> {
  return (data, where) => {
    const known = names.find((name) => name === data);
    if (known !== undefined) return known;
    throw unexpected(data, where, `one of ${names.join(", ")}`);
  };
}

export function nullable<T>(read: Reader<T>): Reader<T | null> {
  return (data, where) => (data === null ? null : read(data, where));
}

/** A field that files of earlier versions do not have: as it was then. */
export function absent<T>(read: Reader<T>, value: T): Reader<T> {
  return (data, where) => (data === undefined ? value : read(data, where));
}

export function list<T>(read: Reader<T>): Reader<readonly T[]> {
  return (data, where) => {
    if (!Array.isArray(data)) throw unexpected(data, where, "a list");
    return data.map((item, i) => read(item, `${where}[${i}]`));
  };
}

/** An object with these fields and no others: a misspelt one would be silently without effect. */
export function struct<T>(fields: { readonly [Name in keyof T]: Reader<T[Name]> }): Reader<T> {
  return (data, where) => {
    const given = record(data, where);
    const names = Object.keys(fields) as (keyof T & string)[];
    const strange = Object.keys(given).find((name) => !(names as string[]).includes(name));
    if (strange !== undefined) throw new InputError(`${where}: there is no field "${strange}" in it`);
    const read = names.map((name) => [name, fields[name](given[name], `${where}.${name}`)] as const);
    return Object.fromEntries(read.filter(([, value]) => value !== undefined)) as T;
  };
}

/** One of several structs, told by its `kind`. */
export function union<T>(cases: { readonly [kind: string]: Reader<T> }): Reader<T> {
  return (data, where) => {
    const { kind } = record(data, where);
    const read = typeof kind === "string" && Object.hasOwn(cases, kind) ? cases[kind] : undefined;
    if (read !== undefined) return read(data, where);
    throw unexpected(kind, `${where}.kind`, `one of ${Object.keys(cases).join(", ")}`);
  };
}

export function record(data: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof data === "object" && data !== null && !Array.isArray(data))
    return data as Record<string, unknown>;
  throw unexpected(data, where, "an object");
}

function unexpected(data: unknown, where: string, wanted: string): InputError {
  return new InputError(
    `${where}: expected ${wanted}, found ${data === undefined ? "nothing" : JSON.stringify(data)}`,
  );
}
