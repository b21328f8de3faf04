/**
 * The narrator tells a run as people debug Raft: who did what when, sorted by topic. It watches the world's events and
 * what each step changed in a server; nothing in the servers knows of it.
 */

import type { Instant, NodeId } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import type { Cluster } from "../cluster/index.ts";
import type { Conditions, Observer, TraceEvent } from "../sim/index.ts";
import { conditionsText, range, spaced, type Topic, wordingOf } from "./wording.ts";

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
  readonly snapshotIndex: number;
}

export class Narrator implements Observer<KvMessage, unknown> {
  private readonly cluster: Cluster;
  private readonly tell: (line: Line) => void;
  private readonly servers = new Map<NodeId, Remembered>();
  /** The kind of the message that was sent last: what befalls it is told next. */
  private latest = "";
  /** The kind of the message that arrived last: the step that comes next is its doing. */
  private arrived: { readonly to: NodeId; readonly kind: KvMessage["kind"] } | null = null;

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
        if (this.isServer(from)) this.durable(from);
        break;
      case "lost":
      case "blocked":
      case "duplicated":
      case "held":
        this.dropped(from, to, event.kind);
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
        this.say("FAULT", null, `the network ${conditionsText(payload as Conditions)}`);
        break;
      case "inject":
        this.command(from, payload as { kind: string; to?: NodeId });
        break;
      case "deliver":
        this.arrived = { to, kind: (payload as KvMessage).kind };
        break;
      default:
      // What else happens is told by what it changes, see `stepped`.
    }
  }

  stepped(id: NodeId): void {
    const { arrived } = this;
    this.arrived = null;
    const raft = this.cluster.server(id)?.raft;
    if (raft === undefined) return;
    const now = {
      role: raft.role,
      term: raft.currentTerm,
      lastIndex: raft.log.lastIndex,
      commitIndex: raft.commitIndex,
      snapshotIndex: raft.log.snapshotIndex,
    };
    const before = this.servers.get(id);
    this.servers.set(id, now);
    if (before === undefined) {
      if (now.snapshotIndex > 0) this.say("SNAP", id, `begins with snapshot ${now.snapshotIndex}`);
      return;
    }
    if (now.role !== before.role || (now.term !== before.term && now.role !== "follower")) {
      this.say("LEAD", id, `becomes ${now.role}, term ${now.term}`);
    } else if (now.term !== before.term) {
      this.say("VOTE", id, `learns of term ${now.term}`);
    }
    if (now.lastIndex > before.lastIndex)
      this.say("LOG", id, `appends ${range(before.lastIndex + 1, now.lastIndex)}`);
    if (now.lastIndex < before.lastIndex) this.say("LOG", id, `cuts its log back to ${now.lastIndex}`);
    if (now.snapshotIndex > before.snapshotIndex) {
      const verb = arrived?.to === id && arrived.kind === "installSnapshot" ? "installs" : "cuts";
      this.say("SNAP", id, `${verb} snapshot ${now.snapshotIndex}`);
    }
    if (now.commitIndex > before.commitIndex) this.say("COMMIT", id, `commits up to ${now.commitIndex}`);
  }

  private message(from: NodeId, to: NodeId, payload: KvMessage): void {
    this.latest = payload.kind;
    const wording = wordingOf(from, to, payload);
    if (wording !== null) this.say(wording.topic, wording.node, wording.text);
  }

  private dropped(from: NodeId, to: NodeId, fate: "lost" | "blocked" | "duplicated" | "held"): void {
    const text = `${spaced(this.latest)} ${from} -> ${to} ${fate}`;
    this.say("DROP", this.isServer(from) ? from : this.isServer(to) ? to : null, text);
  }

  private durable(id: NodeId): void {
    const { currentTerm, log } = this.cluster.world.image(id);
    this.say("PERSIST", id, `disk: term ${currentTerm}, log to ${log.lastIndex}`);
  }

  private command(
    id: NodeId,
    command: { readonly kind: string; readonly to?: NodeId; readonly members?: readonly NodeId[] },
  ): void {
    if (command.kind === "change") this.say("LEAD", id, `is asked for members ${command.members?.join(" ")}`);
    if (command.kind === "transfer") this.say("LEAD", id, `is told to hand over to ${command.to}`);
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
