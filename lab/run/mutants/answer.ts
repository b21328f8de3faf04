/** Deliberate bugs in when a server answers, and whom. */

import type { NodeId } from "../../../src/base/index.ts";
import { type ClerkRequest, type Command, Server } from "../../../src/kv/index.ts";
import type { Entry } from "./mutant.ts";

/** Leaves its clients waiting when it leaves office, and takes their retries for what it has proposed already. */
class WaitersKept extends Server {
  protected override sendElsewhere(): void {}
}

/** Answers who writes when the entry is in its own log, and no sooner committed than later. */
class ReplyBeforeCommit extends Server {
  protected override handleClerkRequest(from: NodeId, call: number, message: ClerkRequest): void {
    const { request, operation } = message;
    const leads = this.raft.acceptsProposals;
    super.handleClerkRequest(from, call, message);
    if (!leads || operation.kind === "get" || operation.kind === "cas") return;
    this.reply(from, call, { kind: "result", request, result: { kind: "done" } });
  }
}

/** Whoever waits at an index gets the answer of what is applied there. */
class AnswerByIndex extends Server {
  private readonly waitingAt = new Map<number, { from: NodeId; call: number; request: number }>();

  protected override handleClerkRequest(from: NodeId, call: number, message: ClerkRequest): void {
    const { lastIndex } = this.raft.log;
    super.handleClerkRequest(from, call, message);
    const { log } = this.raft;
    if (log.lastIndex > lastIndex)
      this.waitingAt.set(log.lastIndex, { from, call, request: message.request });
  }

  protected override apply(index: number, command: Command): void {
    super.apply(index, command);
    const waiting = this.waitingAt.get(index);
    this.waitingAt.delete(index);
    if (waiting === undefined || command.kind !== "operation") return;
    const known = this.sessions.find(command.session);
    if (known === null) return;
    const { from, call, request } = waiting;
    this.reply(from, call, { kind: "result", request, result: known.result });
  }

  /** Who waits by index is not told when the office ends: that would hide the bug. */
  protected override sendElsewhere(): void {}
}

/** Tells a retry that its request is done as soon as the entry is in the log. */
class RetryDoneAtAppend extends Server {
  private readonly begun = new Map<number, number>();

  protected override begin(message: ClerkRequest): void {
    super.begin(message);
    this.begun.set(message.session, message.request);
  }

  protected override handleClerkRequest(from: NodeId, call: number, message: ClerkRequest): void {
    const { session, request, operation } = message;
    if (operation.kind === "append" && this.begun.get(session) === request)
      this.reply(from, call, { kind: "result", request, result: { kind: "done" } });
    else super.handleClerkRequest(from, call, message);
  }
}

/** Takes its state for one entry older than it is, so that the entry is applied to it again after a restart. */
class SnapshotOneBehind extends Server {
  protected override compactAt(index: number): void {
    super.compactAt(index - 1);
  }
}

export const answerMutants: readonly Entry[] = [
  {
    name: "waitersKept",
    breaks: "section 8: a deposed leader's clients wait on",
    source: "Students' Guide to Raft",
    oracle: "progress after healing",
    part: { Server: WaitersKept },
  },
  {
    name: "replyBeforeCommit",
    breaks: "section 5.3: writes are answered when appended",
    source: "paper, section 5.3",
    oracle: "history",
    part: { Server: ReplyBeforeCommit },
  },
  {
    name: "answerByIndex",
    breaks: "section 8: whoever waits at an index is answered",
    source: "a student's Raft; Students' Guide to Raft",
    oracle: "history",
    masks: "a leader that leaves office sends its clients elsewhere; the mutant leaves that out",
    part: { Server: AnswerByIndex },
  },
  {
    name: "retryDoneAtAppend",
    breaks: "section 8: a retry is told that its entry is done",
    source: "Students' Guide to Raft, duplicate detection",
    oracle: "history",
    part: { Server: RetryDoneAtAppend },
  },
  {
    name: "snapshotOneBehind",
    breaks: "section 7: a snapshot is labelled one entry too low",
    source: "Students' Guide to Raft",
    oracle: "session agreement",
    also: ["state agreement", "history"],
    masks: "the session table answers the entry that is applied again, unless it opens a session",
    part: { Server: SnapshotOneBehind },
  },
];
