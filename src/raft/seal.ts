/**
 * How an entry of the log stands on a disk (Alagappan et al., *Protocol-Aware Recovery for Consensus-Based Storage*,
 * FAST 2018). Its identity, which is index and term under a checksum of their own, is written after its content and
 * apart from it. Where the identity is whole and the content is not, the entry was there and has rotted: others may
 * count on it, so it must be repaired. Where there is no identity, the write was cut by a crash: nobody was told of it.
 */

import { bytes, type Codec, checksum, DecodeError, decode, encode, struct, uint } from "../codec/index.ts";
import type { Command, Entry } from "./log.ts";

export interface Sealed {
  readonly content: Uint8Array;
  /** Null: the write was cut before it came to that. */
  readonly identity: Uint8Array | null;
}

/** What a reader makes of it. */
export type Found =
  | { readonly kind: "intact"; readonly index: number; readonly entry: Entry }
  | { readonly kind: "rotted"; readonly index: number; readonly term: number }
  | { readonly kind: "torn" };

const identityCodec = struct({ index: uint, term: uint, content: uint });
const guarded = struct({ identity: bytes, sum: uint });

export function seal(index: number, { term, command }: Entry, codec: Codec<Command>): Sealed {
  const content = encode(codec, command);
  const identity = encode(identityCodec, { index, term, content: checksum(content) });
  return { content, identity: encode(guarded, { identity, sum: checksum(identity) }) };
}

export function unseal({ content, identity }: Sealed, codec: Codec<Command>): Found {
  const known = identity === null ? null : readIdentity(identity);
  if (known === null) return { kind: "torn" };
  const { index, term } = known;
  if (checksum(content) !== known.content) return { kind: "rotted", index, term };
  return { kind: "intact", index, entry: Object.freeze({ term, command: decode(codec, content) }) };
}

function readIdentity(sealed: Uint8Array) {
  try {
    const { identity, sum } = decode(guarded, sealed);
    return checksum(identity) === sum ? decode(identityCodec, identity) : null;
  } catch (error) {
    // Not even its shape is whole.
    if (error instanceof DecodeError) return null;
    throw error;
  }
}
