/**
 * A few Raft servers and every message between them, in the test's hands. Nothing moves by itself: the test delivers,
 * drops and repeats messages, lets disks finish, fires timeouts and crashes servers, and may ask for a trace of it. The
 * state machine is the list of all that was applied, and so is a snapshot of it.
 */

import { type Instant, type Message, type NodeId, type Persist, Random } from "../../src/base/index.ts";
import {
  type Entry,
  isConfiguration,
  LOST,
  Raft,
  type RaftImage,
  type RaftInput,
  RaftLog,
  type RaftMessage,
  type RaftOptions,
  type RaftRecord,
  raftStorage,
} from "../../src/raft/index.ts";
import { bytesOf, figure2, textOf, timing } from "./bench.ts";

export interface Envelope {
  readonly from: NodeId;
  /** Replies reach only the life that asked. */
  readonly life: number;
  readonly message: Message<RaftMessage>;
}

export interface Member {
  readonly id: NodeId;
  image: RaftImage;
  /** Null while it is down. */
  raft: Raft | null;
  life: number;
  writes: Persist<RaftMessage, RaftRecord>[];
  /** What this life has applied, from index 1 on: by itself or in a snapshot. */
  applied: Entry[];
}

/** What a group may have that is not Figure 2's. */
export interface GroupOptions extends Pick<RaftOptions, "features" | "limits" | "lease"> {
  /** One for each log; n1, n2 ... if not said. */
  readonly names: readonly NodeId[];
  /** Who votes at first; everybody, if not said. The others wait to be added. */
  readonly voters: readonly NodeId[];
  /** Raft, or what a test has made of it. */
  readonly Raft: typeof Raft;
}

export class Group {
  now: Instant = 0;
  readonly members = new Map<NodeId, Member>();
  /** On their way, oldest first. */
  mail: Envelope[] = [];
  readonly trace: string[] = [];
  /** Called after every step of a server. */
  watch: (member: Member) => void = () => {};
  /** Called for every read that may be answered. */
  onReadable: (member: Member, read: number) => void = () => {};
  /** True for a link on which nothing that is sent now will ever arrive. */
  isCut: (from: NodeId, to: NodeId) => boolean = () => false;
  private readonly options: Pick<RaftOptions, "features" | "limits" | "lease">;
  private readonly Raft: typeof Raft;
  private readonly voters: readonly NodeId[];

  constructor(logs: readonly (readonly Entry[])[], term = 0, options: Partial<GroupOptions> = {}) {
    const {
      names = logs.map((_, i) => `n${i + 1}`),
      voters = names,
      Raft: Server = Raft,
      ...changed
    } = options;
    this.options = { ...figure2, ...changed };
    this.Raft = Server;
    this.voters = voters;
    for (const [i, log] of logs.entries()) {
      const image = { currentTerm: term, votedFor: null, snapshot: null, log: new RaftLog(log) };
      const id = names[i]!;
      this.members.set(id, { id, image, raft: null, life: 0, writes: [], applied: [] });
    }
    for (const id of this.members.keys()) this.start(id);
  }

  member(id: NodeId): Member {
    return this.members.get(id)!;
  }

  raft(id: NodeId): Raft {
    return this.member(id).raft!;
  }

  start(id: NodeId): void {
    const member = this.member(id);
    const random = new Random("group").fork(id, member.life);
    const members = this.voters;
    member.raft = new this.Raft({ id, members, random, timing, ...this.options }, member.image, this.now);
    if (member.image.snapshot !== null) member.applied = stateIn(member.image.snapshot.data);
  }

  /** Power loss: of the writes under way the disk keeps the first so many. */
  crash(id: NodeId, kept = 0): void {
    const member = this.member(id);
    for (const { record } of member.writes.slice(0, kept)) {
      if (record !== null) raftStorage.write(member.image, record);
    }
    member.raft = null;
    member.writes = [];
    member.applied = [];
    member.life++;
  }

  /** On the disk of a server that is down: of this entry nothing but index and term can be read any more. */
  rot(id: NodeId, index: number): void {
    const member = this.member(id);
    const { log } = member.image;
    log.restore(index, { term: log.termAt(index), command: LOST });
    member.image = { ...member.image, lost: new Set([...(member.image.lost ?? []), index]) };
  }

  step(id: NodeId, input: RaftInput): void {
    const member = this.member(id);
    const { raft } = member;
    if (raft === null) return;
    const before = raft.role;
    const effects = raft.step(this.now, input);
    if (raft.role !== before) this.trace.push(`${id} is a ${raft.role} in term ${raft.currentTerm}`);
    for (const effect of effects) {
      if (effect.kind === "persist") {
        this.trace.push(`${id} writes ${shownRecord(effect.record)}`);
        member.writes.push(effect);
      } else if (effect.kind === "commit") {
        member.applied.push(...effect.entries);
        this.trace.push(`${id} applies ${commandsOf(effect.entries)}`);
      } else if (effect.kind === "restore") {
        member.applied = stateIn(effect.snapshot.data);
        this.trace.push(`${id} restores the state at ${effect.snapshot.index}`);
      } else if (effect.kind === "readable") {
        this.trace.push(`${id} may read for ${effect.ids.join(", ")}`);
        for (const read of effect.ids) this.onReadable(member, read);
      } else this.post(id, effect);
    }
    this.watch(member);
  }

  private post(from: NodeId, message: Message<RaftMessage>): void {
    const lost = this.isCut(from, message.to);
    this.trace.push(`${from} ${lost ? "-x" : "->"} ${message.to}: ${shown(message.payload)}`);
    if (!lost) this.mail.push({ from, life: this.member(from).life, message });
  }

  /** The disk finishes the oldest writes. */
  sync(id: NodeId, count = Number.POSITIVE_INFINITY): void {
    const member = this.member(id);
    for (const { mark, record, thenSend } of member.writes.splice(0, count)) {
      if (record !== null) raftStorage.write(member.image, record);
      for (const message of thenSend) this.post(id, message);
      this.step(id, { kind: "durable", mark });
    }
  }

  expire(id: NodeId): void {
    const { raft } = this.member(id);
    if (raft === null) return;
    this.now = Math.max(this.now, raft.deadline!);
    this.step(id, { kind: "deadline" });
  }

  propose(id: NodeId, command: unknown): void {
    this.step(id, { kind: "propose", command });
  }

  /** Asks this server to make these the members. */
  change(id: NodeId, ...members: readonly NodeId[]): void {
    this.step(id, { kind: "change", members });
  }

  /** The state machine's state, up to this index, takes the log's place. */
  compact(id: NodeId, index = this.raft(id).lastApplied): void {
    const data = stateOf(this.member(id).applied.slice(0, index));
    this.step(id, { kind: "compact", index, data });
  }

  deliver({ from, life, message }: Envelope): void {
    const { kind, to, call, payload } = message;
    // A caller's life is told in the call, so that an answer finds the life that asked.
    if (kind === "request") this.step(to, { kind, from, call: life * CALLS + call, payload });
    else if (Math.floor(call / CALLS) === this.member(to).life) {
      this.step(to, { kind, from, call: call % CALLS, payload });
    }
  }

  /** A fair clock for so long: whoever is due first acts, and messages take no time. */
  run(duration: number, lost?: (envelope: Envelope) => boolean): void {
    const end = this.now + duration;
    for (;;) {
      const up = [...this.members.values()].filter(({ raft }) => raft !== null);
      const due = up.sort((a, b) => a.raft!.deadline! - b.raft!.deadline!)[0];
      if (due === undefined || due.raft!.deadline! > end) break;
      this.expire(due.id);
      this.settle(lost);
    }
    this.now = end;
  }

  /** Whoever believes to lead, of the highest term; null if nobody does. */
  get leader(): Raft | null {
    const rafts = [...this.members.values()].flatMap(({ raft }) => (raft?.role === "leader" ? [raft] : []));
    return rafts.sort((a, b) => b.currentTerm - a.currentTerm)[0] ?? null;
  }

  /** Disks finish and messages arrive, in order, until all is quiet. Messages that `lost` names do not arrive. */
  settle(lost: (envelope: Envelope) => boolean = () => false): void {
    for (let deliveries = 0; deliveries < STORM; deliveries++) {
      for (const id of this.members.keys()) this.sync(id);
      const envelope = this.mail.shift();
      if (envelope === undefined) return;
      if (!lost(envelope)) this.deliver(envelope);
    }
    throw new Error(`no quiet after ${STORM} messages, the next is ${shown(this.mail[0]!.message.payload)}`);
  }
}

const CALLS = 1_000_000;

/** Loses what goes between two servers, "n1-n2", or from one to the other, "n1>n2". */
export function cut(...links: readonly string[]): (envelope: Envelope) => boolean {
  const ways = new Set<string>();
  for (const link of links) {
    const [a, b] = link.split(/[->]/) as [string, string];
    ways.add(`${a}>${b}`);
    if (link.includes("-")) ways.add(`${b}>${a}`);
  }
  return ({ from, message }) => ways.has(`${from}>${message.to}`);
}

/** More messages than any script here needs. */
const STORM = 5000;

function stateOf(applied: readonly Entry[]): Uint8Array {
  return bytesOf(JSON.stringify(applied));
}

function stateIn(data: Uint8Array): Entry[] {
  return JSON.parse(textOf(data));
}

/** One line that reads like the paper. */
export function shown(message: RaftMessage): string {
  switch (message.kind) {
    case "requestVote": {
      const name = message.preVote ? "PreVote" : "RequestVote";
      return `${name} term ${message.term}, last ${message.lastLogIndex} of term ${message.lastLogTerm}`;
    }
    case "requestVoteReply": {
      const vote = message.preVote ? "pre-vote" : "vote";
      return `${message.voteGranted ? vote : `no ${vote}`} in term ${message.term}`;
    }
    case "appendEntries": {
      const { term, prevLogIndex, prevLogTerm, entries, leaderCommit } = message;
      const commands = commandsOf(entries);
      const after = `after ${prevLogIndex} of term ${prevLogTerm}`;
      return `AppendEntries term ${term}, ${after}: [${commands}], commit ${leaderCommit}`;
    }
    case "appendEntriesReply": {
      const { term, success, matchIndex, conflict } = message;
      if (success) return `matches to ${matchIndex} in term ${term}`;
      return conflict === null
        ? `refused in term ${term}`
        : `conflict with term ${conflict.term} from ${conflict.index}`;
    }
    case "installSnapshot": {
      const { term, lastIncludedIndex, lastIncludedTerm, offset, data, done } = message;
      const what = `up to ${lastIncludedIndex} of term ${lastIncludedTerm}`;
      const part = `bytes ${offset} to ${offset + data.length}${done ? ", all" : ""}`;
      return `InstallSnapshot term ${term}, ${what}: ${part}`;
    }
    case "installSnapshotReply": {
      const { term, lastIncludedIndex, offset, installed } = message;
      if (installed) return `has all up to ${lastIncludedIndex} in term ${term}`;
      return `has ${offset} bytes of ${lastIncludedIndex} in term ${term}`;
    }
    case "timeoutNow":
      return `TimeoutNow term ${message.term}`;
    case "timeoutNowReply":
      return `heard TimeoutNow in term ${message.term}`;
  }
}

/** A configuration as the paper writes it: C{n1 n2}, or C{n1 n2, n2 n3} while both the old and the new one count. */
function commandsOf(entries: readonly Entry[]): string {
  return entries
    .map(({ command }) => {
      if (!isConfiguration(command)) return String(command);
      const { voters, outgoing } = command;
      return `C{${outgoing === null ? "" : `${outgoing.join(" ")}, `}${voters.join(" ")}}`;
    })
    .join(" ");
}

function shownRecord(record: RaftRecord | null): string {
  if (record === null) return "nothing, waits";
  const log = record.entries.length === 0 ? "" : `, from ${record.from}: ${commandsOf(record.entries)}`;
  const { snapshot } = record;
  const state = snapshot === null ? "" : `, the state at ${snapshot.index} of term ${snapshot.term}`;
  return `term ${record.currentTerm}, vote ${record.votedFor ?? "none"}${state}${log}`;
}
