import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { checksum } from "../../src/codec/index.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

test.each([
  ["", 0],
  ["123456789", 0xcbf43926],
  ["The quick brown fox jumps over the lazy dog", 0x414fa339],
])("the checksum of %j is that of CRC-32", (text, sum) => {
  expect(checksum(bytesOf(text))).toBe(sum);
});

test("is the host's, and no other for any one bit that flips", () => {
  const law = (bytes: Uint8Array, at: number) => {
    const sum = checksum(bytes);
    // Older hosts have none.
    if (typeof crc32 === "function") expect(sum).toBe(crc32(bytes));
    const flipped = bytes.slice();
    flipped[at % bytes.length]! ^= 1 << (at & 7);
    expect(checksum(flipped)).not.toBe(sum);
  };
  fc.assert(fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), law), { seed: 1 });
});
