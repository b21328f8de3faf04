/** Deliberate bugs in the KV server. */

import type { NodeId } from "../../../src/base/index.ts";
import { type ClerkReply, type ClerkRequest, type Command, Server } from "../../../src/kv/index.ts";

/** Applies a retried request again: no session table. */
export class NoSessions extends Server {
  protected override applyOnce({ request, operation }: Command & { kind: "operation" }): ClerkReply {
    return { kind: "result", request, result: this.machine.apply(operation) };
  }
}

/** Any server answers reads from its own state, without asking whether it still leads or ever did. */
export class AnyReplicaReads extends Server {
  protected override handleClerkRequest(from: NodeId, call: number, message: ClerkRequest): void {
    const { request, operation } = message;
    if (operation.kind !== "get") super.handleClerkRequest(from, call, message);
    else this.reply(from, call, { kind: "result", request, result: this.machine.apply(operation) });
  }
}

/** Looks for duplicates when a request comes, but not when it is applied. */
export class DedupAtSubmit extends Server {
  protected override applyOnce({ client, request, operation }: Command & { kind: "operation" }): ClerkReply {
    const result = this.machine.apply(operation);
    this.sessions.store(client, request, result);
    return { kind: "result", request, result };
  }
}
