/** Deliberate bugs in the KV server. */

import type { NodeId } from "../../../src/base/index.ts";
import {
  type ClerkReply,
  type ClerkRequest,
  type Command,
  type KvSnapshot,
  Server,
} from "../../../src/kv/index.ts";

type OperationCommand = Command & { readonly kind: "operation" };

/** Applies a retried request again: no session table. */
export class NoSessions extends Server {
  protected override applyOnce({ request, operation }: OperationCommand): ClerkReply {
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
  protected override applyOnce(command: OperationCommand): ClerkReply {
    const { session, request, operation } = command;
    if (this.sessions.find(session) === null) return super.applyOnce(command);
    const result = this.machine.apply(operation);
    this.sessions.store(session, request, result);
    return { kind: "result", request, result };
  }
}

/** Takes a request of an ended session for a new one. */
export class ExpiredAppliedAnyway extends Server {
  protected override applyOnce(command: OperationCommand): ClerkReply {
    const reply = super.applyOnce(command);
    if (reply.kind !== "expired") return reply;
    return { kind: "result", request: command.request, result: this.machine.apply(command.operation) };
  }
}

/** Takes a request that arrives for a use of its session: who is asked more often ends other sessions. */
export class EvictionByLocalOrder extends Server {
  protected override handleClerkRequest(from: NodeId, call: number, message: ClerkRequest): void {
    const session = this.sessions.find(message.session);
    if (session !== null) this.sessions.store(message.session, session.request, session.result);
    super.handleClerkRequest(from, call, message);
  }
}

/** Its snapshots tell which sessions there are, by number: which was used least recently is lost. */
export class SnapshotWithoutOrder extends Server {
  protected override save(): KvSnapshot {
    const { values, sessions } = super.save();
    return { values, sessions: [...sessions].sort((a, b) => a.session - b.session) };
  }
}

/** Its snapshots have the keys and not the sessions: who restarts from one knows nobody. */
export class SnapshotWithoutSessions extends Server {
  protected override save(): KvSnapshot {
    return { ...super.save(), sessions: [] };
  }
}
