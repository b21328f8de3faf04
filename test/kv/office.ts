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
  type ServerEffect,
  type ServerInput,
  type ServerOptions,
} from "../../src/kv/index.ts";
import {
  type AppendEntries,
  type Entry,
  type RaftImage,
  type RaftRecord,
  raftStorage,
} from "../../src/raft/index.ts";
import { figure2, timing } from "../raft/bench.ts";

/** As on Raft's bench: nothing but Figure 2, and no snapshots. */
const defaults = {
  ...figure2,
  id: "n1",
  members: ["n1", "n2", "n3"],
  timing,
  maxRaftState: null,
  reads: "log",
  maxSessions: 1000,
} as const;

export class Office {
  server: Server;
  now: Instant = 0;
  readonly image: RaftImage = raftStorage.empty();
  sent: Message<KvMessage>[] = [];
  /** What was written in this life, in order, and under which marks. */
  records: (RaftRecord | null)[] = [];
  marks: number[] = [];
  private writes: Extract<ServerEffect, { kind: "persist" }>[] = [];
  private syncing = false;
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
    this.records = [];
    this.marks = [];
    this.server = this.boot();
  }

  step(input: ServerInput): void {
    for (const effect of this.server.step(this.now, input)) {
      if (effect.kind === "persist") this.writes.push(effect);
      else this.sent.push(effect);
    }
    this.sync();
  }

  /** Every write is durable at once, but in the order in which the server made them. */
  private sync(): void {
    if (this.syncing) return;
    this.syncing = true;
    for (let write = this.writes.shift(); write !== undefined; write = this.writes.shift()) {
      const { mark, record, thenSend } = write;
      this.marks.push(mark);
      this.records.push(record);
      if (record !== null) raftStorage.write(this.image, record);
      this.sent.push(...thenSend);
      this.step({ kind: "durable", mark });
    }
    this.syncing = false;
  }

  /** Times out and wins every vote. */
  elect(): this {
    this.now = this.server.deadline!;
    this.step({ kind: "deadline" });
    while (this.server.raft.role !== "leader" && this.sent.length > 0) {
      for (const { kind, to, call, payload: asked } of this.sent.splice(0)) {
        if (kind !== "request" || asked.kind !== "requestVote") continue;
        const { preVote } = asked;
        const { currentTerm: term } = this.server.raft;
        const payload = { kind: "requestVoteReply", preVote, term, voteGranted: true } as const;
        this.step({ kind: "reply", from: to, call, payload });
      }
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

  /** n2 leads this term now, and its log is this from index `first`; up to `leaderCommit`, or all, it is committed. */
  follow(
    term: number,
    first: number,
    commands: readonly Command[],
    leaderCommit = first - 1 + commands.length,
  ): void {
    const prevLogIndex = first - 1;
    const { log } = this.server.raft;
    const entries: Entry[] = commands.map((command) => ({ term, command }));
    const payload: AppendEntries = {
      kind: "appendEntries",
      term,
      leaderId: "n2",
      prevLogIndex,
      prevLogTerm: log.termAt(prevLogIndex),
      entries,
      leaderCommit,
    };
    this.request("n2", payload);
  }

  /** A peer asks. */
  request(from: NodeId, payload: KvMessage): void {
    this.step({ kind: "request", from, call: 1_000_000 + this.calls++, payload });
  }

  /** A clerk asks. Returns the call by which its answers are found. */
  ask(session: number, request: number, operation: Operation): number {
    return this.clerkAsks({ kind: "clerkRequest", session, request, operation });
  }

  askToOpen(clerk: string): number {
    return this.clerkAsks({ kind: "openSession", clerk });
  }

  private clerkAsks(payload: KvMessage): number {
    const call = ++this.calls;
    this.step({ kind: "request", from: "a client", call, payload });
    return call;
  }

  /** Opens a session, with everything before it committed, and returns it. */
  open(clerk: string): number {
    const call = this.askToOpen(clerk);
    this.acknowledge();
    const [answer] = this.answers(call);
    if (answer?.kind !== "sessionOpened") throw new Error(`${clerk} got no session but ${answer?.kind}`);
    return answer.session;
  }

  /** All that this call was told. */
  answers(call: number): ClerkReply[] {
    const replies = this.sent.filter((message) => message.kind === "reply" && message.call === call);
    return replies.map((message) => message.payload as ClerkReply);
  }

  /** Asks and is answered at once, as in a cluster of one. */
  call(session: number, request: number, operation: Operation): ClerkReply | null {
    return this.answers(this.ask(session, request, operation))[0] ?? null;
  }

  /** The log, a word or two for each entry: "noop", "open" and for whom, or session and request. */
  get log(): string[] {
    const { log } = this.server.raft;
    return log.slice(log.snapshotIndex + 1, log.lastIndex).map((entry) => {
      const command = entry.command as Command;
      if (command.kind === "noop") return "noop";
      if (command.kind === "configuration") return command.voters.join(" ");
      return command.kind === "open" ? `open ${command.clerk}` : `${command.session}.${command.request}`;
    });
  }
}

export function asked(session: number, request: number, operation: Operation): Command {
  return { kind: "operation", session, request, operation };
}

export const noop: Command = { kind: "noop" };

/** Its index in the log is the session's number. */
export function open(clerk: string): Command {
  return { kind: "open", clerk };
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

export function sessionOpened(session: number): ClerkReply {
  return { kind: "sessionOpened", session };
}

export const superseded: ClerkReply = { kind: "superseded" };
export const expired: ClerkReply = { kind: "expired" };
