/** The injector applies a schedule to a cluster: it resolves roles, counts what really struck, and heals. */

import { type Instant, type NodeId, unreachable } from "../../src/base/index.ts";
import type { AnyMembers } from "../cluster/index.ts";
import {
  type CountedClass,
  type Cut,
  type Fault,
  MessageFaults,
  type Schedule,
  type Target,
  type TimedFault,
} from "../faults/index.ts";
import type { Conditions } from "../sim/index.ts";
import { type MachineFault, strikeMachine } from "./machine.ts";
import { Occasions } from "./occasions.ts";
import type { FaultBand } from "./report.ts";

/** How to undo one fault. */
type Healing = () => void;

/** What a fault came to, when it found somebody to strike. */
interface Done {
  readonly label: string;
  readonly nodes: readonly NodeId[];
  readonly groups?: FaultBand["groups"];
  /** The same fault, with roles resolved. */
  readonly fault: Fault;
  readonly heal: Healing;
  /** Whether what it lay in wait for has come; it needs nothing, if not said. */
  readonly hasStruck?: () => boolean;
}

/** A fault that has struck, until it is healed. */
interface Strike {
  readonly fault: Fault;
  readonly band: FaultBand & { until: Instant };
  healed: boolean;
  readonly heal: Healing;
  readonly hasStruck: () => boolean;
}

/** Who must know what the injector does: of every fault and healing, and of messages that do not go their way. */
export interface Concerned {
  changed(): void;
  disturbed(): void;
}

const NOBODY: Concerned = { changed: () => {}, disturbed: () => {} };

export class Injector {
  private readonly cluster: AnyMembers;
  private readonly strikes: Strike[] = [];
  /** Who stays cut off after the faults; null while they last. */
  private rest: FaultBand | null = null;
  private calm: Conditions;
  private readonly storms = new Set<Fault>();
  private readonly concerned: Concerned;
  /** The schedule is a record. */
  private readonly recorded: boolean = false;

  /**
   * Schedules what the schedule says, up to `end`: nothing strikes then or later, and what struck before is healed by
   * then at the latest. Between faults the network is as the cluster was set up.
   */
  constructor(
    cluster: AnyMembers,
    schedule: Schedule,
    end: Instant = Number.POSITIVE_INFINITY,
    concerned: Concerned = NOBODY,
  ) {
    this.cluster = cluster;
    this.concerned = concerned;
    this.calm = cluster.world.network.conditions;
    const faults = schedule.faults.filter(({ at }) => at < end);
    const { world } = cluster;
    const { messages } = schedule;
    if (messages !== undefined) {
      this.recorded = true;
      world.network.interceptor = new MessageFaults(world, messages, () => concerned.disturbed());
    }
    const timed = faults.map((each) => ({ ...each, until: Math.min(each.until, end) }));
    for (const fault of timed) if (fault.on === undefined) this.at(fault.at, () => this.strike(fault));
    new Occasions(
      cluster,
      timed.filter(({ on }) => on !== undefined),
      (fault) => this.strike(fault),
    );
  }

  /** What was recorded happens where it happened then. */
  private at(time: Instant, action: () => void): void {
    const { world } = this.cluster;
    if (this.recorded && time > world.now) world.early(time, action);
    else world.at(time, action);
  }

  /** The faults' time is over: the network itself is reliable from now on, but for a rest that stays cut off. */
  calmDown(rest: readonly NodeId[]): void {
    const { now } = this.cluster.world;
    const label = `${rest.join(" ")} stay cut off: the others must do without`;
    if (rest.length > 0)
      this.rest = { kind: "healing", label, at: now, until: Number.MAX_SAFE_INTEGER, nodes: rest };
    this.calm = { ...this.calm, reliable: true, duplication: 0, reordering: 0 };
    this.setConditions();
  }

  /** What really struck, in order, cut off at the end of the run. */
  struck(end: Instant): readonly FaultBand[] {
    const bands = this.strikes.map(({ band }) => band);
    const all = this.rest === null ? bands : [...bands, this.rest];
    return all.map((band) => ({ ...band, until: Math.min(band.until, end) }));
  }

  /** The same as data: whoever injects it does the same, roles resolved. */
  decisions(end: Instant): readonly TimedFault[] {
    return this.strikes.map(({ fault, band }) => ({
      at: band.at,
      until: Math.min(band.until, end),
      fault,
    }));
  }

  /** How often each of these classes struck: messages for the network's, faults for the others. */
  counts(classes: readonly CountedClass[]): Readonly<Record<string, number>> {
    const { counters } = this.cluster.world.network;
    const messages: Partial<Record<CountedClass, number>> = {
      loss: counters.lost,
      delay: counters.delayed,
      duplication: counters.duplicated,
      reordering: counters.reordered,
    };
    return Object.fromEntries(
      classes.map((kind) => [
        kind,
        messages[kind] ??
          this.strikes.filter(({ fault, hasStruck }) => fault.kind === kind && hasStruck()).length,
      ]),
    );
  }

  /** Strikes at this instant, until whoever asked heals it. Null if it found no victim. */
  begin(fault: Fault, until: Instant = Number.MAX_SAFE_INTEGER): { heal(): void } | null {
    const done = this.apply(fault);
    // Nobody leads, or it is down already: a fault that found no victim did not happen.
    if (done === null) return null;
    const { label, nodes, groups } = done;
    const concerned = groups === undefined ? { nodes } : { nodes, groups };
    const band = { kind: fault.kind, label, at: this.cluster.world.now, until, ...concerned };
    const strike: Strike = {
      fault: done.fault,
      band,
      healed: false,
      hasStruck: done.hasStruck ?? (() => true),
      heal: () => {
        if (strike.healed) return;
        strike.healed = true;
        band.until = this.cluster.world.now;
        done.heal();
        this.concerned.changed();
      },
    };
    this.strikes.push(strike);
    this.concerned.changed();
    return strike;
  }

  /** Heals whatever nobody has healed, in the order in which it struck. */
  healAll(): void {
    for (const strike of this.strikes) strike.heal();
  }

  private strike({ until, fault }: TimedFault): void {
    const strike = this.begin(fault, until);
    if (strike !== null) this.at(until, () => strike.heal());
  }

  private apply(fault: Fault): Done | null {
    switch (fault.kind) {
      case "partition":
        return this.partition(fault);
      case "crash":
        return this.crash(fault);
      case "pause":
        return this.pause(fault);
      case "clock":
      case "fsync":
      case "rot":
        return this.machine(fault);
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
      case "membership":
        return this.membership(fault);
      default:
        return unreachable(fault);
    }
  }

  // --- Partitions ---

  private partition(fault: Fault & { readonly kind: "partition" }): Done | null {
    const sides = this.sides(fault.cut);
    if (sides === null) return null;
    const { network } = this.cluster.world;
    const links = sides.links.filter(([from, to]) => from !== to);
    if (links.length === 0) return null;
    for (const [from, to] of links) network.cut(from, to);
    const heal = () => {
      for (const [from, to] of links) network.heal(from, to);
    };
    const { label, nodes, cut } = sides;
    const groups = cut.kind === "groups" ? { groups: cut.groups } : {};
    return { label, nodes, ...groups, fault: { ...fault, cut }, heal };
  }

  private sides(
    cut: Cut,
  ): { label: string; nodes: readonly NodeId[]; links: [NodeId, NodeId][]; cut: Cut } | null {
    const { serverIds } = this.cluster;
    if (cut.kind === "groups") {
      const label = `cut ${cut.groups.map((group) => group.join(" ") || "nobody").join(" | ")}`;
      return { label, nodes: cut.groups.flat(), links: linksBetween(cut.groups), cut };
    }
    const victims = this.resolve(cut.target);
    if (victims.length === 0) return null;
    const who = this.describe(cut.target, victims);
    const resolved = { ...cut, target: resolvedTo(cut.target, victims) };
    if (cut.kind === "isolate") {
      const side = [...new Set([...victims, ...cut.companions])];
      const others = serverIds.filter((id) => !side.includes(id));
      const company = cut.companions.length === 0 ? "" : ` with ${cut.companions.join(" ")}`;
      const label = `isolate ${who}${company}`;
      return { label, nodes: side, links: linksBetween([side, others]), cut: resolved };
    }
    const hears = victims.flatMap((victim) => serverIds.map((id): [NodeId, NodeId] => [id, victim]));
    const is = { nodes: victims, cut: resolved };
    return cut.direction === "in"
      ? { ...is, label: `${who} hears no server`, links: hears }
      : { ...is, label: `no server hears ${who}`, links: hears.map(([id, victim]) => [victim, id]) };
  }

  // --- Nodes ---

  private crash(fault: Fault & { readonly kind: "crash" }): Done | null {
    const { target, kept = null } = fault;
    const { world } = this.cluster;
    const victims = this.resolve(target).filter((id) => world.condition(id) !== "down");
    if (victims.length === 0) return null;
    for (const id of victims) world.crash(id, kept);
    const heal = () => {
      for (const id of victims) world.start(id);
    };
    const keeps = kept === null ? "" : `, its disk keeps ${kept} of its latest writes`;
    const label = `crash ${this.describe(target, victims)}${keeps}`;
    return { label, nodes: victims, fault: { ...fault, target: resolvedTo(target, victims) }, heal };
  }

  private pause(fault: Fault & { readonly kind: "pause" }): Done | null {
    const { target } = fault;
    const { world } = this.cluster;
    const victims = this.resolve(target).filter((id) => world.condition(id) === "up");
    if (victims.length === 0) return null;
    const lives = new Map(victims.map((id) => [id, world.incarnation(id)]));
    for (const id of victims) world.pause(id);
    const heal = () => {
      // A crash in between has ended the pause with the life that it paused.
      for (const id of victims) if (world.incarnation(id) === lives.get(id)) world.resume(id);
    };
    const label = `pause ${this.describe(target, victims)}`;
    return { label, nodes: victims, fault: { ...fault, target: resolvedTo(target, victims) }, heal };
  }

  /** What goes on inside of a server's machine: its clock and its disk. */
  private machine(fault: MachineFault): Done | null {
    const { target } = fault;
    const done = strikeMachine(this.cluster, fault, this.resolve(target), () => this.concerned.changed());
    if (done === null) return null;
    const label = done.says(this.describe(target, done.nodes));
    return { ...done, label, fault: { ...fault, target: resolvedTo(target, done.nodes) } };
  }

  private transfer(to: NodeId): Done | null {
    const { cluster } = this;
    const leader = this.cluster.leaderToStrike();
    if (leader === null || cluster.world.condition(leader) !== "up") return null;
    const { serverIds } = cluster;
    if (!serverIds.includes(to)) return null;
    const successor = to === leader ? serverIds[(serverIds.indexOf(to) + 1) % serverIds.length]! : to;
    cluster.transfer(leader, successor);
    return {
      label: `${leader} hands over to ${successor}`,
      nodes: [leader, successor],
      fault: { kind: "transfer", to: successor },
      heal: () => {},
    };
  }

  /** What is so already is left out, and where nothing is left nobody is asked. */
  private membership(fault: Fault & { readonly kind: "membership" }): Done | null {
    const { cluster } = this;
    const leader = cluster.leaderToStrike();
    if (leader === null || cluster.world.condition(leader) !== "up") return null;
    const members = cluster.membersOf(leader);
    const add = fault.add.filter((id) => !members.includes(id));
    const gone = fault.remove.flatMap((target) => this.resolve(target)).filter((id) => members.includes(id));
    const next = [...members.filter((id) => !gone.includes(id)), ...add];
    if ((add.length === 0 && gone.length === 0) || next.length === 0) return null;
    cluster.change(leader, next);
    return {
      label: membershipLabel(leader, add, gone),
      nodes: [leader, ...add, ...gone.filter((id) => id !== leader)],
      fault: { kind: "membership", add, remove: gone.map((id) => ({ kind: "node", id })) },
      heal: () => {},
    };
  }

  private resolve(target: Target): readonly NodeId[] {
    switch (target.kind) {
      case "node":
        return [target.id];
      case "all":
        return this.cluster.serverIds;
      case "leader": {
        const leader = this.cluster.leaderToStrike();
        return leader === null ? [] : [leader];
      }
      default:
        return unreachable(target);
    }
  }

  private describe(target: Target, victims: readonly NodeId[]): string {
    if (target.kind === "leader") return `the leader (${victims.join(" ")})`;
    if (target.kind === "all") return `every server (${victims.join(" ")})`;
    return victims.join(" ");
  }

  // --- The network's storms ---

  private storm(fault: Fault, label: string): Done {
    // A copy: a schedule may hold the same object twice, and each storm ends on its own.
    const storm = { ...fault };
    this.storms.add(storm);
    this.setConditions();
    const heal = () => {
      this.storms.delete(storm);
      this.setConditions();
    };
    return { label: `the network ${label}`, nodes: [], fault, heal };
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

/** Of several victims there is only the one who plays a role that another could play the next time. */
function resolvedTo(target: Target, victims: readonly NodeId[]): Target {
  return target.kind === "leader" ? { kind: "node", id: victims[0]! } : target;
}

/** "n1 is asked to take in n6 for n2". */
function membershipLabel(leader: NodeId, add: readonly NodeId[], gone: readonly NodeId[]): string {
  const leaving = gone.map((id) => (id === leader ? "itself" : id)).join(" ");
  if (add.length === 0) return `${leader} is asked to remove ${leaving}`;
  return `${leader} is asked to take in ${add.join(" ")}${gone.length === 0 ? "" : ` for ${leaving}`}`;
}

function linksBetween(groups: readonly (readonly NodeId[])[]): [NodeId, NodeId][] {
  return groups.flatMap((group, i) =>
    groups.flatMap((other, j) =>
      i === j ? [] : group.flatMap((from) => other.map((to): [NodeId, NodeId] => [from, to])),
    ),
  );
}
