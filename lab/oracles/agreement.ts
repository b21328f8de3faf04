/**
 * What all logs of a cluster have in common: Log Matching, Leader Completeness and State Machine Safety (Figure 3).
 * Each is checked where it could begin to fail, on the entries that a step has changed, so that watching every event
 * of a run costs no more than the run.
 */

import type { NodeId } from "../../src/base/index.ts";
import { type Entry, LOST, type Raft } from "../../src/raft/index.ts";
import type { Configurations } from "./configurations.ts";

type Fail = (name: string, message: string, nodes: readonly NodeId[]) => void;

/** The first sight of an entry: two logs that have one of this index and term must agree on the rest. */
interface Known {
  readonly entry: Entry;
  readonly previousTerm: number;
  readonly on: NodeId;
}

interface Committed {
  readonly entry: Entry;
  readonly by: NodeId;
  /** The term of the server that was seen to know it first: leaders of later terms must have it. */
  readonly inTerm: number;
}

/** What was seen of a server's log after its latest change. */
interface Shadow {
  entries: Entry[];
  /** The index of the first of them. */
  first: number;
  commitIndex: number;
}

export class Agreement {
  private readonly fail: Fail;
  private readonly configurations: Configurations;
  private readonly shadows = new Map<NodeId, Shadow>();
  /** By index, then term. */
  private readonly known: Map<number, Known>[] = [];
  /** By index. */
  private readonly committed: Committed[] = [];
  private lastCommitted = 0;

  constructor(serverIds: readonly NodeId[], configurations: Configurations, fail: Fail) {
    this.fail = fail;
    this.configurations = configurations;
    for (const id of serverIds) this.shadows.set(id, { entries: [], first: 1, commitIndex: 0 });
  }

  /** A new life begins with what the disk kept. */
  restarted(id: NodeId, { log }: Raft): void {
    this.shadows.set(id, { entries: [], first: log.snapshotIndex + 1, commitIndex: log.snapshotIndex });
    this.configurations.restarted(id);
  }

  /** The log or the commitIndex of a server may have changed. */
  logChanged(id: NodeId, raft: Raft): void {
    const shadow = this.shadows.get(id)!;
    const from = follow(shadow, raft);
    this.configurations.cutFrom(id, from);
    for (let index = from; index <= raft.log.lastIndex; index++) this.checkMatching(id, raft, index);
    for (let index = shadow.commitIndex + 1; index <= raft.commitIndex; index++) {
      // What came in a snapshot is not in the log; its state machine answers for it.
      if (index > raft.log.snapshotIndex) this.checkCommitted(id, raft, index);
    }
    shadow.commitIndex = Math.max(shadow.commitIndex, raft.commitIndex);
    this.configurations.check(raft);
  }

  /** Leader Completeness: it has every entry that was committed in an earlier term. */
  becameLeader(id: NodeId, { currentTerm, log }: Raft): void {
    for (let index = log.snapshotIndex + 1; index <= this.lastCommitted; index++) {
      const committed = this.committed[index];
      if (committed === undefined || committed.inTerm >= currentTerm) continue;
      if (index <= log.lastIndex && log.termAt(index) === committed.entry.term) continue;
      const has =
        index <= log.lastIndex ? `one of term ${log.termAt(index)}` : `a log that ends at ${log.lastIndex}`;
      const message = `leader ${id} of term ${currentTerm} has ${has}, ${committed.by} had committed entry ${index} of term ${committed.entry.term}`;
      this.fail("leader completeness", message, [id, committed.by]);
      return;
    }
  }

  /** By induction over the index it is enough to compare an entry and the term of the one before it. */
  private checkMatching(id: NodeId, { log }: Raft, index: number): void {
    const entry = log.entryAt(index);
    const previousTerm = log.termAt(index - 1);
    this.configurations.appended(id, index, entry.command);
    this.known[index] ??= new Map();
    const first = this.known[index].get(entry.term);
    if (first === undefined) this.known[index].set(entry.term, { entry, previousTerm, on: id });
    else if (first.previousTerm !== previousTerm || !isSame(first.entry, entry)) {
      const message =
        first.on === id
          ? `${id} had another log once, up to an entry ${index} of term ${entry.term} as it has one now`
          : `${first.on} and ${id} differ at or before entry ${index} of term ${entry.term}`;
      this.fail("log matching", message, first.on === id ? [id] : [first.on, id]);
    }
  }

  /** State Machine Safety: nobody commits another entry at an index where somebody has. */
  private checkCommitted(id: NodeId, { log, currentTerm }: Raft, index: number): void {
    const entry = log.entryAt(index);
    const first = this.committed[index];
    if (first === undefined) {
      this.committed[index] = { entry, by: id, inTerm: currentTerm };
      this.lastCommitted = Math.max(this.lastCommitted, index);
    } else if (!isSame(first.entry, entry)) {
      const message = `${first.by} committed an entry of term ${first.entry.term} at index ${index}, ${id} one of term ${entry.term}`;
      this.fail("state machine safety", message, [first.by, id]);
    }
  }
}

/** Brings the shadow up to date and returns the first index that has changed. */
function follow(shadow: Shadow, { log }: Raft): number {
  const { lastIndex, snapshotIndex } = log;
  // A change always reaches the end of the log, so a last entry that is where it was means that nothing changed.
  let same = Math.min(lastIndex, shadow.first + shadow.entries.length - 1);
  while (
    same > snapshotIndex &&
    same >= shadow.first &&
    shadow.entries[same - shadow.first] !== log.entryAt(same)
  )
    same--;
  if (same < snapshotIndex || same < shadow.first) {
    shadow.first = snapshotIndex + 1;
    shadow.entries = [];
    same = snapshotIndex;
  }
  shadow.entries.length = Math.max(0, same - shadow.first + 1);
  for (let index = same + 1; index <= lastIndex; index++) shadow.entries.push(log.entryAt(index));
  return same + 1;
}

/**
 * Through a codec or a disk, the same entry is another object. Of one that a disk has lost nothing but its term is known:
 * its command is compared when it is committed, which it cannot be before it is repaired.
 */
function isSame(a: Entry, b: Entry): boolean {
  if (a === b) return true;
  if (a.term !== b.term) return false;
  return a.command === b.command || a.command === LOST || b.command === LOST || text(a) === text(b);
}

function text({ command }: Entry): string {
  return JSON.stringify(command);
}
