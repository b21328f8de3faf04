/** Sees what clients ask, what servers answer, and what the clients make of it. */

import { kv } from "porcupine-ts";
import { assert, type Instant, type NodeId } from "../../../src/base/index.ts";
import type { ClerkRequest, Command, KvMessage, ServerEffect, ServerInput } from "../../../src/kv/index.ts";
import { type Configuration, configurationOf, isQuorum, type Raft } from "../../../src/raft/index.ts";
import type { ClientNotice } from "../../workload/index.ts";
import { AcknowledgedWrites } from "./acknowledged.ts";
import { clockToBlame } from "./clock-witness.ts";
import type { Answered } from "./deed.ts";
import type { MachineWitness } from "./machine-witness.ts";
import type { MembershipWitness } from "./membership-witness.ts";
import { numberOf } from "./number.ts";
import { nowIn, type Scene, successorOf } from "./scene.ts";

/** A question that a server has to answer. */
interface Question {
  readonly message: ClerkRequest;
  /** How its request is called. */
  readonly number: string;
}

/** A result on its way. */
interface Given {
  readonly message: KvMessage;
  readonly question: ClerkRequest;
  /** The operation that it is meant for; null if that is not known. */
  readonly operation: number | null;
  readonly deed: { -readonly [Field in keyof Answered]: Answered[Field] };
}

/** A request since it came to a server for the first time: what a retry asks is asked since then. */
interface Request {
  readonly session: number;
  readonly request: number;
  /** The latest call that the server had made to a peer by then. */
  readonly afterCall: number;
  /** The server leads and has not answered at once: from now on a client waits. */
  isHeld: boolean;
}

/** What a server has heard from its peers. */
interface Contact {
  lastCall: number;
  /** By peer: the latest call that it has answered. */
  readonly answered: Map<NodeId, number>;
  /** By client and its call. */
  readonly questions: Map<string, Question>;
  /** By number. */
  readonly requests: Map<string, Request>;
  /** Numbers of requests that it put into its log, also of those that nobody waits for any more. */
  readonly proposed: Set<string>;
  /** By clerk that opens a session. */
  readonly openings: Map<string, { readonly name: string; readonly isHeld: true }>;
}

/** The server whose step is under way, before it. */
interface AtStep {
  readonly lastIndex: number;
  /** The term that it led; 0 if none. */
  readonly led: number;
  /** By its own clock, and as it reckons itself. */
  readonly holdsLease: boolean;
  /** Who votes, by its own log. */
  readonly configuration: Configuration;
}

export class ClientWitness {
  private readonly scene: Scene;
  private readonly members: MembershipWitness;
  private machines: MachineWitness | null = null;
  private begun = 0;
  /** By client: the operation that it waits for, and since when. */
  private readonly open = new Map<NodeId, { readonly operation: number; readonly since: Instant }>();
  /** By number of a request: the operation that it stands for. */
  private readonly operations = new Map<string, number>();
  private readonly contacts = new Map<NodeId, Contact>();
  private readonly given = new WeakMap<KvMessage, Given>();
  /** By client that waits: the latest result; null if nobody was seen to give it. */
  private readonly told = new Map<NodeId, { at: Instant; readonly given: Given | null }>();
  private readonly acknowledged = new AcknowledgedWrites();
  private atStep: AtStep = { lastIndex: 0, led: 0, holdsLease: false, configuration: configurationOf([]) };

  constructor(scene: Scene, members: MembershipWitness) {
    this.scene = scene;
    this.members = members;
  }

  attend(machines: MachineWitness): void {
    this.machines = machines;
  }

  operationOf(number: string): number | null {
    return this.operations.get(number) ?? null;
  }

  /** The operation that a result on its way answers; null if it is not known. */
  meantFor(message: KvMessage): number | null {
    return this.given.get(message)?.operation ?? null;
  }

  // --- Clients ---

  /** The result that the client takes with that; null if it takes none. */
  noticed(client: NodeId, notice: ClientNotice): KvMessage | null {
    const at = nowIn(this.scene);
    if (notice.kind === "invoke") {
      this.open.set(client, { operation: this.begun++, since: at });
      this.told.delete(client);
      return null;
    }
    const operation = this.open.get(client)?.operation;
    if (operation === undefined || notice.kind !== "response") return null;
    const told = this.told.get(client);
    // What came earlier it did not take: it ended the operation by itself.
    const isAnswered = told?.at === at;
    const given = isAnswered ? told.given : null;
    const meant = given?.operation ?? null;
    this.scene.deeds.push({ kind: "told", at, by: client, operation, isAnswered, meant });
    if (given !== null) this.took(given);
    return given?.message ?? null;
  }

  private took({ deed, question }: Given): void {
    deed.isTaken = true;
    const { kind, key } = question.operation;
    if (kind === "get" || deed.index === null) return;
    this.acknowledged.add(key, deed.index, nowIn(this.scene), deed.client, deed.words);
  }

  /** A clerk asks. */
  asked(client: NodeId, { session, request }: ClerkRequest): void {
    const operation = this.open.get(client)?.operation;
    if (operation === undefined) return;
    const number = numberOf(session, request);
    const known = this.operations.get(number);
    if (known === undefined) this.operations.set(number, operation);
    const other = known === undefined || known === operation ? null : known;
    const at = nowIn(this.scene);
    this.scene.deeds.push({ kind: "asked", at, by: client, operation, session, request, other });
  }

  delivered(to: NodeId, message: KvMessage): void {
    if (message.kind !== "result") return;
    this.told.set(to, { at: nowIn(this.scene), given: this.given.get(message) ?? null });
  }

  /** The client hears only now what came while it was paused. */
  woke(client: NodeId): void {
    const told = this.told.get(client);
    if (told !== undefined) told.at = nowIn(this.scene);
  }

  // --- Servers ---

  restarted(id: NodeId): void {
    this.contacts.delete(id);
  }

  serverSteps(id: NodeId, input: ServerInput): void {
    const contact = this.contactOf(id);
    const raft = this.scene.cluster.raft(id);
    if (raft !== null) this.atStep = this.before(raft);
    if (input.kind === "reply") {
      contact.answered.set(input.from, Math.max(input.call, contact.answered.get(input.from) ?? 0));
    } else if (input.kind === "request" && input.payload.kind === "clerkRequest") {
      const message = input.payload;
      const number = numberOf(message.session, message.request);
      contact.questions.set(`${input.from}:${input.call}`, { message, number });
      const { session, request } = message;
      // A session that asks for something else waits for nothing earlier; what comes late ends nothing.
      for (const [known, each] of contact.requests)
        if (each.session === session && each.request < request) contact.requests.delete(known);
      if (!contact.requests.has(number))
        contact.requests.set(number, { session, request, afterCall: contact.lastCall, isHeld: false });
    }
  }

  /** The entry that the server made of a request with this step; null if it made none. */
  serverStepped(id: NodeId, input: ServerInput, effects: readonly ServerEffect[]): number | null {
    const contact = this.contactOf(id);
    const entry =
      input.kind === "request" && input.payload.kind === "clerkRequest"
        ? this.seeProposal(id, contact, input.payload)
        : null;
    if (input.kind === "request" && input.payload.kind === "openSession")
      contact.openings.set(input.payload.clerk, { name: `${input.from}:${input.call}`, isHeld: true });
    for (const message of effects.flatMap(outgoing)) {
      if (message.kind === "request") contact.lastCall = Math.max(contact.lastCall, message.call);
      else this.replied(id, contact, message.to, message.call, message.payload);
    }
    if (input.kind === "request" && input.payload.kind === "clerkRequest") {
      const { session, request } = input.payload;
      const known = contact.requests.get(numberOf(session, request));
      if (known !== undefined) known.isHeld = this.scene.cluster.raft(id)?.role === "leader";
    }
    return entry;
  }

  /** The server leads this term no more. */
  left(id: NodeId, term: number): void {
    const contact = this.contactOf(id);
    const waiting = [...contact.requests.values(), ...contact.openings.values()].filter(
      ({ isHeld }) => isHeld,
    ).length;
    this.scene.deeds.push({ kind: "left", at: nowIn(this.scene), by: id, term, waiting });
    // They are told or they never will be: once is enough.
    for (const request of contact.requests.values()) request.isHeld = false;
    contact.openings.clear();
  }

  private before(raft: Raft): AtStep {
    const { role, log, currentTerm } = raft;
    return {
      lastIndex: log.lastIndex,
      led: role === "leader" ? currentTerm : 0,
      holdsLease: raft.holdsLease(this.scene.cluster.world.clock(raft.id)),
      configuration: this.members.placedIn(raft).configuration,
    };
  }

  private seeProposal(id: NodeId, contact: Contact, { session, request }: ClerkRequest): number | null {
    const log = this.scene.cluster.raft(id)?.log;
    const number = numberOf(session, request);
    if (log === undefined || !contact.requests.has(number) || log.lastIndex === log.snapshotIndex)
      return null;
    const command = log.entryAt(log.lastIndex).command as Command;
    if (command.kind !== "operation" || command.session !== session || command.request !== request)
      return null;
    contact.proposed.add(number);
    return log.lastIndex > this.atStep.lastIndex ? log.lastIndex : null;
  }

  private replied(id: NodeId, contact: Contact, client: NodeId, call: number, reply: KvMessage): void {
    const name = `${client}:${call}`;
    for (const [clerk, opening] of contact.openings) {
      if (opening.name === name) contact.openings.delete(clerk);
    }
    const question = contact.questions.get(name);
    if (question === undefined) return;
    if (reply.kind === "result") this.answered(id, contact, client, question, reply);
    // Some servers answer twice, so the question stays.
    contact.requests.delete(question.number);
  }

  private answered(
    id: NodeId,
    contact: Contact,
    client: NodeId,
    { message, number }: Question,
    reply: KvMessage,
  ): void {
    const raft = this.scene.cluster.raft(id);
    const { machines } = this;
    assert(raft !== null && machines !== null, () => `${id} answers although it is down`);
    const operation = this.operationOf(number);
    const { afterCall } = contact.requests.get(number) ?? { afterCall: 0 };
    const index = machines.placeOf(id, number);
    const { log, commitIndex, currentTerm, lastApplied } = raft;
    const role = this.atStep.led === currentTerm ? "leader" : raft.role;
    const isLocalRead = message.operation.kind === "get" && index === null && !contact.proposed.has(number);
    const confirmedBy = [...contact.answered].filter(([, last]) => last > afterCall).map(([peer]) => peer);
    // In the same step it may have changed who votes, or left office: the answer rests on what was before.
    const { configuration, holdsLease } = this.atStep;
    const isLeased = isLocalRead && holdsLease && role === "leader";
    const asked = isQuorum(new Set([id, ...confirmedBy]), configuration);
    const deed: Given["deed"] = {
      kind: "answered",
      at: nowIn(this.scene),
      by: id,
      client,
      isTaken: false,
      operation,
      words: kv.describe(message.operation, null).replace(/ -> \?$/, ""),
      role,
      term: currentTerm,
      index,
      isLocalRead,
      lastApplied,
      missed: isLocalRead ? this.missedBy(client, message, operation, lastApplied) : null,
      instead: index === null ? machines.appliedInstead(id, number) : null,
      confirmedBy,
      lease: isLeased && !asked ? { wrongClock: clockToBlame(this.scene, id) } : null,
      hasOwnEntry: log.has(commitIndex) && log.termAt(commitIndex) === currentTerm,
      successor: successorOf(this.scene, currentTerm),
      configuration,
    };
    this.scene.deeds.push(deed);
    this.given.set(reply, { message: reply, question: message, operation, deed });
  }

  private missedBy(
    client: NodeId,
    { operation: { key } }: ClerkRequest,
    operation: number | null,
    lastApplied: number,
  ): Answered["missed"] {
    const open = this.open.get(client);
    // Nobody waits any more for what came so late.
    if (open === undefined || open.operation !== operation) return null;
    return this.acknowledged.missedBy(key, lastApplied, open.since);
  }

  private contactOf(id: NodeId): Contact {
    const known = this.contacts.get(id);
    if (known !== undefined) return known;
    const fresh = {
      lastCall: 0,
      answered: new Map(),
      questions: new Map(),
      requests: new Map(),
      proposed: new Set<string>(),
      openings: new Map(),
    };
    this.contacts.set(id, fresh);
    return fresh;
  }
}

function outgoing(effect: ServerEffect) {
  if (effect.kind === "persist") return effect.thenSend;
  return effect.kind === "request" || effect.kind === "reply" ? [effect] : [];
}
