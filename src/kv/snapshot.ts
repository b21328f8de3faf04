/** The KV server's state in bytes: the keys, and the sessions, without which a retry could not be told from a request. */

import { type Codec, decode, encode, list, struct, text, uint } from "../codec/index.ts";
import { resultCodec } from "./command.ts";
import type { Result } from "./operation.ts";

export interface KvSnapshot {
  readonly values: readonly { readonly key: string; readonly value: string }[];
  /** The least recently used first: their order decides which ends next. */
  readonly sessions: readonly {
    readonly session: number;
    readonly request: number;
    readonly result: Result;
  }[];
}

const snapshotCodec: Codec<KvSnapshot> = struct({
  values: list(struct({ key: text, value: text })),
  sessions: list(struct({ session: uint, request: uint, result: resultCodec })),
});

export function encodeSnapshot(snapshot: KvSnapshot): Uint8Array {
  return encode(snapshotCodec, snapshot);
}

/** Throws DecodeError. */
export function decodeSnapshot(data: Uint8Array): KvSnapshot {
  return decode(snapshotCodec, data);
}
