/** Entries on a disk (Alagappan et al., FAST 2018): what has rotted is told from what a crash has cut. */

import { describe, expect, test } from "vitest";
import { text } from "../../src/codec/index.ts";
import { type Sealed, seal, unseal } from "../../src/raft/index.ts";

const codec = text as Parameters<typeof seal>[2];
const sealed = seal(300, { term: 7, command: "put x 1" }, codec);
const identity = sealed.identity!;

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

const bitsOf = (bytes: Uint8Array) => Array.from({ length: bytes.length * 8 }, (_, bit) => bit);
const read = (change: Partial<Sealed>) => unseal({ ...sealed, ...change }, codec);

describe("an entry that is read", () => {
  test("is what was written", () => {
    expect(read({})).toEqual({ kind: "intact", index: 300, entry: { term: 7, command: "put x 1" } });
  });

  test("has rotted if its identity stands and a bit of its content, any bit, is another one", () => {
    for (const bit of bitsOf(sealed.content)) {
      expect(read({ content: flipped(sealed.content, bit) })).toEqual({
        kind: "rotted",
        index: 300,
        term: 7,
      });
    }
  });

  test("has rotted if nothing of its content is there", () => {
    expect(read({ content: new Uint8Array() })).toEqual({ kind: "rotted", index: 300, term: 7 });
  });

  test("was cut if there is no identity, whole as its content may be", () => {
    expect(read({ identity: null })).toEqual({ kind: "torn" });
    expect(read({ identity: null, content: sealed.content.slice(0, 3) })).toEqual({ kind: "torn" });
  });

  test("was cut if its identity was, wherever, or is not its own", () => {
    for (let length = 0; length < identity.length; length++)
      expect(read({ identity: identity.slice(0, length) })).toEqual({ kind: "torn" });
    for (const bit of bitsOf(identity))
      expect(read({ identity: flipped(identity, bit) })).toEqual({ kind: "torn" });
  });

  test("says where it belongs, wherever it stands", () => {
    expect(unseal(seal(5, { term: 2, command: "y" }, codec), codec)).toMatchObject({ index: 5 });
  });
});
