/**
 * Messages and disk records are plain JSON data, and are copied on their way: what a server changes after it has sent
 * it, or what two servers would share, cannot work in the lab and fail in the world.
 */

import { assert, type Digest } from "../../src/base/index.ts";
import type { Wire } from "../sim/index.ts";

/** Weighs a message by the characters of its JSON. Throws AssertionError for what JSON cannot carry. */
export function plainWire<Payload>(): Wire<Payload> {
  return {
    weigh(payload: Payload, digest: Digest) {
      const text = textOf(payload, "a message");
      digest.text(text);
      return text.length;
    },
    carry: copyOf,
  };
}

/** JSON, of plain data only: what would arrive as something else is refused. */
export function textOf(data: unknown, what: string): string {
  assertPlain(data, what);
  return JSON.stringify(data);
}

export function copyOf<T>(data: T): T {
  return JSON.parse(JSON.stringify(data)) as T;
}

function assertPlain(data: unknown, where: string): void {
  switch (typeof data) {
    case "string":
    case "boolean":
      return;
    case "number":
      assert(Number.isFinite(data) && !Object.is(data, -0), () => `${where} is ${data}, which JSON has not`);
      return;
    case "object":
      if (data === null) return;
      if (Array.isArray(data)) {
        for (const [i, item] of data.entries()) assertPlain(item, `${where}[${i}]`);
        return;
      }
      assert(isPlain(data), () => `${where} is a ${data.constructor?.name}, not plain data`);
      for (const [name, value] of Object.entries(data)) assertPlain(value, `${where}.${name}`);
      return;
    default:
      assert(false, () => `${where} is ${typeof data}, not plain data`);
  }
}

function isPlain(data: object): boolean {
  const prototype = Object.getPrototypeOf(data);
  return (prototype === Object.prototype || prototype === null) && !("toJSON" in data);
}
