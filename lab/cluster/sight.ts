/**
 * What can be seen of the servers from outside. Several watch the same servers after every event, and almost every
 * event changes nothing that they look at: so one looks, and tells the others only what has changed.
 */

import type { NodeId } from "../../src/base/index.ts";
import type { Raft, Role } from "../../src/raft/index.ts";
import type { Condition, Observer } from "../sim/index.ts";

/** A server after its latest step; of one that is down, what was seen last. */
export interface Sight {
  /** Another one for every life; null while the server is down. */
  readonly raft: Raft | null;
  readonly paused: boolean;
  readonly role: Role | null;
  readonly term: number;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly lastIndex: number;
  readonly lastTerm: number;
  readonly snapshotIndex: number;
}

/** Servers that run Raft, with a KV store on top of it or bare. */
export interface WatchedServers {
  readonly world: { condition(id: NodeId): Condition };
  readonly serverIds: readonly NodeId[];
  /** Null while the server is down. */
  raft(id: NodeId): Raft | null;
}

export interface Watcher {
  /** A server starts, crashes, pauses, resumes, or has taken a step that changed something. */
  changed(id: NodeId, before: Sight, now: Sight): void;
}

const NEVER_SEEN: Sight = {
  raft: null,
  paused: false,
  role: null,
  term: 0,
  commitIndex: 0,
  lastApplied: 0,
  lastIndex: 0,
  lastTerm: 0,
  snapshotIndex: 0,
};

export class Sights implements Observer<unknown, unknown> {
  private readonly servers: WatchedServers;
  private readonly watchers: readonly Watcher[];
  private readonly latest = new Map<NodeId, Sight>();

  constructor(servers: WatchedServers, watchers: readonly Watcher[]) {
    this.servers = servers;
    this.watchers = watchers;
    for (const id of servers.serverIds) this.latest.set(id, NEVER_SEEN);
  }

  /** Only here may a server be another one, or none, than it was. */
  turned(id: NodeId): void {
    const before = this.latest.get(id);
    // Clients turn and step too.
    if (before === undefined) return;
    const raft = this.servers.raft(id);
    const paused = this.servers.world.condition(id) === "paused";
    this.tell(id, before, raft === null ? { ...before, raft, paused, role: null } : see(raft, paused));
  }

  stepped(id: NodeId): void {
    const before = this.latest.get(id);
    if (before === undefined || before.raft === null || isUnchanged(before, before.raft)) return;
    this.tell(id, before, see(before.raft, before.paused));
  }

  private tell(id: NodeId, before: Sight, now: Sight): void {
    this.latest.set(id, now);
    for (const watcher of this.watchers) watcher.changed(id, before, now);
  }
}

export function see(raft: Raft, paused: boolean): Sight {
  const { role, currentTerm: term, commitIndex, lastApplied, log } = raft;
  const { lastIndex, lastTerm, snapshotIndex } = log;
  return { raft, paused, role, term, commitIndex, lastApplied, lastIndex, lastTerm, snapshotIndex };
}

function isUnchanged(before: Sight, { role, currentTerm, commitIndex, lastApplied, log }: Raft): boolean {
  return (
    before.role === role &&
    before.term === currentTerm &&
    before.commitIndex === commitIndex &&
    before.lastApplied === lastApplied &&
    before.lastIndex === log.lastIndex &&
    before.lastTerm === log.lastTerm &&
    before.snapshotIndex === log.snapshotIndex
  );
}
