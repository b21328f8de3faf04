/**
 * The variables of Raft's specification, for one server. They are those of raft.tla, Diego Ongaro's formal
 * specification (https://github.com/ongardie/raft.tla; his thesis, appendix B, has its proof), under the same names;
 * what this system has beyond it stands at the end of each list. The actions on them are in the files beside this one.
 *
 * Two of raft.tla's variables are missing. `messages`: the network delivers what was sent, late, twice or never, so
 * DuplicateMessage and DropMessage change no server and are always enabled. `nextIndex`: with pipelining it is a
 * guess, and AppendEntries may begin anywhere, for the follower checks where it attaches.
 */

import type { NodeId } from "../../src/base/index.ts";
import { type Entry, LOST, type RaftImage, type Role } from "../../src/raft/index.ts";

/** Why an action is not enabled, or why its effect is another one: what follows a "because". */
export type Reason = string;

export interface ServerState {
  readonly id: NodeId;
  readonly servers: readonly NodeId[];

  // raft.tla's serverVars and logVars.
  currentTerm: number;
  role: Role;
  votedFor: NodeId | null;
  /** The whole of it, for ever: a snapshot only stands for a first part. The entry at index i is `log[i - 1]`. */
  readonly log: Entry[];
  commitIndex: number;

  // raft.tla's candidateVars and leaderVars.
  readonly votesGranted: Set<NodeId>;
  readonly matchIndex: Map<NodeId, number>;

  // Beyond raft.tla: the state machine, compaction, reads without the log, and the disk.
  lastApplied: number;
  /** Up to here a snapshot stands for the log. */
  snapshotIndex: number;
  readonly reads: Reads;
  /** raft.tla's variables never get lost. Here Restart finds those of the disk, which is behind. */
  readonly disk: RaftImage;
  /** Entries of which the disk had kept only index and term when the server started; some may be repaired by now. */
  readonly lost: readonly number[];
  /** The lowest index of the log that has changed since the latest write; Infinity if none has. */
  unwrittenFrom: number;
  readonly history: History;
}

/** A history variable, as raft.tla's are: no server knows it. One for all servers. */
export interface History {
  /** What was ever committed: nothing is ever taken back, so it is what every snapshot stands for. */
  readonly committed: Entry[];
}

/** What a leader knows of who follows it (thesis, section 6.4). Calls are numbered upwards. */
interface Reads {
  /** By read: the last call that was made before it was asked for, and what was committed then. */
  readonly asked: Map<number, { readonly afterCall: number; readonly commitIndex: number }>;
  /** The last call that was made. */
  lastCall: number;
  /** By follower: the latest call that it has answered in this term. */
  readonly answered: Map<NodeId, number>;
}

/** raft.tla's Init, and its Restart: "it loses everything but its currentTerm, votedFor, and log". */
export function restart(
  id: NodeId,
  servers: readonly NodeId[],
  disk: RaftImage,
  history: History,
): ServerState {
  const { currentTerm, votedFor, log } = disk;
  const { snapshotIndex, lastIndex } = log;
  return {
    id,
    servers,
    currentTerm,
    role: "follower",
    votedFor,
    log: [...history.committed.slice(0, snapshotIndex), ...log.slice(snapshotIndex + 1, lastIndex)],
    commitIndex: snapshotIndex,
    votesGranted: new Set(),
    matchIndex: new Map(),
    lastApplied: snapshotIndex,
    snapshotIndex,
    reads: { asked: new Map(), lastCall: 0, answered: new Map() },
    disk,
    lost: [...(disk.lost ?? [])],
    unwrittenFrom: Number.POSITIVE_INFINITY,
    history,
  };
}

// --- raft.tla's helpers ---

/** The term of the entry at an index; 0 before the first and after the last. */
export function termAt({ log }: ServerState, index: number): number {
  return log[index - 1]?.term ?? 0;
}

export function lastTerm(s: ServerState): number {
  return termAt(s, s.log.length);
}

/** More than half. Any two quorums share a server, and nothing else is asked of them. */
export function isQuorum(count: number, { servers }: ServerState): boolean {
  return 2 * count > servers.length;
}

/** The first entry up to `index` that is lost; null if there is none. */
export function firstLost({ lost, log, snapshotIndex }: ServerState, index: number): number | null {
  const isLost = (each: number) => each > snapshotIndex && each <= index && log[each - 1]?.command === LOST;
  return lost.find(isLost) ?? null;
}

/** A leader has sent this entry: if it was lost, it is there again. */
export function repair(s: ServerState, index: number, entry: Entry): void {
  if (firstLost(s, index) === null || s.log[index - 1]!.command !== LOST) return;
  s.log[index - 1] = entry;
  s.unwrittenFrom = Math.min(s.unwrittenFrom, index);
}

/** Replaces what follows `index`. */
export function replaceAfter(s: ServerState, index: number, entries: readonly Entry[]): void {
  s.log.length = index;
  for (const entry of entries) s.log.push(entry);
  s.unwrittenFrom = Math.min(s.unwrittenFrom, index + 1);
}

export function commitTo(s: ServerState, index: number): void {
  if (index <= s.commitIndex) return;
  s.commitIndex = index;
  const { committed } = s.history;
  for (let next = committed.length; next < index; next++) committed.push(s.log[next]!);
}

/** As people list servers. */
export function named(ids: Iterable<NodeId>): string {
  const all = [...ids];
  if (all.length < 2) return all[0] ?? "nobody";
  return `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}
