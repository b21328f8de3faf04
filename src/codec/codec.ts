/** A codec is a description of a type's bytes, built from small ones. It says once how to write and how to read. */

import { assert } from "../base/index.ts";
import { Encoder, Meter, type Sink } from "./sink.ts";
import { DecodeError, Source } from "./source.ts";

export interface Codec<T> {
  write(sink: Sink, value: T): void;
  /** Throws DecodeError. */
  read(source: Source): T;
}

/** The type that a codec describes. */
export type Coded<C> = C extends Codec<infer T> ? T : never;

export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const encoder = new Encoder();
  codec.write(encoder, value);
  return encoder.encoded();
}

/** Throws DecodeError for anything but the bytes of exactly one value. */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array): T {
  const source = new Source(bytes);
  const value = codec.read(source);
  source.end();
  return value;
}

/** The length of `encode(codec, value)`, without making it. */
export function encodedSize<T>(codec: Codec<T>, value: T): number {
  const meter = new Meter();
  codec.write(meter, value);
  return meter.size;
}

export const uint: Codec<number> = {
  write: (sink, value) => sink.uint(value),
  read: (source) => source.uint(),
};

export const text: Codec<string> = {
  write: (sink, value) => sink.text(value),
  read: (source) => source.text(),
};

export const bytes: Codec<Uint8Array> = {
  write: (sink, value) => sink.bytes(value),
  read: (source) => source.bytes(),
};

export const flag: Codec<boolean> = {
  write: (sink, value) => sink.uint(value ? 1 : 0),
  read: (source) => source.uint() === 1,
};

export function nullable<T>(codec: Codec<T>): Codec<T | null> {
  return {
    write(sink, value) {
      sink.uint(value === null ? 0 : 1);
      if (value !== null) codec.write(sink, value);
    },
    read: (source) => (source.uint() === 0 ? null : codec.read(source)),
  };
}

/**
 * For a field that a message got later, as its last one and the message the last of all that is written: null takes no
 * bytes, so a message without it is what it always was.
 */
export function trailing<T>(codec: Codec<T>): Codec<T | null> {
  return {
    write(sink, value) {
      if (value !== null) codec.write(sink, value);
    },
    read: (source) => (source.atEnd ? null : codec.read(source)),
  };
}

export function list<T>(codec: Codec<T>): Codec<readonly T[]> {
  return {
    write(sink, values) {
      sink.uint(values.length);
      for (const value of values) codec.write(sink, value);
    },
    read(source) {
      const values: T[] = [];
      for (let left = source.uint(); left > 0; left--) values.push(codec.read(source));
      return Object.freeze(values);
    },
  };
}

type Struct<F> = { readonly [K in keyof F]: Coded<F[K]> };

/** An object with these fields, written in this order. */
export function struct<F extends { readonly [name: string]: Codec<never> | Codec<unknown> }>(
  fields: F,
): Codec<Struct<F>> {
  const names = Object.keys(fields);
  const codecs = Object.values(fields) as Codec<unknown>[];
  return {
    write(sink, value) {
      const record = value as Readonly<Record<string, unknown>>;
      for (let i = 0; i < names.length; i++) codecs[i]!.write(sink, record[names[i]!]);
    },
    read(source) {
      const record: Record<string, unknown> = {};
      for (let i = 0; i < names.length; i++) record[names[i]!] = codecs[i]!.read(source);
      return Object.freeze(record) as Struct<F>;
    },
  };
}

type Tagged<V> = { readonly [K in keyof V]: { readonly kind: K } & Coded<V[K]> }[keyof V];

/** A union on `kind`: the variant's place in the table, then its fields. Adding at the end keeps old bytes valid. */
export function union<V extends { readonly [kind: string]: Codec<never> | Codec<unknown> }>(
  variants: V,
): Codec<Tagged<V>> {
  const kinds = Object.keys(variants);
  const codecs = Object.values(variants) as Codec<unknown>[];
  const places = new Map(kinds.map((kind, place) => [kind, place]));
  return {
    write(sink, value) {
      const place = places.get(value.kind as string);
      assert(place !== undefined, () => `the codec knows ${kinds.join(", ")}, not ${String(value.kind)}`);
      sink.uint(place);
      codecs[place]!.write(sink, value);
    },
    read(source) {
      const place = source.uint();
      const codec = codecs[place];
      if (codec === undefined)
        throw new DecodeError(`variant ${place} of ${kinds.length} (${kinds.join(", ")})`);
      return Object.freeze({ kind: kinds[place], ...(codec.read(source) as object) }) as Tagged<V>;
    },
  };
}
