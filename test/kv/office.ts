/**
 * One KV server, n1, in a test's hands: the test plays its clients and its peers. Its disk is instant, and in a cluster of
 * one whatever is asked of it is committed at once.
 */

import { type Instant, type Message, type NodeId, Random } from "../../src/base/index.ts";
import {
  type ClerkReply,
  type Command,
  type KvMessage,
  type Operation,
  Server,
  type ServerInput,
  type ServerOptions,
} from "../../src/kv/index.ts";
import { type AppendEntries, type Entry, type RaftImage, raftStorage } from "../../src/raft/index.ts";
import { figure2, timing } from "../raft/bench.ts";

/** As on Raft's bench: nothing but Figure 2, and no snapshots. */
const defaults = {
  ...figure2,
  id: "n1",
  members: ["n1", "n2", "n3"],
  timing,
  maxRaftState: null,
  reads: "log",
} as const;

export class Office {
  server: Server;
  now: Instant = 0;
  readonly image: RaftImage = raftStorage.empty();
  sent: Message<KvMessage>[] = [];
  private readonly options: Partial<ServerOptions>;
  private calls = 0;

  constructor(members: readonly NodeId[] = ["n1", "n2", "n3"], options: Partial<ServerOptions> = {}) {
    this.options = { members, ...options };
    this.server = this.boot();
  }

  private boot(): Server {
    const random = new Random("office");
    return new Server({ ...defaults, random, ...this.options }, this.image, this.now);
  }

  restart(): void {
    this.sent = [];
    this.server = this.boot();
  }

  step(input: ServerInput): void {
    for (const effect of this.server.step(this.now, input)) {
      if (effect.kind !== "persist") {
        this.sent.push(effect);
        continue;
      }
      if (effect.record !== null) raftStorage.write(this.image, effect.record);
      this.sent.push(...effect.thenSend);
      this.step({ kind: "durable", mark: effect.mark });
    }
  }

  /** Times out and wins every vote. */
  elect(): this {
    this.now = this.server.deadline!;
    this.step({ kind: "deadline" });
    const term = this.server.raft.currentTerm;
    const payload = { kind: "requestVoteReply", preVote: false, term, voteGranted: true } as const;
    for (const { kind, to, call } of this.sent.splice(0)) {
      if (kind === "request") this.step({ kind: "reply", from: to, call, payload });
    }
    return this;
  }

  /** n2 has all that is sent to it, until nothing more is: everything in the log is committed. */
  acknowledge(): void {
    for (let messages = 0; messages < 100; messages++) {
      const at = this.sent.findIndex(({ to, payload }) => to === "n2" && payload.kind === "appendEntries");
      if (at < 0) return;
      const { call, payload } = this.sent.splice(at, 1)[0]!;
      const { term, prevLogIndex, entries } = payload as AppendEntries;
      const matchIndex = prevLogIndex + entries.length;
      const reply = { kind: "appendEntriesReply", term, success: true, matchIndex, conflict: null } as const;
      this.step({ kind: "reply", from: "n2", call, payload: reply });
    }
    throw new Error("n1 has no end of what n2 lacks");
  }

  /** n2 leads this term now, and its log is this from index `first`; everything in it is committed. */
  follow(term: number, first: number, commands: readonly Command[]): void {
    const prevLogIndex = first - 1;
    const { log } = this.server.raft;
    const entries: Entry[] = commands.map((command) => ({ term, command }));
    const leaderCommit = prevLogIndex + entries.length;
    const payload: AppendEntries = {
      kind: "appendEntries",
      term,
      leaderId: "n2",
      prevLogIndex,
      prevLogTerm: log.termAt(prevLogIndex),
      entries,
      leaderCommit,
    };
    this.step({ kind: "request", from: "n2", call: 1_000_000 + this.calls++, payload });
  }

  /** A client asks. Returns the call by which its answers are found. */
  ask(client: string, request: number, operation: Operation): number {
    const call = ++this.calls;
    this.step({
      kind: "request",
      from: client,
      call,
      payload: { kind: "clerkRequest", client, request, operation },
    });
    return call;
  }

  /** All that this call was told. */
  answers(call: number): ClerkReply[] {
    const replies = this.sent.filter((message) => message.kind === "reply" && message.call === call);
    return replies.map((message) => message.payload as ClerkReply);
  }

  /** Asks and is answered at once, as in a cluster of one. */
  call(client: string, request: number, operation: Operation): ClerkReply | null {
    return this.answers(this.ask(client, request, operation))[0] ?? null;
  }

  /** The log, one word for each entry: "noop", or who asked for what. */
  get log(): string[] {
    const { log } = this.server.raft;
    return log.slice(1, log.lastIndex).map((entry) => {
      const command = entry.command as Command;
      return command.kind === "noop" ? "noop" : `${command.client}.${command.request}`;
    });
  }
}

export function asked(client: string, request: number, operation: Operation): Command {
  return { kind: "operation", client, request, operation };
}

export const get = (key: string): Operation => ({ kind: "get", key });
export const put = (key: string, value: string): Operation => ({ kind: "put", key, value });
export const append = (key: string, value: string): Operation => ({ kind: "append", key, value });

export function done(request: number): ClerkReply {
  return { kind: "result", request, result: { kind: "done" } };
}

export function value(request: number, value: string | null): ClerkReply {
  return { kind: "result", request, result: { kind: "value", value } };
}

export function notLeader(hint: NodeId | null): ClerkReply {
  return { kind: "notLeader", hint };
}

export const superseded: ClerkReply = { kind: "superseded" };
