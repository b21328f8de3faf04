/**
 * The narrator tells a run as people debug Raft: who did what when, sorted by topic. It watches the world's events and
 * what each step changed in a server; nothing in the servers knows of it.
 */

import type { Instant, NodeId } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import type { Observer, TraceEvent } from "../sim/index.ts";
import type { Cluster } from "./cluster.ts";

export const TOPICS = [
  "TIMER",
  "VOTE",
  "LEAD",
  "LOG",
  "COMMIT",
  "PERSIST",
  "DROP",
  "CLIENT",
  "FAULT",
] as const;

export type Topic = (typeof TOPICS)[number];

export interface Line {
  readonly time: Instant;
  readonly topic: Topic;
  /** In whose column it stands; null for what concerns the whole network. */
  readonly node: NodeId | null;
  readonly text: string;
}

/** What the narrator remembers of a server, to see what a step has changed. */
interface Remembered {
  readonly role: string;
  readonly term: number;
  readonly lastIndex: number;
  readonly commitIndex: number;
}

export class Narrator implements Observer<KvMessage, unknown> {
  private readonly cluster: Cluster;
  private readonly tell: (line: Line) => void;
  private readonly servers = new Map<NodeId, Remembered>();

  constructor(cluster: Cluster, tell: (line: Line) => void) {
    this.cluster = cluster;
    this.tell = tell;
  }

  /** The world's events, as they happen. */
  hear(event: TraceEvent): void {
    const { from, to, payload } = event;
    switch (event.kind) {
      case "wake":
        if (this.isServer(from)) this.say("TIMER", from, this.timerText(from));
        break;
      case "request":
      case "reply":
        this.message(from, to, payload as KvMessage);
        break;
      case "durable":
        if (this.isServer(from)) this.say("PERSIST", from, "its writes are durable");
        break;
      case "lost":
      case "blocked":
      case "duplicated":
        this.say("DROP", this.isServer(from) ? from : to, `${from} -> ${to} ${event.kind}`);
        break;
      case "start":
      case "crash":
      case "pause":
      case "resume":
        if (event.kind === "crash") this.servers.delete(from);
        if (this.isServer(from)) this.say("FAULT", from, DEEDS[event.kind]);
        else this.say("FAULT", null, `${from} ${DEEDS[event.kind]}`);
        break;
      case "cut":
      case "heal":
        this.say("FAULT", null, `${from} -> ${to} ${event.kind === "cut" ? "cut" : "healed"}`);
        break;
      case "conditions":
        this.say("FAULT", null, `the network is now ${JSON.stringify(payload)}`);
        break;
      default:
      // Deliveries repeat what was sent; what they change is told by `stepped`.
    }
  }

  stepped(id: NodeId): void {
    const raft = this.cluster.server(id)?.raft;
    if (raft === undefined) return;
    const now = {
      role: raft.role,
      term: raft.currentTerm,
      lastIndex: raft.log.lastIndex,
      commitIndex: raft.commitIndex,
    };
    const before = this.servers.get(id);
    this.servers.set(id, now);
    if (before === undefined) return;
    if (now.role !== before.role || (now.term !== before.term && now.role !== "follower")) {
      this.say("LEAD", id, `becomes ${now.role}, term ${now.term}`);
    } else if (now.term !== before.term) {
      this.say("VOTE", id, `learns of term ${now.term}`);
    }
    if (now.lastIndex > before.lastIndex)
      this.say("LOG", id, `appends ${range(before.lastIndex + 1, now.lastIndex)}`);
    if (now.lastIndex < before.lastIndex) this.say("LOG", id, `cuts its log back to ${now.lastIndex}`);
    if (now.commitIndex > before.commitIndex) this.say("COMMIT", id, `commits up to ${now.commitIndex}`);
  }

  private message(from: NodeId, to: NodeId, payload: KvMessage): void {
    switch (payload.kind) {
      case "requestVote":
        this.say("VOTE", from, `asks ${to}, term ${payload.term}`);
        break;
      case "requestVoteReply":
        this.say(
          "VOTE",
          from,
          `${payload.voteGranted ? "votes for" : "refuses"} ${to}, term ${payload.term}`,
        );
        break;
      case "appendEntries": {
        const first = payload.prevLogIndex + 1;
        const { length } = payload.entries;
        if (length > 0) this.say("LOG", from, `sends ${to} ${range(first, payload.prevLogIndex + length)}`);
        break;
      }
      case "appendEntriesReply":
        if (!payload.success) this.say("LOG", from, `refuses ${to}${conflictText(payload.conflict)}`);
        break;
      case "openSession":
        this.say("CLIENT", to, `${from} asks for a session`);
        break;
      case "sessionOpened":
        this.say("CLIENT", from, `opens session ${payload.session} for ${to}`);
        break;
      case "clerkRequest":
        this.say("CLIENT", to, `${from} asks ${payload.operation.kind} ${payload.operation.key}`);
        break;
      case "result":
        this.say("CLIENT", from, `answers ${to}`);
        break;
      case "notLeader":
        this.say("CLIENT", from, `sends ${to} to ${payload.hint ?? "anybody else"}`);
        break;
      case "superseded":
        this.say("CLIENT", from, `has newer from ${to}`);
        break;
      case "expired":
        this.say("CLIENT", from, `has no such session for ${to}`);
        break;
    }
  }

  private timerText(id: NodeId): string {
    return this.cluster.server(id)?.raft.role === "leader" ? "heartbeat" : "election timeout";
  }

  private isServer(id: NodeId): boolean {
    return this.cluster.serverIds.includes(id);
  }

  private say(topic: Topic, node: NodeId | null, text: string): void {
    this.tell({ time: this.cluster.world.now, topic, node, text });
  }
}

const DEEDS = { start: "starts", crash: "crashes", pause: "pauses", resume: "goes on" } as const;

function range(first: number, last: number): string {
  return first === last ? `entry ${first}` : `entries ${first}-${last}`;
}

function conflictText(conflict: { readonly term: number; readonly index: number } | null): string {
  if (conflict === null) return ": old term";
  return conflict.term === 0
    ? `: log ends before ${conflict.index}`
    : `: term ${conflict.term} from ${conflict.index}`;
}
