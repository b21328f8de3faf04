/** What clerks and servers say to one another, and everything that a server's network carries. */

import type { NodeId } from "../base/index.ts";
import { type Codec, nullable, struct, text, uint, union } from "../codec/index.ts";
import { type RaftMessage, raftCodecs } from "../raft/index.ts";
import { commandCodec, operationCodec, resultCodec } from "./command.ts";
import type { Operation, Result } from "./operation.ts";

export interface ClerkRequest {
  readonly kind: "clerkRequest";
  readonly client: string;
  readonly request: number;
  readonly operation: Operation;
}

export type ClerkReply =
  /** The operation took effect, once. */
  | { readonly kind: "result"; readonly request: number; readonly result: Result }
  /** Ask another server; the operation may take effect all the same if this one had led before. */
  | { readonly kind: "notLeader"; readonly hint: NodeId | null }
  /** The client has sent a later request since: nobody waits for this answer. */
  | { readonly kind: "superseded" };

export type KvMessage = RaftMessage | ClerkRequest | ClerkReply;

export const kvMessageCodec = union({
  ...raftCodecs(commandCodec as Codec<unknown>),
  clerkRequest: struct({ client: text, request: uint, operation: operationCodec }),
  result: struct({ request: uint, result: resultCodec }),
  notLeader: struct({ hint: nullable(text) }),
  superseded: struct({}),
}) as Codec<KvMessage>;
