/** What the KV server puts into Raft's log. */

import { type Codec, flag, nullable, struct, text, uint, union } from "../codec/index.ts";
import { type Configuration, configurationCodec } from "../raft/index.ts";
import type { Operation, Result } from "./operation.ts";

export type Command =
  /** The first entry of a leader's term: it commits what earlier terms left (section 8 of the paper). */
  | { readonly kind: "noop" }
  /** Opens a session, which is called by the index of this entry. The clerk's name tells who waits for it. */
  | { readonly kind: "open"; readonly clerk: string }
  /** Raft's own: who votes from here on. */
  | Configuration
  | {
      readonly kind: "operation";
      readonly session: number;
      /** The session's operations, numbered upwards from 1. */
      readonly request: number;
      readonly operation: Operation;
    };

export const operationCodec: Codec<Operation> = union({
  get: struct({ key: text }),
  put: struct({ key: text, value: text }),
  append: struct({ key: text, value: text }),
  delete: struct({ key: text }),
  cas: struct({ key: text, expected: nullable(text), value: text }),
});

export const resultCodec: Codec<Result> = union({
  value: struct({ value: nullable(text) }),
  done: struct({}),
  swapped: struct({ swapped: flag }),
});

export const commandCodec: Codec<Command> = union({
  noop: struct({}),
  operation: struct({ session: uint, request: uint, operation: operationCodec }),
  open: struct({ clerk: text }),
  configuration: configurationCodec,
});
