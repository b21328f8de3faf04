/** The injector applies a schedule to a cluster: it resolves roles, counts what really struck, and heals. */

import { type Instant, type NodeId, unreachable } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import type { Cut, Fault, FaultClass, Schedule, Target, TimedFault } from "../faults/index.ts";
import type { Conditions, Observer } from "../sim/index.ts";
import type { Cluster } from "./cluster.ts";
import type { FaultBand } from "./report.ts";

/** How to undo one fault. */
type Healing = () => void;

export class Injector implements Observer<KvMessage, unknown> {
  private readonly cluster: Cluster;
  private readonly bands: FaultBand[] = [];
  private calm: Conditions;
  private readonly storms = new Set<Fault>();
  private readonly changed: () => void;
  /** Faults that wait for an answer to strike. */
  private readonly ambushes = new Set<TimedFault>();

  /**
   * Schedules what the schedule says, up to `end`: nothing strikes then or later, and what struck before is healed by
   * then at the latest. Between faults the network is as the cluster was set up. Calls `changed` after each.
   */
  constructor(
    cluster: Cluster,
    schedule: Schedule,
    end: Instant = Number.POSITIVE_INFINITY,
    changed: () => void = () => {},
  ) {
    this.cluster = cluster;
    this.changed = changed;
    this.calm = cluster.world.network.conditions;
    const faults = schedule.faults.filter(({ at }) => at < end);
    for (const timed of faults.map((each) => ({ ...each, until: Math.min(each.until, end) }))) {
      if (timed.on === "answer") cluster.world.at(timed.at, () => void this.ambushes.add(timed));
      else cluster.world.at(timed.at, () => this.strike(timed));
    }
    if (faults.some(({ on }) => on === "answer")) cluster.world.observe(this);
  }

  /** An answer is on its way: whoever waited for it strikes when the step that gave it is over. */
  sent(_from: NodeId, _to: NodeId, payload: KvMessage): void {
    if (this.ambushes.size === 0 || payload.kind !== "result") return;
    const { world } = this.cluster;
    for (const ambush of this.ambushes) {
      if (ambush.until > world.now) world.schedule(0, () => this.strike({ ...ambush, at: world.now }));
    }
    this.ambushes.clear();
  }

  /** The faults' time is over: the network itself is reliable from now on, but for a rest that stays cut off. */
  calmDown(rest: readonly NodeId[]): void {
    const { now } = this.cluster.world;
    const label = `${rest.join(" ")} stay cut off: the others must do without`;
    if (rest.length > 0)
      this.bands.push({ kind: "healing", label, at: now, until: Number.MAX_SAFE_INTEGER, nodes: rest });
    this.calm = { ...this.calm, reliable: true, duplication: 0, reordering: 0 };
    this.setConditions();
  }

  /** What really struck, in order, cut off at the end of the run. */
  struck(end: Instant): readonly FaultBand[] {
    return this.bands.map((band) => ({ ...band, until: Math.min(band.until, end) }));
  }

  /** How often each of these classes struck: messages for the network's, faults for the others. */
  counts(classes: readonly FaultClass[]): Readonly<Record<string, number>> {
    const { counters } = this.cluster.world.network;
    const messages: Partial<Record<FaultClass, number>> = {
      loss: counters.lost,
      delay: counters.delayed,
      duplication: counters.duplicated,
      reordering: counters.reordered,
    };
    return Object.fromEntries(
      classes.map((kind) => [kind, messages[kind] ?? this.bands.filter((band) => band.kind === kind).length]),
    );
  }

  private strike({ at, until, fault }: TimedFault): void {
    const done = this.apply(fault);
    // Nobody leads, or it is down already: a fault that found no victim did not happen.
    if (done === null) return;
    this.bands.push({ kind: fault.kind, label: done.label, at, until, nodes: done.nodes });
    this.cluster.world.at(until, () => {
      done.heal();
      this.changed();
    });
    this.changed();
  }

  private apply(fault: Fault): { label: string; nodes: readonly NodeId[]; heal: Healing } | null {
    switch (fault.kind) {
      case "partition":
        return this.partition(fault.cut);
      case "crash":
        return this.crash(fault.target);
      case "pause":
        return this.pause(fault.target);
      case "loss":
        return this.storm(fault, `loses ${fault.permille / 10} % of messages`);
      case "duplication":
        return this.storm(fault, `duplicates ${fault.permille / 10} % of messages`);
      case "reordering":
        return this.storm(fault, `reorders ${fault.permille / 10} % of messages`);
      case "delay":
        return this.storm(fault, `delays messages by up to ${fault.upTo / 1000} ms`);
      case "transfer":
        return this.transfer(fault.to);
      default:
        return unreachable(fault);
    }
  }

  // --- Partitions ---

  private partition(cut: Cut) {
    const sides = this.sides(cut);
    if (sides === null) return null;
    const { network } = this.cluster.world;
    const links = sides.links.filter(([from, to]) => from !== to);
    if (links.length === 0) return null;
    for (const [from, to] of links) network.cut(from, to);
    const heal = () => {
      for (const [from, to] of links) network.heal(from, to);
    };
    return { label: sides.label, nodes: sides.nodes, heal };
  }

  private sides(cut: Cut): { label: string; nodes: readonly NodeId[]; links: [NodeId, NodeId][] } | null {
    const { serverIds } = this.cluster;
    if (cut.kind === "groups") {
      const label = `cut ${cut.groups.map((group) => group.join(" ") || "nobody").join(" | ")}`;
      return { label, nodes: cut.groups.flat(), links: linksBetween(cut.groups) };
    }
    const victims = this.resolve(cut.target);
    if (victims.length === 0) return null;
    const who = this.describe(cut.target, victims);
    if (cut.kind === "isolate") {
      const side = [...new Set([...victims, ...cut.companions])];
      const others = serverIds.filter((id) => !side.includes(id));
      const company = cut.companions.length === 0 ? "" : ` with ${cut.companions.join(" ")}`;
      return { label: `isolate ${who}${company}`, nodes: side, links: linksBetween([side, others]) };
    }
    const hears = victims.flatMap((victim) => serverIds.map((id): [NodeId, NodeId] => [id, victim]));
    return cut.direction === "in"
      ? { label: `${who} hears no server`, nodes: victims, links: hears }
      : { label: `no server hears ${who}`, nodes: victims, links: hears.map(([id, victim]) => [victim, id]) };
  }

  // --- Nodes ---

  private crash(target: Target) {
    const { world } = this.cluster;
    const victims = this.resolve(target).filter((id) => world.condition(id) !== "down");
    if (victims.length === 0) return null;
    for (const id of victims) world.crash(id);
    const heal = () => {
      for (const id of victims) world.start(id);
    };
    return { label: `crash ${this.describe(target, victims)}`, nodes: victims, heal };
  }

  private pause(target: Target) {
    const { world } = this.cluster;
    const victims = this.resolve(target).filter((id) => world.condition(id) === "up");
    if (victims.length === 0) return null;
    const lives = new Map(victims.map((id) => [id, world.incarnation(id)]));
    for (const id of victims) world.pause(id);
    const heal = () => {
      // A crash in between has ended the pause with the life that it paused.
      for (const id of victims) if (world.incarnation(id) === lives.get(id)) world.resume(id);
    };
    return { label: `pause ${this.describe(target, victims)}`, nodes: victims, heal };
  }

  private transfer(to: NodeId) {
    const { cluster } = this;
    const leader = this.leader();
    if (leader === null || cluster.world.condition(leader) !== "up") return null;
    const { serverIds } = cluster;
    if (!serverIds.includes(to)) return null;
    const successor = to === leader ? serverIds[(serverIds.indexOf(to) + 1) % serverIds.length]! : to;
    cluster.world.inject(leader, { kind: "transfer", to: successor });
    return { label: `${leader} hands over to ${successor}`, nodes: [leader, successor], heal: () => {} };
  }

  private resolve(target: Target): readonly NodeId[] {
    switch (target.kind) {
      case "node":
        return [target.id];
      case "all":
        return this.cluster.serverIds;
      case "leader": {
        const leader = this.leader();
        return leader === null ? [] : [leader];
      }
      default:
        return unreachable(target);
    }
  }

  private leader(): NodeId | null {
    const { cluster } = this;
    const leader = cluster.leader();
    return cluster.decider === null ? leader : cluster.decider.leader(leader);
  }

  private describe(target: Target, victims: readonly NodeId[]): string {
    if (target.kind === "leader") return `the leader (${victims.join(" ")})`;
    if (target.kind === "all") return `every server (${victims.join(" ")})`;
    return victims.join(" ");
  }

  // --- The network's storms ---

  private storm(fault: Fault, label: string) {
    // A copy: a schedule may hold the same object twice, and each storm ends on its own.
    const storm = { ...fault };
    this.storms.add(storm);
    this.setConditions();
    const heal = () => {
      this.storms.delete(storm);
      this.setConditions();
    };
    return { label: `the network ${label}`, nodes: [], heal };
  }

  /** Of several storms of one kind the worst counts. */
  private setConditions(): void {
    let { loss, duplication, reordering, extraDelay } = this.calm;
    for (const fault of this.storms) {
      if (fault.kind === "loss") loss = Math.max(loss, fault.permille);
      else if (fault.kind === "duplication") duplication = Math.max(duplication, fault.permille);
      else if (fault.kind === "reordering") reordering = Math.max(reordering, fault.permille);
      else if (fault.kind === "delay") extraDelay = Math.max(extraDelay, fault.upTo);
    }
    this.cluster.world.setConditions({ ...this.calm, loss, duplication, reordering, extraDelay });
  }
}

function linksBetween(groups: readonly (readonly NodeId[])[]): [NodeId, NodeId][] {
  return groups.flatMap((group, i) =>
    groups.flatMap((other, j) =>
      i === j ? [] : group.flatMap((from) => other.map((to): [NodeId, NodeId] => [from, to])),
    ),
  );
}
