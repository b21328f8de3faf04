/**
 * The replicated log: entries numbered from 1 (Figure 2), of which a snapshot may have replaced a first part (section
 * 7). `snapshotIndex` is the last index that it replaced; 0, with term 0, while there is none.
 */

import { assert } from "../base/index.ts";
import type { Configuration } from "./configuration.ts";

/** What a client wants applied, or a configuration. Of the former Raft knows nothing but that it is none. */
export type Command = unknown;

export interface Entry {
  readonly term: number;
  readonly command: Command;
}

/** The state machine's state in bytes, in place of the log up to `index`. */
export interface Snapshot {
  readonly index: number;
  readonly term: number;
  /** The configuration at that index; null while it is the one that every server starts with. */
  readonly configuration: Configuration | null;
  readonly data: Uint8Array;
}

export class RaftLog {
  snapshotIndex: number;
  snapshotTerm: number;
  private entries: Entry[];

  constructor(entries: readonly Entry[] = [], snapshotIndex = 0, snapshotTerm = 0) {
    this.entries = [...entries];
    this.snapshotIndex = snapshotIndex;
    this.snapshotTerm = snapshotTerm;
  }

  get lastIndex(): number {
    return this.snapshotIndex + this.entries.length;
  }

  get lastTerm(): number {
    return this.termAt(this.lastIndex);
  }

  /** The term of the entry at an index; also known at the snapshot's end. */
  termAt(index: number): number {
    return index === this.snapshotIndex ? this.snapshotTerm : this.entryAt(index).term;
  }

  entryAt(index: number): Entry {
    const entry = this.entries[index - this.snapshotIndex - 1];
    assert(
      entry !== undefined,
      () => `the log has entries ${this.snapshotIndex + 1} ... ${this.lastIndex}, none at ${index}`,
    );
    return entry;
  }

  /** True if the term at this index is known. */
  has(index: number): boolean {
    return index >= this.snapshotIndex && index <= this.lastIndex;
  }

  /** Entries from ... to, both included; empty if `to` is before `from`. */
  slice(from: number, to: number): readonly Entry[] {
    assert(
      from > this.snapshotIndex,
      () => `entries up to ${this.snapshotIndex} are in the snapshot, not ${from}`,
    );
    return this.entries.slice(from - this.snapshotIndex - 1, to - this.snapshotIndex);
  }

  append(entry: Entry): void {
    this.entries.push(entry);
  }

  /** The same entry, in place of one of which nothing but index and term was known. */
  restore(index: number, entry: Entry): void {
    assert(this.termAt(index) === entry.term, () => `entry ${index} has term ${this.termAt(index)}`);
    this.entries[index - this.snapshotIndex - 1] = entry;
  }

  /** Drops every entry from this index on. */
  truncateFrom(index: number): void {
    assert(
      index > this.snapshotIndex,
      () => `cannot truncate from ${index}, the snapshot is up to ${this.snapshotIndex}`,
    );
    if (index <= this.lastIndex) this.entries.length = index - this.snapshotIndex - 1;
  }

  /** Replaces everything up to `index`; what follows a matching entry stays (Figure 13, rule 6), else nothing does. */
  replaceUpTo(index: number, term: number): void {
    assert(
      index > this.snapshotIndex,
      () => `the snapshot up to ${this.snapshotIndex} is newer than one up to ${index}`,
    );
    const matches = index <= this.lastIndex && this.termAt(index) === term;
    this.entries = matches ? this.entries.slice(index - this.snapshotIndex) : [];
    this.snapshotIndex = index;
    this.snapshotTerm = term;
  }

  /** The first index with the same term as the entry at `index`, as far back as the log goes. */
  firstIndexOfTermAt(index: number): number {
    const term = this.termAt(index);
    let first = index;
    while (first > this.snapshotIndex + 1 && this.termAt(first - 1) === term) first--;
    return first;
  }

  /** The last index whose entry has this term; null if the log has none. */
  lastIndexOfTerm(term: number): number | null {
    for (let index = this.lastIndex; index >= this.snapshotIndex; index--) {
      const at = this.termAt(index);
      if (at === term) return index === 0 ? null : index;
      // Terms never decrease along a log.
      if (at < term) return null;
    }
    return null;
  }
}
