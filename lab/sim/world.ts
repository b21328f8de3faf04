/**
 * The simulated world: one event queue, a virtual clock, nodes that crash, restart and pause, a network and a disk for
 * each node. It knows actors, not Raft.
 */

import {
  type Actor,
  assert,
  type Duration,
  type Effect,
  EventQueue,
  type Input,
  type Instant,
  KeyedRandom,
  type NodeId,
  type Persist,
  type Random,
} from "../../src/base/index.ts";
import type { Chance } from "./chance.ts";
import { Clock, type ClockChange } from "./clock.ts";
import { type Conditions, perfectConditions } from "./conditions.ts";
import { Disk, type DiskClass, type DiskTiming, defaultDiskTiming, type Storage } from "./disk.ts";
import { type Host, Network, type Wire } from "./network.ts";
import { nodeOn, type SimNode } from "./node.ts";
import { Trace } from "./trace.ts";

/** What a node is built from, at its start and at every restart. */
export interface Boot<Image> {
  readonly id: NodeId;
  /** 0 at the first start. */
  readonly incarnation: number;
  /** By its own clock. */
  readonly now: Instant;
  /** What the disk kept. */
  readonly image: Image;
}

/** `Notice` is what actors tell beyond messages and writes, such as a client's responses. */
export interface WorldOptions<Payload, DiskRecord, Image, Notice> {
  readonly random: Random;
  readonly nodes: readonly NodeId[];
  readonly wire: Wire<Payload>;
  readonly storage: Storage<DiskRecord, Image>;
  /** What the disks are; as they should be, if not said. */
  readonly Disk?: DiskClass<Payload, DiskRecord, Image>;
  /** How fast each node's disk is; as a data-centre SSD, if not said. */
  readonly diskTiming?: (id: NodeId) => DiskTiming;
  /** How the network behaves at first; perfect, as labrpc's, if not said. */
  readonly conditions?: Conditions;
  /** Who decides in the place of chance; nobody, if not said. */
  readonly chance?: Chance<Payload> | null;
  boot(boot: Boot<Image>): Actor<Input<Payload>, Effect<Payload, DiskRecord> | Notice>;
}

/** Who wants to know what happens, while it happens. */
export interface Observer<Payload, Notice> {
  /** A node's actor has taken a step, or its condition has changed. */
  stepped?(id: NodeId): void;
  /** A node has started, crashed, paused or resumed. */
  turned?(id: NodeId): void;
  /** A message leaves its sender. */
  sent?(from: NodeId, to: NodeId, payload: Payload): void;
  noticed?(id: NodeId, notice: Notice): void;
}

export type Condition = "up" | "paused" | "down";

/** `Command` is what whoever scripts the world may hand to actors from outside of it, such as a proposal. */
export class World<Payload, DiskRecord, Image, Notice = never, Command = never>
  implements Host<Payload, SimNode<Payload, DiskRecord, Image, Notice>>
{
  now: Instant = 0;
  readonly trace = new Trace();
  readonly network: Network<Payload, SimNode<Payload, DiskRecord, Image, Notice>>;
  private readonly options: Pick<WorldOptions<Payload, DiskRecord, Image, Notice>, "boot">;
  private readonly queue = new EventQueue<() => void>();
  private readonly nodes = new Map<NodeId, SimNode<Payload, DiskRecord, Image, Notice>>();
  /** By what they want to hear: most observers leave something out, and all this happens at every event. */
  private readonly watching: Required<Pick<Observer<Payload, Notice>, "stepped">>[] = [];
  private readonly attending: Required<Pick<Observer<Payload, Notice>, "turned">>[] = [];
  private readonly listening: Required<Pick<Observer<Payload, Notice>, "sent">>[] = [];
  private readonly noticing: Required<Pick<Observer<Payload, Notice>, "noticed">>[] = [];

  constructor(options: WorldOptions<Payload, DiskRecord, Image, Notice>) {
    this.options = options;
    const { random, nodes, storage, Disk: DiskOfNode = Disk<Payload, DiskRecord, Image> } = options;
    const { chance = null } = options;
    const disks = KeyedRandom.from(random.fork("disk"));
    for (const [i, id] of nodes.entries()) {
      const timing = options.diskTiming?.(id) ?? defaultDiskTiming;
      const disk = new DiskOfNode(id, storage, timing, disks.fork(i, 0), chance);
      this.nodes.set(id, nodeOn(id, disk));
    }
    const links = KeyedRandom.from(random.fork("network"));
    this.network = new Network(this, options.wire, [...this.nodes.values()], links, chance);
    this.network.conditions = options.conditions ?? perfectConditions;
    this.trace.digest.text(JSON.stringify(this.network.conditions));
  }

  observe(observer: Observer<Payload, Notice>): void {
    if (hears(observer, "stepped")) this.watching.push(observer);
    if (hears(observer, "turned")) this.attending.push(observer);
    if (hears(observer, "sent")) this.listening.push(observer);
    if (hears(observer, "noticed")) this.noticing.push(observer);
  }

  // --- Running ---

  /** Runs `action` at that instant, before or after other events of the same instant in the order of scheduling. */
  at(time: Instant, action: () => void): void {
    assert(time >= this.now, () => `cannot act at ${time} µs, it is ${this.now} µs`);
    this.queue.push(time, action);
  }

  /**
   * Runs `action` at that instant, before everything else of it that was or will be scheduled otherwise: so what is told
   * to happen at an instant happens in the same place, whether it was told long before or at the last moment.
   */
  early(time: Instant, action: () => void): void {
    assert(time > this.now, () => `cannot act at ${time} µs before all else, it is ${this.now} µs`);
    this.queue.pushEarly(time, action);
  }

  schedule(delay: Duration, action: () => void): void {
    this.queue.push(this.now + delay, action);
  }

  /** Runs the next event, unless it is due after `until`. Returns whether there was one. */
  step(until: Instant): boolean {
    const time = this.queue.nextTime;
    if (time === null || time > until) return false;
    this.now = time;
    this.queue.pop()();
    return true;
  }

  /** Runs everything up to and including this instant, or until `done`, which is asked after each event. */
  run(until: Instant, done: () => boolean = () => false): void {
    while (!done()) {
      if (this.step(until)) continue;
      this.now = Math.max(this.now, until);
      return;
    }
  }

  // --- Nodes ---

  condition(id: NodeId): Condition {
    const node = this.node(id);
    return node.actor === null ? "down" : node.paused ? "paused" : "up";
  }

  incarnation(id: NodeId): number | null {
    return this.node(id).life;
  }

  /** What is durable on a node's disk now. */
  image(id: NodeId): Image {
    return this.node(id).disk.image;
  }

  start(id: NodeId): void {
    const node = this.node(id);
    assert(node.actor === null, () => `${id} is running already`);
    const { incarnation, disk } = node;
    this.trace.record(this.now, "start", id, id);
    node.life = incarnation;
    node.actor = this.options.boot({ id, incarnation, now: this.shownBy(node), image: disk.open() });
    this.scheduleWake(node);
    this.turned(id);
  }

  /**
   * Power loss: memory, unsynced writes and everything addressed to this incarnation are gone. Of the writes, the disk
   * may have the first so many all the same: `kept`, or if that is null, as many as are drawn.
   */
  crash(id: NodeId, kept: number | null = null): void {
    const node = this.node(id);
    assert(node.actor !== null, () => `${id} is down already`);
    this.trace.record(this.now, "crash", id, id);
    node.actor = null;
    node.life = null;
    node.incarnation++;
    node.paused = false;
    node.inbox = [];
    node.disk.crash(kept);
    this.network.crashed(id);
    this.turned(id);
  }

  /** Memory stays, time is lost: nothing is handled until `resume`, then everything that came. */
  pause(id: NodeId): void {
    const node = this.node(id);
    assert(node.actor !== null && !node.paused, () => `${id} is ${this.condition(id)}, it cannot be paused`);
    this.trace.record(this.now, "pause", id, id);
    node.paused = true;
    this.turned(id);
  }

  resume(id: NodeId): void {
    const node = this.node(id);
    assert(node.paused, () => `${id} is ${this.condition(id)}, it cannot be resumed`);
    this.trace.record(this.now, "resume", id, id);
    node.paused = false;
    const inbox = node.inbox;
    node.inbox = [];
    // Before it hears what came meanwhile: this is how it wakes.
    this.turned(id);
    for (const handle of inbox) handle();
    this.scheduleWake(node);
  }

  /** What a node's own clock shows, or has shown when the world's showed `world`. */
  clock(id: NodeId, world: Instant = this.now): Instant {
    return this.node(id).clock?.at(world) ?? world;
  }

  /** Something happens to a node's clock, running or not. */
  changeClock(id: NodeId, change: ClockChange): void {
    const node = this.node(id);
    this.trace.record(this.now, "clock", id, id, change);
    this.trace.digest.text(JSON.stringify(change));
    node.clock ??= new Clock();
    node.clock.change(change, this.now);
    this.scheduleWake(node);
  }

  /** The next fsync of this node fails, and with it the node; then `failed` is told. Null: it does not, after all. */
  failSync(id: NodeId, failed: (() => void) | null): void {
    const node = this.node(id);
    node.failed = failed;
    node.disk.isFailing = failed !== null;
  }

  /** How many writes crashes have cut in the middle, and how many fsyncs have failed. */
  mishaps(id: NodeId): { readonly torn: number; readonly failed: number } {
    const { torn, failed } = this.node(id).disk;
    return { torn, failed };
  }

  private shownBy({ clock }: SimNode<Payload, DiskRecord, Image, Notice>): Instant {
    return clock === null ? this.now : clock.at(this.now);
  }

  /** Changes how the network behaves from now on. */
  setConditions(conditions: Conditions): void {
    this.trace.record(this.now, "conditions", "", "", conditions);
    this.trace.digest.text(JSON.stringify(conditions));
    this.network.conditions = conditions;
  }

  // --- The driver of actors ---

  /** An input comes to a node, running or not. */
  deliver(id: NodeId, input: Input<Payload>): void {
    this.receive(this.node(id), input);
  }

  receive(node: SimNode<Payload, DiskRecord, Image, Notice>, input: Input<Payload>): void {
    if (node.paused) node.inbox.push(() => this.stepNode(node, input));
    else this.stepNode(node, input);
  }

  /** Hands a running node an input from outside of the world, at this instant. */
  inject(id: NodeId, command: Command): void {
    const node = this.node(id);
    assert(node.actor !== null && !node.paused, () => `${id} is ${this.condition(id)}, it takes no command`);
    this.trace.record(this.now, "inject", id, id, command);
    this.stepNode(node, command as Input<Payload>);
  }

  private stepNode(node: SimNode<Payload, DiskRecord, Image, Notice>, input: Input<Payload>): void {
    if (node.actor === null) return;
    for (const effect of node.actor.step(this.shownBy(node), input)) this.perform(node, effect);
    this.scheduleWake(node);
    this.stepped(node.id);
  }

  private perform(
    node: SimNode<Payload, DiskRecord, Image, Notice>,
    effect: Effect<Payload, DiskRecord> | Notice,
  ): void {
    const known = effect as Effect<Payload, DiskRecord>;
    switch (known.kind) {
      case "request":
      case "reply":
        this.observeSent(node.id, known.to, known.payload);
        this.network.send(node.id, node.incarnation, known);
        break;
      case "persist":
        node.disk.write(known);
        this.sync(node);
        break;
      default:
        for (const observer of this.noticing) observer.noticed(node.id, effect as Notice);
    }
  }

  private sync(node: SimNode<Payload, DiskRecord, Image, Notice>): void {
    const duration = node.disk.beginSync();
    if (duration === null) return;
    const { incarnation } = node;
    this.schedule(duration, () => {
      // The crash that ended this life has decided already what the disk kept.
      if (node.incarnation !== incarnation) return;
      const durable = node.disk.endSync();
      if (durable === null) {
        this.failStop(node);
        return;
      }
      this.sync(node);
      if (node.paused) node.inbox.push(() => this.synced(node, durable));
      else this.synced(node, durable);
    });
  }

  /** Whoever goes on after a failed fsync takes for durable what may never be. */
  private failStop(node: SimNode<Payload, DiskRecord, Image, Notice>): void {
    const { failed } = node;
    node.failed = null;
    this.crash(node.id);
    failed?.();
  }

  private synced(
    node: SimNode<Payload, DiskRecord, Image, Notice>,
    durable: readonly Persist<Payload, DiskRecord>[],
  ): void {
    this.trace.record(this.now, "durable", node.id, node.id, durable.length);
    for (const { thenSend } of durable) for (const message of thenSend) this.perform(node, message);
    this.stepNode(node, { kind: "durable", mark: durable.at(-1)!.mark });
  }

  /** One wake-up in the queue serves a deadline that keeps moving away, as election timeouts do. */
  private scheduleWake(node: SimNode<Payload, DiskRecord, Image, Notice>): void {
    const deadline = node.actor?.deadline ?? null;
    if (deadline === null || node.paused) return;
    assert(Number.isInteger(deadline), () => `${node.id} wants to be woken at ${deadline} µs`);
    const wanted = node.clock === null ? deadline : node.clock.when(deadline, this.now);
    // A clock that stands still wakes nobody, until something happens to it.
    if (wanted === null || (node.wakeAt !== null && node.wakeAt <= wanted)) return;
    const at = Math.max(wanted, this.now);
    node.wakeAt = at;
    this.queue.push(at, () => {
      if (node.wakeAt === at) node.wakeAt = null;
      if (node.actor === null || node.paused) return;
      const due = node.actor.deadline;
      if (due !== null && due <= this.shownBy(node)) {
        this.trace.record(this.now, "wake", node.id, node.id);
        this.stepNode(node, { kind: "deadline" });
      } else {
        this.scheduleWake(node);
      }
    });
  }

  private turned(id: NodeId): void {
    for (const observer of this.attending) observer.turned(id);
    this.stepped(id);
  }

  private stepped(id: NodeId): void {
    for (const observer of this.watching) observer.stepped(id);
  }

  private observeSent(from: NodeId, to: NodeId, payload: Payload): void {
    for (const observer of this.listening) observer.sent(from, to, payload);
  }

  private node(id: NodeId): SimNode<Payload, DiskRecord, Image, Notice> {
    const node = this.nodes.get(id);
    assert(node !== undefined, () => `there is no node ${id}`);
    return node;
  }
}

function hears<Payload, Notice, Name extends keyof Observer<Payload, Notice>>(
  observer: Observer<Payload, Notice>,
  name: Name,
): observer is Observer<Payload, Notice> & Required<Pick<Observer<Payload, Notice>, Name>> {
  return observer[name] !== undefined;
}
