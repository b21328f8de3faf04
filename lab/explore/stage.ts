/**
 * Where one coarse step is played: a driver of the real actors for which time stands still. Election timeouts and
 * heartbeats last no time at all, so each may pass whenever the exploration wants it to and the draw of a timeout says
 * nothing; a message arrives only if the step says so; a disk is quick unless it is told to be slow.
 */

import { AssertionError, type Message, type NodeId, type Persist, Random } from "../../src/base/index.ts";
import {
  type Entry,
  Raft,
  type RaftEffect,
  type RaftInput,
  type RaftMessage,
  type RaftOptions,
  type RaftRecord,
  raftStorage,
} from "../../src/raft/index.ts";
import { type Sight, see } from "../cluster/index.ts";
import { Invariants, type RaftServers } from "../oracles/index.ts";
import { type Bounds, NOTHING_SPENT, type Spent } from "./bounds.ts";
import type { Cell } from "./cell.ts";
import { copyOf } from "./copy.ts";
import type { Memory, Parts, World } from "./world.ts";

/** What went wrong, in an invariant's words. */
export interface Wrong {
  /** Such as "leader completeness". */
  readonly name: string;
  readonly message: string;
}

interface Envelope {
  readonly from: NodeId;
  readonly message: Message<RaftMessage>;
}

/** An election timeout of no time is drawn from nothing. */
class NoChance extends Random {
  override below(): number {
    return 0;
  }
}

const NO_CHANCE = new NoChance("no chance");

/** A snapshot is a byte for each command, and every byte a chunk. */
const CHUNK = 1;

const NOW = 0;

export class Stage {
  readonly serverIds: readonly NodeId[];
  wrong: Wrong | null = null;
  /** Sent in this coarse step and not yet taken up; what is left at its end is lost. */
  private posted: Envelope[] = [];
  /** What has arrived in this coarse step, in order. */
  readonly heard: RaftMessage[] = [];
  private readonly bounds: Bounds;
  private readonly RaftClass: typeof Raft;
  private readonly parts: Parts;
  /** The first of them: all others are copies, and tell it what they see through their parts' closures. */
  private readonly invariants: Invariants;
  private cells: Cell[] = [];
  private own: boolean[] = [];
  private memory: Memory;
  private before: World | null = null;

  constructor(serverIds: readonly NodeId[], bounds: Bounds, parts: Parts, RaftClass: typeof Raft = Raft) {
    this.serverIds = serverIds;
    this.bounds = bounds;
    this.parts = parts;
    this.RaftClass = RaftClass;
    this.invariants = new Invariants(this.servers());
    this.memory = { invariants: this.invariants, order: [] };
  }

  /** Frozen, so that copies of the invariants share it. */
  private servers(): RaftServers {
    return Object.freeze({
      serverIds: this.serverIds,
      world: Object.freeze({
        now: NOW,
        condition: () => "up" as const,
        image: (id: NodeId) => this.look(id).image,
      }),
      raft: (id: NodeId) => this.look(id).raft,
    });
  }

  // --- From world to world ---

  /** All servers are new and nothing has happened. */
  first(): World {
    this.cells = this.serverIds.map((id) => {
      const image = raftStorage.empty();
      const raft = new this.RaftClass(this.optionsOf(id), image, NOW);
      return { id, raft, image, writes: [], durableMark: 0, late: new Set(), applied: [], reads: new Map() };
    });
    this.own = this.serverIds.map(() => true);
    for (const id of this.serverIds) {
      const { raft } = this.cell(id);
      const sight = see(raft, false);
      this.memory.invariants.changed(id, { ...sight, raft: null }, sight);
    }
    return this.world(NOTHING_SPENT);
  }

  enter(world: World): void {
    // Before it is copied: the first world remembers with the first of them.
    this.invariants.broken = null;
    this.before = world;
    this.cells = world.cells.map(({ value }) => value);
    this.own = world.cells.map(() => false);
    this.memory = copyOf(world.memory.value);
    this.posted = [];
    this.heard.length = 0;
    this.wrong = null;
  }

  /** The world that it has come to. */
  leave(spent: Spent): World | Wrong {
    if (!this.bounds.pipelining) this.passHeartbeat();
    if (this.wrong !== null) return this.wrong;
    this.memory.invariants.forgetPastVotes();
    return this.world(spent);
  }

  /** Without an answer: what is under way is lost, its senders know it, and no two worlds differ in it alone. */
  private passHeartbeat(): void {
    for (const [i, { id, raft }] of this.cells.entries()) {
      if (this.own[i] && raft.role === "leader") this.step(id, { kind: "deadline" });
    }
  }

  private world(spent: Spent): World {
    const cells = this.cells.map((cell, i) => (this.own[i] ? this.parts.cell(cell) : this.before!.cells[i]!));
    return { cells, memory: this.parts.memory(this.memory), spent };
  }

  /** For looking only. */
  look(id: NodeId): Cell {
    return this.cells[this.serverIds.indexOf(id)]!;
  }

  /** For changing: a copy of its own. */
  cell(id: NodeId): Cell {
    const i = this.serverIds.indexOf(id);
    if (!this.own[i]) {
      this.cells[i] = copyOf(this.cells[i]!);
      this.own[i] = true;
    }
    return this.cells[i]!;
  }

  // --- Servers ---

  step(id: NodeId, input: RaftInput, slowDisk = false): void {
    if (this.wrong !== null) return;
    if (input.kind === "request" || input.kind === "reply") this.heard.push(input.payload);
    const cell = this.cell(id);
    const before = see(cell.raft, false);
    const effects = this.effectsOf(cell, input);
    for (const effect of effects)
      if (effect.kind === "request" || effect.kind === "reply") this.post(id, effect);
    this.observe(cell, before);
    for (const effect of effects) this.follow(cell, effect, slowDisk);
    if (cell.applied.length !== cell.raft.lastApplied) {
      const message = `${id} has applied up to ${cell.raft.lastApplied}, its state machine is at ${cell.applied.length}`;
      this.fail("applied in order", message);
    }
    if (cell.raft.role !== "leader") cell.reads.clear();
  }

  private observe({ id, raft }: Cell, before: Sight): void {
    this.memory.invariants.changed(id, before, see(raft, false));
    const broken = this.memory.invariants.broken ?? this.invariants.broken;
    if (broken !== null) this.fail(broken.name, broken.message);
  }

  private effectsOf({ raft }: Cell, input: RaftInput): readonly RaftEffect[] {
    try {
      return raft.step(NOW, input);
    } catch (error) {
      if (!(error instanceof AssertionError)) throw error;
      this.fail("assertion", error.message);
      return [];
    }
  }

  private follow(cell: Cell, effect: RaftEffect, slowDisk: boolean): void {
    switch (effect.kind) {
      case "persist":
        if (!slowDisk && cell.writes.length === 0) this.write(cell, effect);
        // What only waits is lost; there would be no end to it.
        else if (effect.record !== null) cell.writes.push({ ...effect, thenSend: [] });
        break;
      case "commit":
        this.apply(cell, effect.index, effect.entries);
        break;
      case "restore":
        cell.applied = commandsIn(effect.snapshot.data);
        for (const index of cell.applied.keys()) this.checkOrder(cell, index);
        break;
      case "readable":
        for (const id of effect.ids) this.answerRead(cell, id);
        break;
      case "request":
      case "reply":
        break;
    }
  }

  private write(cell: Cell, { mark, record, thenSend }: Persist<RaftMessage, RaftRecord>): void {
    if (record !== null) raftStorage.write(cell.image, record);
    cell.durableMark = mark;
    for (const message of thenSend) this.post(cell.id, message);
    this.step(cell.id, { kind: "durable", mark });
  }

  /** Of a slow disk, the oldest write. */
  sync(id: NodeId): void {
    const cell = this.cell(id);
    const persist = cell.writes.shift();
    if (persist !== undefined) this.write(cell, persist);
  }

  /** Power loss, and the server comes back with what is on its disk. */
  restart(id: NodeId): void {
    const cell = this.cell(id);
    const before = see(cell.raft, false);
    cell.raft = new this.RaftClass(this.optionsOf(id), cell.image, NOW);
    cell.writes = [];
    cell.durableMark = 0;
    cell.applied = cell.image.snapshot === null ? [] : commandsIn(cell.image.snapshot.data);
    cell.reads = new Map();
    const requests = [...cell.late].filter(({ kind }) => kind === "request");
    cell.late = new Set(requests.map((late) => Object.freeze({ ...late, call: null })));
    this.observe(cell, before);
  }

  compact(id: NodeId): void {
    const { applied, raft } = this.cell(id);
    const data = Uint8Array.from(applied, (command) => command.charCodeAt(0));
    this.step(id, { kind: "compact", index: raft.lastApplied, data });
  }

  /** What was answered anywhere before must be in the answer. */
  read(id: NodeId, read: number): void {
    this.cell(id).reads.set(read, this.memory.order.length);
    this.step(id, { kind: "read", id: read });
  }

  private answerRead({ id, applied, reads }: Cell, read: number): void {
    const known = reads.get(read);
    reads.delete(read);
    if (known === undefined || applied.length >= known) return;
    const message = `${id} answers a read after ${applied.length} of the ${known} commands that were applied when it was asked`;
    this.fail("stale read", message);
  }

  private apply(cell: Cell, index: number, entries: readonly Entry[]): void {
    // What comes before is missing: the state machine stays behind, which is told at the step's end.
    if (index !== cell.applied.length + 1) return;
    for (const { command } of entries) {
      cell.applied.push(command as string);
      this.checkOrder(cell, cell.applied.length - 1);
    }
  }

  private checkOrder({ id, applied }: Cell, index: number): void {
    const { order } = this.memory;
    if (index === order.length) order.push(applied[index]!);
    else if (order[index] !== applied[index]) {
      const message = `${id} applied ${applied[index]} at ${index + 1}, where another had applied ${order[index]}`;
      this.fail("applied agreement", message);
    }
  }

  // --- The network ---

  private post(from: NodeId, message: Message<RaftMessage>): void {
    this.memory.invariants.sent(from, message.to, message.payload);
    this.posted.push({ from, message });
  }

  /** Takes up the oldest message on this link of which this holds; null if there is none. */
  take(
    from: NodeId,
    to: NodeId,
    isIt: (message: Message<RaftMessage>) => boolean,
  ): Message<RaftMessage> | null {
    const at = this.posted.findIndex(
      (envelope) => envelope.from === from && envelope.message.to === to && isIt(envelope.message),
    );
    return at < 0 ? null : this.posted.splice(at, 1)[0]!.message;
  }

  private fail(name: string, message: string): void {
    this.wrong ??= { name, message };
  }

  private optionsOf(id: NodeId): RaftOptions {
    return Object.freeze({
      id,
      members: this.serverIds,
      random: NO_CHANCE,
      timing: { electionTimeout: 0, heartbeatInterval: 0 },
      features: { preVote: this.bounds.preVote, checkQuorum: false },
      limits: { maxBatch: 64, window: this.bounds.pipelining ? 8 : 1, chunk: CHUNK },
    });
  }
}

function commandsIn(data: Uint8Array): string[] {
  return Array.from(data, (code) => String.fromCharCode(code));
}
