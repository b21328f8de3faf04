/** Makes the film: it listens to the world's events and looks at a server after each of its steps, and changes nothing. */

import type { Cluster } from "../../lab/cluster/index.ts";
import type { Observer, TraceEvent, TraceKind } from "../../lab/sim/index.ts";
import { assert, type NodeId } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import type { Film, Frame, LinkChange, Moment } from "./film.ts";
import { type Place, Postbox } from "./postbox.ts";
import { Scroll } from "./scroll.ts";

/** What happens because something else did, at once: it belongs to the moment that is there. */
const CONSEQUENCES: ReadonlySet<TraceKind> = new Set([
  "request",
  "reply",
  "lost",
  "blocked",
  "duplicated",
  "held",
]);

export class Camera implements Observer<KvMessage, unknown> {
  private readonly cluster: Cluster;
  private readonly moments: Moment[] = [];
  private readonly frames = new Map<NodeId, Frame[]>();
  private readonly scrolls = new Map<NodeId, Scroll>();
  private readonly postbox = new Postbox();
  private readonly cuts: LinkChange[] = [];
  private readonly depths = new Map<string, number>();
  private events = 0;

  /** The cluster has not started yet. */
  constructor(cluster: Cluster) {
    this.cluster = cluster;
    for (const id of cluster.serverIds) {
      this.frames.set(id, []);
      this.scrolls.set(id, new Scroll());
      this.look(id, 0);
    }
    cluster.world.observe(this);
  }

  /** Every event, as it happens. */
  hear(event: TraceEvent): void {
    this.events++;
    const { time, kind, from, to, payload } = event;
    if (!CONSEQUENCES.has(kind) && !this.continues(event)) {
      this.moments.push({ time, kind, from, to, payload, event: this.events });
    }
    const at: Place = { moment: this.moments.length - 1, time };
    if (kind === "request" || kind === "reply") {
      this.postbox.sent(from, to, kind === "reply", payload as KvMessage, at);
    } else if (kind === "lost" || kind === "blocked") this.postbox.stopped(kind, at);
    else if (kind === "deliver") this.postbox.arrived(from, to, payload as KvMessage, at);
    else if (kind === "crash") this.postbox.crashed(from, at);
    else if (kind === "start") this.postbox.started(from);
    else if (kind === "cut" || kind === "heal") this.linkChanged(from, to, kind === "cut" ? 1 : -1);
  }

  stepped(id: NodeId): void {
    if (this.frames.has(id)) this.look(id, this.moments.length - 1);
  }

  /** The run is over. */
  film(): Film {
    const { cluster, moments, frames, cuts, events } = this;
    assert(moments.length > 0, "a run has at least the starts of its nodes");
    const { serverIds: servers, clientIds: clients, world } = cluster;
    const flights = this.postbox.end({ moment: moments.length, time: world.now });
    return { servers, clients, digest: world.trace.digest.hex(), events, moments, frames, flights, cuts };
  }

  /** A partition cuts many links at once: that is one thing that happens. */
  private continues({ kind, time }: TraceEvent): boolean {
    const before = this.moments.at(-1);
    return (kind === "cut" || kind === "heal") && before?.kind === kind && before.time === time;
  }

  private linkChanged(from: NodeId, to: NodeId, by: number): void {
    const link = `${from}>${to}`;
    const depth = (this.depths.get(link) ?? 0) + by;
    this.depths.set(link, depth);
    this.cuts.push({ moment: this.moments.length - 1, from, to, depth });
  }

  private look(id: NodeId, moment: number): void {
    const frames = this.frames.get(id)!;
    const before = frames.at(-1);
    const now = this.see(id, moment);
    if (before !== undefined && isSame(before, now)) return;
    // What a server was in the middle of a moment is nobody's business.
    if (before?.moment === moment) frames.pop();
    frames.push(now);
  }

  private see(id: NodeId, moment: number): Frame {
    const { world } = this.cluster;
    const raft = this.cluster.raft(id);
    const scroll = this.scrolls.get(id)!;
    const { currentTerm: term, votedFor, snapshot: held, log } = raft ?? world.image(id);
    const snapshot = held === null ? null : snapshotOf(held, this.frames.get(id)!.at(-1));
    return {
      moment,
      condition: world.condition(id),
      role: raft?.role ?? null,
      term,
      votedFor,
      leaderId: raft?.leaderId ?? null,
      commitIndex: raft?.commitIndex ?? log.snapshotIndex,
      lastApplied: raft?.lastApplied ?? log.snapshotIndex,
      snapshot,
      log: scroll.record(log),
    };
  }
}

/** The same object while it is the same snapshot, so that frames can be compared. */
function snapshotOf(
  { index, term, data }: { readonly index: number; readonly term: number; readonly data: Uint8Array },
  before: Frame | undefined,
): Frame["snapshot"] {
  const known = before?.snapshot ?? null;
  if (known?.index === index && known.bytes === data.length) return known;
  return { index, term, bytes: data.length };
}

function isSame(a: Frame, b: Frame): boolean {
  return (
    a.condition === b.condition &&
    a.role === b.role &&
    a.term === b.term &&
    a.votedFor === b.votedFor &&
    a.leaderId === b.leaderId &&
    a.commitIndex === b.commitIndex &&
    a.lastApplied === b.lastApplied &&
    a.snapshot === b.snapshot &&
    a.log === b.log
  );
}
