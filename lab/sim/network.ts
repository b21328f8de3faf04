/**
 * The unreliable network between nodes: labrpc's semantics as the Go labs know them, plus silent loss, duplicated and
 * reordered requests, and cuts of one direction. It reads envelopes and nothing else.
 */

import type { Digest, Duration, Input, Instant, Message, NodeId } from "../../src/base/index.ts";
import { assert, type KeyedRandom } from "../../src/base/index.ts";
import type { Chance } from "./chance.ts";
import { type Conditions, HOP, LABRPC, perfectConditions } from "./conditions.ts";
import type { Interceptor } from "./interceptor.ts";
import type { Fate } from "./link.ts";
import { type Call, canReply, type Path, pathsBetween, type Station, wayOf } from "./path.ts";
import type { Trace } from "./trace.ts";

/** How messages are weighed and, in the mode where everything passes through bytes, carried. */
export interface Wire<Payload> {
  /** The encoded length in bytes; mixes the content into the digest on the way. */
  weigh(payload: Payload, digest: Digest): number;
  /** What arrives at the other end. */
  carry(payload: Payload): Payload;
}

/** What the network needs of the world around it. */
export interface Host<Payload, Node extends Station> {
  readonly now: Instant;
  readonly trace: Trace;
  schedule(delay: Duration, action: () => void): void;
  receive(node: Node, input: Input<Payload>): void;
}

/** Calls that a node's earlier incarnations made are told from its own by their high digits. */
const CALLS_PER_LIFE = 0x100000000;

export interface Counters {
  /** labrpc's GetTotalCount: requests sent, whatever became of them. */
  rpcs: number;
  /** labrpc's GetTotalBytes: requests when sent, replies when delivered. */
  bytes: number;
  lost: number;
  delayed: number;
  reordered: number;
  duplicated: number;
  /** Stopped by a cut or a disabled end. */
  blocked: number;
}

export class Network<Payload, Node extends Station = Station> {
  conditions: Conditions = perfectConditions;
  /** Null while nobody looks at single messages. */
  interceptor: Interceptor<Payload> | null = null;
  readonly counters: Counters = {
    rpcs: 0,
    bytes: 0,
    lost: 0,
    delayed: 0,
    reordered: 0,
    duplicated: 0,
    blocked: 0,
  };
  private readonly paths: ReadonlyMap<NodeId, ReadonlyMap<NodeId, Path<Node>>>;
  private readonly host: Host<Payload, Node>;
  private readonly wire: Wire<Payload>;
  private readonly chance: Chance<Payload> | null;

  constructor(
    host: Host<Payload, Node>,
    wire: Wire<Payload>,
    nodes: readonly Node[],
    random: KeyedRandom,
    chance: Chance<Payload> | null,
  ) {
    this.host = host;
    this.wire = wire;
    this.chance = chance;
    this.paths = pathsBetween(nodes, random);
  }

  // --- Knobs ---

  /** labrpc's Enable, on the end with which `from` calls `to`. */
  enable(from: NodeId, to: NodeId, enabled: boolean): void {
    this.path(from, to).link.enabled = enabled;
    this.host.trace.record(this.host.now, enabled ? "enable" : "disable", from, to);
    if (!enabled) this.pollCallsTo(to);
  }

  /** Stops everything from `from` to `to`. Cuts are counted: each is undone by a `heal` of its own. */
  cut(from: NodeId, to: NodeId): void {
    this.path(from, to).link.cuts++;
    this.host.trace.record(this.host.now, "cut", from, to);
    this.pollCallsTo(from);
  }

  heal(from: NodeId, to: NodeId): void {
    const { link } = this.path(from, to);
    assert(link.cuts > 0, () => `the link ${from} -> ${to} is not cut`);
    link.cuts--;
    this.host.trace.record(this.host.now, "heal", from, to);
  }

  /** True if a message that `from` sends now would not be stopped on its way to `to`. */
  isOpen(from: NodeId, to: NodeId): boolean {
    const { link } = this.path(from, to);
    return link.enabled && link.cuts === 0;
  }

  /** labrpc's GetCount: requests whose handler began to run at this server. */
  dispatchedAt(server: NodeId): number {
    let count = 0;
    for (const { back } of this.pathsFrom(server).values()) count += back.dispatched;
    return count;
  }

  /** The node has crashed: its calls are forgotten, its callers find out. */
  crashed(id: NodeId): void {
    for (const { calls } of this.pathsFrom(id).values()) calls.clear();
    this.pollCallsTo(id);
  }

  // --- Messages ---

  send(from: NodeId, life: number, message: Message<Payload>): void {
    if (message.kind === "request") this.request(from, life, message);
    else this.reply(from, message);
  }

  private request(from: NodeId, life: number, { to, call, payload }: Message<Payload>): void {
    const { host, counters, conditions } = this;
    const path = this.path(from, to);
    const { link } = path;
    const number = life * CALLS_PER_LIFE + call;
    host.trace.record(host.now, "request", from, to, payload);
    counters.rpcs++;
    counters.bytes += this.wire.weigh(payload, host.trace.digest);
    const serverLife = path.to.life;
    if (conditions.detectsLoss) {
      const life = serverLife ?? -1;
      path.calls.set(number, { path, number, conditions, life, dispatched: null, replied: false });
    }
    if (!link.enabled || link.cuts > 0) {
      this.block(from, to);
      this.tellUnanswered(path, number, this.deadDelay(path));
      return;
    }
    if (serverLife === null && conditions.detectsLoss) {
      this.tellUnanswered(path, number, this.deadDelay(path));
      return;
    }
    // Kept here and not in the call, which ends before a copy arrives, or with its caller's life.
    const onlyTo = conditions.detectsLoss ? serverLife : null;
    const deliver = () => this.arrive(path, onlyTo, number, payload);
    const drawn = this.decided(path, link.requestFate(conditions), payload);
    const fate = this.interfere(from, to, payload, drawn, deliver);
    if (fate?.lost) this.tellUnanswered(path, number, fate.delay);
    else if (fate !== null) this.carry(from, to, fate, deliver);
  }

  /** What befalls a message in the end: what was drawn, or what somebody does to it; null if they hold it. */
  private interfere(
    from: NodeId,
    to: NodeId,
    payload: Payload,
    drawn: Fate,
    deliver: () => void,
  ): Fate | null {
    const verdict =
      this.interceptor === null ? "passes" : this.intercept(from, to, drawn.nth, payload, deliver);
    if (verdict === "held") {
      this.hold(from, to);
      return null;
    }
    if (verdict === "lost") {
      this.lose(from, to);
      return { ...drawn, lost: true };
    }
    if (drawn.delayed) this.counters.delayed++;
    if (drawn.reordered) this.counters.reordered++;
    if (drawn.lost) this.lose(from, to);
    return drawn;
  }

  private intercept(
    from: NodeId,
    to: NodeId,
    nth: number,
    payload: Payload,
    deliver: () => void,
  ): ReturnType<Interceptor<Payload>["intercept"]> {
    const verdict = this.interceptor!.intercept({ from, to, nth, payload }, () => {
      if (verdict === "passes") this.duplicate(from, to);
      deliver();
    });
    return verdict;
  }

  private carry(from: NodeId, to: NodeId, fate: Fate, deliver: () => void): void {
    this.host.schedule(fate.delay, deliver);
    if (fate.copyDelay === null) return;
    this.duplicate(from, to);
    this.host.schedule(fate.copyDelay, deliver);
  }

  /** `onlyTo` is the one life of the server that may get the request; null: whichever is there. */
  private arrive(path: Path<Node>, onlyTo: number | null, number: number, payload: Payload): void {
    const { host } = this;
    const { from, to } = path;
    const call = path.calls.get(number);
    const { life } = to;
    if (onlyTo !== null && onlyTo !== life) {
      if (call !== undefined) this.unanswered(call);
      return;
    }
    if (life === null) return;
    if (call !== undefined && call.dispatched === null) {
      call.dispatched = host.now;
      // Who was disabled or cut off while the request was on its way will not be polled for that again.
      if (!canReply(path)) host.schedule(LABRPC.deathPoll, () => this.poll(call));
    }
    path.dispatched++;
    host.trace.record(host.now, "deliver", from.id, to.id, payload);
    host.receive(to, { kind: "request", from: from.id, call: number, payload: this.wire.carry(payload) });
  }

  private reply(from: NodeId, { to, call: number, payload }: Message<Payload>): void {
    const { host } = this;
    /** The way of the call that this answers. */
    const path = this.path(to, from);
    host.trace.record(host.now, "reply", from, to, payload);
    const bytes = this.wire.weigh(payload, host.trace.digest);
    const call = path.calls.get(number);
    // Where losses are told, a call that has ended takes no second answer.
    if (call === undefined && this.conditions.detectsLoss) return;
    // labrpc looks again after the handler has returned: nobody gets a positive answer through a dead end.
    if (!canReply(path)) {
      this.block(from, to);
      this.tellUnanswered(path, number, HOP);
      return;
    }
    if (call !== undefined) call.replied = true;
    const deliver = () => this.answer(path, number, payload, bytes);
    const drawn = this.decided(path.back, path.back.link.replyFate(this.conditionsOf(call)), payload);
    const fate = this.interfere(from, to, payload, drawn, deliver);
    if (fate?.lost) this.tellUnanswered(path, number, fate.delay);
    else if (fate !== null) this.carry(from, to, fate, deliver);
  }

  /** labrpc reads these two once, when the call is made; whatever else happens to a reply is a matter of its own time. */
  private conditionsOf(call: Call<Node> | undefined): Conditions {
    const { conditions } = this;
    if (call === undefined || call.conditions === conditions) return conditions;
    const { reliable, longReordering } = call.conditions;
    return { ...conditions, reliable, longReordering };
  }

  /** The reply to a call arrives at the caller, `path.from`. */
  private answer(path: Path<Node>, number: number, payload: Payload, bytes: number): void {
    const { host } = this;
    const { from: caller, to: server } = path;
    const life = Math.floor(number / CALLS_PER_LIFE);
    if (caller.life !== life) return;
    const known = path.calls.delete(number);
    if (!known && this.conditions.detectsLoss) return;
    this.counters.bytes += bytes;
    host.trace.record(host.now, "deliver", server.id, caller.id, payload);
    const call = number - life * CALLS_PER_LIFE;
    host.receive(caller, { kind: "reply", from: server.id, call, payload: this.wire.carry(payload) });
  }

  /** The fate that was drawn, unless somebody decides otherwise. */
  private decided(path: Path<Node>, drawn: Fate, payload: Payload): Fate {
    return this.chance === null ? drawn : this.chance.fate(wayOf(path), drawn, payload);
  }

  private deadDelay(path: Path<Node>): Duration {
    const drawn = path.link.deadDelay(this.conditions);
    if (this.chance === null || !this.conditions.detectsLoss) return drawn;
    return this.chance.unanswered(wayOf(path), drawn);
  }

  // --- labrpc's failure detector ---

  private tellUnanswered(path: Path<Node>, number: number, delay: Duration): void {
    const call = path.calls.get(number);
    if (call !== undefined) this.host.schedule(delay, () => this.unanswered(call));
  }

  private unanswered({ path, number }: Call<Node>): void {
    if (!path.calls.delete(number)) return;
    const { from: caller, to: server } = path;
    this.host.trace.record(this.host.now, "unanswered", server.id, caller.id);
    this.host.receive(caller, { kind: "unanswered", from: server.id, call: number % CALLS_PER_LIFE });
  }

  /**
   * labrpc asks every 100 ms of a running handler whether its server has died. Asking only when one may have, and
   * then at the same instant at which labrpc would, comes to the same without a timer for each call.
   */
  private pollCallsTo(server: NodeId): void {
    for (const paths of this.paths.values()) {
      for (const call of paths.get(server)!.calls.values()) {
        if (call.dispatched === null || call.replied) continue;
        const ran = this.host.now - call.dispatched;
        const wait = LABRPC.deathPoll - (ran % LABRPC.deathPoll);
        this.host.schedule(wait, () => this.poll(call));
      }
    }
  }

  private poll(call: Call<Node>): void {
    if (call.replied) return;
    const died = call.path.to.life !== call.life;
    if (died || !canReply(call.path)) this.unanswered(call);
  }

  // --- Bookkeeping ---

  private lose(from: NodeId, to: NodeId): void {
    this.counters.lost++;
    this.host.trace.record(this.host.now, "lost", from, to);
  }

  private block(from: NodeId, to: NodeId): void {
    this.counters.blocked++;
    this.host.trace.record(this.host.now, "blocked", from, to);
  }

  private hold(from: NodeId, to: NodeId): void {
    this.counters.reordered++;
    this.host.trace.record(this.host.now, "held", from, to);
  }

  private duplicate(from: NodeId, to: NodeId): void {
    this.counters.duplicated++;
    this.host.trace.record(this.host.now, "duplicated", from, to);
  }

  private path(from: NodeId, to: NodeId): Path<Node> {
    const path = this.paths.get(from)?.get(to);
    assert(path !== undefined, () => `there is no link ${from} -> ${to}`);
    return path;
  }

  private pathsFrom(id: NodeId): ReadonlyMap<NodeId, Path<Node>> {
    const paths = this.paths.get(id);
    assert(paths !== undefined, () => `there is no node ${id}`);
    return paths;
  }
}
