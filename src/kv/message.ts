/** What clerks and servers say to one another, and everything that a server's network carries. */

import type { NodeId } from "../base/index.ts";
import { type Codec, nullable, struct, text, uint, union } from "../codec/index.ts";
import { type RaftMessage, raftCodecs } from "../raft/index.ts";
import { commandCodec, operationCodec, resultCodec } from "./command.ts";
import type { Operation, Result } from "./operation.ts";

/** The clerk needs a session. Asked twice, it may get two, of which it uses one. */
export interface OpenSession {
  readonly kind: "openSession";
  /** Whose it will be, and nobody else's: not another clerk's, nor that of this one's earlier sessions. */
  readonly clerk: string;
}

export interface ClerkRequest {
  readonly kind: "clerkRequest";
  readonly session: number;
  readonly request: number;
  readonly operation: Operation;
}

/** Ask another server; the operation may take effect all the same if this one had led before. */
export interface NotLeader {
  readonly kind: "notLeader";
  readonly hint: NodeId | null;
}

export type ClerkReply =
  | { readonly kind: "sessionOpened"; readonly session: number }
  /** The operation took effect, once. */
  | { readonly kind: "result"; readonly request: number; readonly result: Result }
  | NotLeader
  /** The client has sent a later request since: nobody waits for this answer. */
  | { readonly kind: "superseded" }
  /** The session has ended. If the request took effect, then before that; it never will from now on. */
  | { readonly kind: "expired" };

export type KvMessage = RaftMessage | OpenSession | ClerkRequest | ClerkReply;

export const kvMessageCodec = union({
  ...raftCodecs(commandCodec as Codec<unknown>),
  clerkRequest: struct({ session: uint, request: uint, operation: operationCodec }),
  result: struct({ request: uint, result: resultCodec }),
  notLeader: struct({ hint: nullable(text) }),
  superseded: struct({}),
  openSession: struct({ clerk: text }),
  sessionOpened: struct({ session: uint }),
  expired: struct({}),
}) as Codec<KvMessage>;
