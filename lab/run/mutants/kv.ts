/** Deliberate bugs in the KV server's sessions (section 8; thesis, section 6.3). */

import type { NodeId } from "../../../src/base/index.ts";
import {
  type ClerkReply,
  type ClerkRequest,
  type Command,
  type KvSnapshot,
  Server,
  type Session,
} from "../../../src/kv/index.ts";
import type { Entry } from "./mutant.ts";

type OperationCommand = Command & { readonly kind: "operation" };

/** Applies a retried request again: no session table. */
export class NoSessions extends Server {
  protected override applyOnce({ request, operation }: OperationCommand): ClerkReply {
    return { kind: "result", request, result: this.machine.apply(operation) };
  }
}

/** Looks for duplicates when a request comes, but not when it is applied. */
class DedupAtSubmit extends Server {
  protected override applyOnce(command: OperationCommand): ClerkReply {
    const { session, request, operation } = command;
    if (this.sessions.find(session) === null) return super.applyOnce(command);
    const result = this.machine.apply(operation);
    this.sessions.store(session, request, result);
    return { kind: "result", request, result };
  }
}

/** Takes only the latest request for a duplicate: an older one is applied again. */
class DedupByEquality extends Server {
  protected override isDuplicate(known: Session, request: number): boolean {
    return known.request === request;
  }
}

/** Remembers the last request that came instead of the largest. */
class DedupGoesBack extends Server {
  protected override applyOnce(command: OperationCommand): ClerkReply {
    const known = this.sessions.find(command.session);
    const reply = super.applyOnce(command);
    if (known !== null && known.request > command.request)
      this.sessions.store(command.session, command.request, known.result);
    return reply;
  }
}

/** Takes a request of an ended session for a new one. */
class ExpiredAppliedAnyway extends Server {
  protected override applyOnce(command: OperationCommand): ClerkReply {
    const reply = super.applyOnce(command);
    if (reply.kind !== "expired") return reply;
    return { kind: "result", request: command.request, result: this.machine.apply(command.operation) };
  }
}

/** Takes a request that arrives for a use of its session: who is asked more often ends other sessions. */
class EvictionByLocalOrder extends Server {
  protected override handleClerkRequest(from: NodeId, call: number, message: ClerkRequest): void {
    const session = this.sessions.find(message.session);
    if (session !== null) this.sessions.store(message.session, session.request, session.result);
    super.handleClerkRequest(from, call, message);
  }
}

/** Its snapshots tell which sessions there are, by number: which was used least recently is lost. */
class SnapshotWithoutOrder extends Server {
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

export const kvMutants: readonly Entry[] = [
  {
    name: "noSessions",
    breaks: "section 8: a retried request is applied again",
    source: "paper, section 8; nebula #3109, sofa-jraft #1195",
    oracle: "history",
    part: { Server: NoSessions },
  },
  {
    name: "dedupAtSubmit",
    breaks: "section 8: duplicates in the log are applied",
    source: "Students' Guide to Raft",
    oracle: "history",
    part: { Server: DedupAtSubmit },
  },
  {
    name: "dedupByEquality",
    breaks: "section 8: only the latest request is a duplicate",
    source: "Students' Guide to Raft",
    oracle: "history",
    part: { Server: DedupByEquality },
  },
  {
    name: "dedupGoesBack",
    breaks: "section 8: a late duplicate is remembered as latest",
    source: "a student's Raft: the table stores the last request, not the largest",
    oracle: "history",
    masks: "the duplicate must be in the log after a later request, and that one come once more",
    part: { Server: DedupGoesBack },
  },
  {
    name: "expiredAppliedAnyway",
    breaks: "thesis 6.3: requests of ended sessions are applied",
    source: "thesis, section 6.3",
    oracle: "history",
    part: { Server: ExpiredAppliedAnyway },
  },
  {
    name: "evictionByLocalOrder",
    breaks: "thesis 6.3: servers differ in which session ends",
    source: "thesis, section 6.3",
    oracle: "state agreement",
    also: ["session agreement"],
    part: { Server: EvictionByLocalOrder },
  },
  {
    name: "snapshotWithoutOrder",
    breaks: "thesis 6.3: snapshots forget who ends next",
    source: "thesis, section 6.3",
    oracle: "session agreement",
    also: ["state agreement"],
    part: { Server: SnapshotWithoutOrder },
  },
  {
    name: "noSessionsInSnapshot",
    breaks: "thesis 6.3: snapshots have no sessions in them",
    source: "thesis, section 6.3",
    oracle: "state agreement",
    also: ["history"],
    part: { Server: SnapshotWithoutSessions },
  },
];
