/**
 * Where golden scripts play: a group of servers whose every move is a command, and Figure 3 watching. Disks write at
 * once unless they are stalled; messages lie under way until a command delivers or drops them.
 */

import type { NodeId } from "../../../src/base/index.ts";
import type { Raft } from "../../../src/raft/index.ts";
import { entriesOf, termsOf } from "../bench.ts";
import { Figure3 } from "../figure3.ts";
import { type Envelope, type Group, type Member, shown } from "../group.ts";
import { Cast } from "./cast.ts";
import { Mistake } from "./script.ts";

/** More messages than any script here needs. */
const STORM = 2000;

/** Of the messages that a command means. */
export type Which = "all" | "first" | "last";

export class Stage {
  readonly cast = new Cast();
  private started: { readonly group: Group; readonly figure3: Figure3 } | null = null;
  private readonly stalled = new Set<NodeId>();
  /** By server, the side it is on; empty while the network is whole. */
  private readonly sides = new Map<NodeId, number>();

  private get group(): Group {
    return this.begin().group;
  }

  private begin(): { readonly group: Group; readonly figure3: Figure3 } {
    if (this.started !== null) return this.started;
    const group = this.cast.found();
    group.isCut = (from, to) => this.sides.get(from) !== this.sides.get(to);
    const figure3 = new Figure3(group);
    this.tellOfBreaks(group);
    this.started = { group, figure3 };
    return this.started;
  }

  /** What breaks Figure 3 is told, once, and the script goes on: one of them is about that. */
  private tellOfBreaks(group: Group): void {
    const check = group.watch;
    const told = new Set<string>();
    group.watch = (member) => {
      try {
        check(member);
      } catch (error) {
        const { message } = error as Error;
        if (!told.has(message)) group.trace.push(`!!! ${message}`);
        told.add(message);
      }
    };
  }

  // --- Servers ---

  /** Its election timeout passes. */
  timesOut(name: NodeId): void {
    if (this.up(name).role === "leader")
      throw new Mistake(`${name} leads, so it does not time out: it beats`);
    this.group.expire(name);
    this.writeDisks();
  }

  /** Its heartbeats are due. */
  beats(name: NodeId): void {
    this.leads(name);
    this.group.expire(name);
    this.writeDisks();
  }

  proposes(name: NodeId, command: string): void {
    if (!this.up(name).acceptsProposals) this.tell(`${name} takes no proposals`);
    else this.group.propose(name, command);
    this.writeDisks();
  }

  reads(name: NodeId, id: number): void {
    this.leads(name);
    this.begin().figure3.asked(id);
    this.group.step(name, { kind: "read", id });
    this.writeDisks();
  }

  handsOver(name: NodeId, to: NodeId): void {
    this.leads(name);
    this.cast.known(to);
    this.group.step(name, { kind: "transfer", to });
    this.writeDisks();
  }

  /** Why it does not begin to, if it does not. */
  changes(name: NodeId, members: readonly NodeId[]): void {
    for (const member of members) this.cast.known(member);
    const refusal = this.up(name).refusalOf(members);
    if (refusal !== null) this.tell(`${name} ${refusal}`);
    this.group.change(name, ...members);
    this.writeDisks();
  }

  compacts(name: NodeId): void {
    this.up(name);
    this.group.compact(name);
    this.writeDisks();
  }

  /** Power loss. Of the writes under way the disk keeps the first so many. */
  crashes(name: NodeId, kept: number): void {
    this.up(name);
    const { writes } = this.group.member(name);
    if (kept > writes.length) throw new Mistake(`${name} has ${writes.length} writes under way, not ${kept}`);
    this.group.crash(name, kept);
  }

  /** Of an entry on its disk, while it is down. */
  rots(name: NodeId, index: number): void {
    const { raft, image } = this.member(name);
    if (raft !== null) throw new Mistake(`${name} is up: what rots is noticed at its restart`);
    if (!image.log.has(index)) throw new Mistake(`${name} has no entry ${index} on its disk`);
    this.group.rot(name, index);
  }

  restarts(name: NodeId): void {
    if (this.member(name).raft !== null) throw new Mistake(`${name} is up already`);
    this.group.start(name);
  }

  // --- Disks ---

  stalls(name: NodeId): void {
    this.up(name);
    this.stalled.add(name);
  }

  goesOn(name: NodeId): void {
    this.up(name);
    if (!this.stalled.delete(name)) throw new Mistake(`the disk of ${name} is not stalled`);
    this.writeDisks();
  }

  private writeDisks(): void {
    for (const name of this.cast.names) if (!this.stalled.has(name)) this.group.sync(name);
  }

  // --- The network ---

  cut(sides: readonly (readonly NodeId[])[]): void {
    const names = sides.flat();
    for (const name of names) this.cast.known(name);
    if (names.length !== this.cast.names.length || new Set(names).size !== this.cast.names.length) {
      throw new Mistake(`expected each of ${this.cast.names.join(" ")} on one side`);
    }
    for (const [side, members] of sides.entries()) for (const name of members) this.sides.set(name, side);
  }

  heal(): void {
    this.sides.clear();
  }

  /** Everything under way arrives, in order, and what comes of it, until all is quiet. */
  settle(): void {
    for (let deliveries = 0; deliveries < STORM; deliveries++) {
      this.writeDisks();
      const envelope = this.group.mail.shift();
      if (envelope === undefined) return;
      this.arrives(envelope);
    }
    throw new Mistake(`no quiet after ${STORM} messages`);
  }

  deliver(which: Which, from: NodeId | null, to: NodeId | null): void {
    for (const envelope of this.take(which, from, to)) {
      if (this.member(envelope.message.to).raft !== null) {
        this.tell(`${envelope.message.to} hears ${lineOf(envelope)}`);
      }
      this.arrives(envelope);
      this.writeDisks();
    }
  }

  /** They are lost, and nobody is told. */
  drop(which: Which, from: NodeId | null, to: NodeId | null): void {
    for (const envelope of this.take(which, from, to)) this.tell(`lost: ${lineOf(envelope)}`);
  }

  /** They are lost, and whoever made the call is told that it has no answer. */
  fail(which: Which, from: NodeId | null, to: NodeId | null): void {
    for (const envelope of this.take(which, from, to)) {
      const { from: sender, message } = envelope;
      const [caller, called] = message.kind === "request" ? [sender, message.to] : [message.to, sender];
      this.tell(`lost, and ${caller} is told so: ${lineOf(envelope)}`);
      this.group.step(caller, { kind: "unanswered", from: called, call: message.call });
      this.writeDisks();
    }
  }

  /** A copy of each follows behind all that is under way. */
  repeat(which: Which, from: NodeId | null, to: NodeId | null): void {
    for (const envelope of this.underWay(which, from, to)) this.group.mail.push({ ...envelope });
  }

  private arrives(envelope: Envelope): void {
    const { to } = envelope.message;
    if (this.group.member(to).raft === null) this.tell(`${to} is down and misses ${lineOf(envelope)}`);
    else this.group.deliver(envelope);
  }

  private take(which: Which, from: NodeId | null, to: NodeId | null): readonly Envelope[] {
    const found = this.underWay(which, from, to);
    this.group.mail = this.group.mail.filter((envelope) => !found.includes(envelope));
    return found;
  }

  private underWay(which: Which, from: NodeId | null, to: NodeId | null): readonly Envelope[] {
    for (const end of [from, to]) if (end !== null) this.cast.known(end);
    const { mail } = this.group;
    const found = mail.filter(
      (each) => (from ?? each.from) === each.from && (to ?? each.message.to) === each.message.to,
    );
    if (found.length === 0) {
      const all = mail.map((each) => `\n  ${lineOf(each)}`).join("") || " nothing";
      throw new Mistake(`nothing is under way ${from ?? "*"} -> ${to ?? "*"}, but:${all}`);
    }
    if (which === "all") return found;
    return [which === "first" ? found[0]! : found.at(-1)!];
  }

  // --- What is to be seen ---

  /** Each server's log as the paper draws it, by its entries' terms; what stands before the bar is committed. */
  show(): void {
    const width = Math.max(...this.cast.names.map((name) => name.length));
    for (const member of this.group.members.values()) {
      this.tell(`${member.id.padEnd(width)}  ${stateOf(member)}`);
    }
  }

  /** What has happened since the last time. */
  told(): readonly string[] {
    return this.started === null ? [] : this.started.group.trace.splice(0);
  }

  private tell(line: string): void {
    this.group.trace.push(line);
  }

  // --- Who is meant ---

  private member(name: NodeId): Member {
    this.cast.known(name);
    return this.group.member(name);
  }

  private up(name: NodeId): Raft {
    const { raft } = this.member(name);
    if (raft === null) throw new Mistake(`${name} is down`);
    return raft;
  }

  private leads(name: NodeId): void {
    const { role } = this.up(name);
    if (role !== "leader") throw new Mistake(`${name} does not lead, it is a ${role}`);
  }
}

function lineOf({ from, message }: Envelope): string {
  return `${from} -> ${message.to}: ${shown(message.payload)}`;
}

function stateOf({ raft, image }: Member): string {
  const { currentTerm: term, log } = raft ?? image;
  const committed = raft === null ? log.snapshotIndex : raft.commitIndex;
  const terms = termsOf(entriesOf(log));
  const snapshot = log.snapshotIndex === 0 ? [] : [`(${log.snapshotIndex} in a snapshot)`];
  const there = committed - log.snapshotIndex;
  const drawn = [...snapshot, ...terms.slice(0, there), "|", ...terms.slice(there)].join(" ");
  return `${(raft?.role ?? "down").padEnd(9)}  term ${term}  ${drawn}`;
}
