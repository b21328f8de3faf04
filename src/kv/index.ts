/** The replicated key-value store: state machine, sessions, server and clerk. */
export { Clerk, type ClerkEffect, type ClerkInput, type ClerkOptions, defaultClerkTiming } from "./clerk.ts";
export { type Command, commandCodec } from "./command.ts";
export { Machine } from "./machine.ts";
export {
  type ClerkReply,
  type ClerkRequest,
  type KvMessage,
  kvMessageCodec,
  type NotLeader,
  type OpenSession,
} from "./message.ts";
export type { Operation, Result } from "./operation.ts";
export { Server, type ServerEffect, type ServerInput, type ServerOptions } from "./server.ts";
export { type Ending, type Session, Sessions } from "./session.ts";
export type { KvSnapshot } from "./snapshot.ts";
