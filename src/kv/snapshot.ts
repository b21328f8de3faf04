/** The KV server's state in bytes: the keys, and the sessions, without which a retry would be applied a second time. */

import { type Codec, decode, encode, list, struct, text, uint } from "../codec/index.ts";
import { resultCodec } from "./command.ts";
import type { Result } from "./operation.ts";

export interface KvSnapshot {
  readonly values: readonly { readonly key: string; readonly value: string }[];
  readonly sessions: readonly {
    readonly client: string;
    readonly request: number;
    readonly result: Result;
  }[];
}

const snapshotCodec: Codec<KvSnapshot> = struct({
  values: list(struct({ key: text, value: text })),
  sessions: list(struct({ client: text, request: uint, result: resultCodec })),
});

export function encodeSnapshot(snapshot: KvSnapshot): Uint8Array {
  return encode(snapshotCodec, snapshot);
}

/** Throws DecodeError. */
export function decodeSnapshot(data: Uint8Array): KvSnapshot {
  return decode(snapshotCodec, data);
}
