/** Deliberate bugs in the clerk: how it retries, and under which name. */

import type { Instant, NodeId } from "../../../src/base/index.ts";
import { Clerk, type ClerkReply, type NotLeader } from "../../../src/kv/index.ts";
import type { Entry } from "./mutant.ts";

/** Retries under a new number, so that the retry is another request. */
class NewNumberPerRetry extends Clerk {
  protected override tryNext(now: Instant, refusal: NotLeader | null): void {
    if (this.session !== null) this.request++;
    super.tryNext(now, refusal);
  }

  protected override handleReply(now: Instant, from: NodeId, call: number, reply: ClerkReply): void {
    super.handleReply(now, from, call, reply.kind === "result" ? { ...reply, request: this.request } : reply);
  }
}

/** Opens its sessions under one name in all of its lives. */
class NameReused extends Clerk {
  override get name(): string {
    return this.options.client;
  }
}

/** Goes on in its session after it has given up, and under the same number. */
class NumberReused extends Clerk {
  protected override giveUp(): void {
    const { session, request } = this;
    super.giveUp();
    this.session = session;
    this.request = request - 1;
  }
}

/** Tries again in a new session when its own has ended, although the request may have been applied in the old one. */
class ExpiredTriedAgain extends Clerk {
  protected override handleReply(now: Instant, from: NodeId, call: number, reply: ClerkReply): void {
    if (reply.kind !== "expired" || this.inFlight === null) {
      super.handleReply(now, from, call, reply);
      return;
    }
    this.abandoned++;
    this.session = null;
    this.request = 1;
    this.startOver(now);
  }
}

/** Takes what answers an earlier operation for the answer to this one. */
class LateAnswerTaken extends Clerk {
  protected override handleReply(now: Instant, from: NodeId, call: number, reply: ClerkReply): void {
    if (reply.kind !== "result") super.handleReply(now, from, call, reply);
    else super.handleReply(now, from, Number.MAX_SAFE_INTEGER, { ...reply, request: this.request });
  }
}

/** Takes silence for success: who was not answered in time tells its client that the write is done. */
class SilenceIsDone extends Clerk {
  protected override giveUp(): void {
    const kind = this.inFlight?.operation.kind;
    super.giveUp();
    if (kind === "get" || kind === "cas") return;
    this.effects[this.effects.length - 1] = { kind: "return", result: { kind: "done" } };
  }
}

export const clerkMutants: readonly Entry[] = [
  {
    name: "newNumberPerRetry",
    breaks: "section 8: a retry is numbered like a new request",
    source: "the Go labs' text on the KV server",
    oracle: "history",
    part: { Clerk: NewNumberPerRetry },
  },
  {
    name: "nameReused",
    breaks: "section 8: a client that comes back has its old name",
    source: "the Go labs' text on the KV server: client ids are unique",
    oracle: "history",
    also: ["assertion"],
    masks:
      "a clerk whose number is older than its session notices that itself, and mostly before the history does",
    part: { Clerk: NameReused },
  },
  {
    name: "numberReused",
    breaks: "thesis 6.3: a number given up on is used again",
    source: "thesis, section 6.3",
    oracle: "history",
    part: { Clerk: NumberReused },
  },
  {
    name: "expiredTriedAgain",
    breaks: "thesis 6.3: a request is repeated in a new session",
    source: "thesis, section 6.3",
    oracle: "history",
    part: { Clerk: ExpiredTriedAgain },
  },
  {
    name: "lateAnswerTaken",
    breaks: "section 8: a late answer ends the next operation",
    source: "Students' Guide to Raft",
    oracle: "history",
    part: { Clerk: LateAnswerTaken },
  },
  {
    name: "silenceIsDone",
    breaks: "section 8: who gets no answer is told that it is done",
    source: "Jepsen: an indeterminate operation is neither ok nor failed",
    oracle: "history",
    part: { Clerk: SilenceIsDone },
  },
];
