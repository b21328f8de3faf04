/** The replicated log: entries numbered from 1 (Figure 2). Index 0 stands for the empty log's end and has term 0. */

import { assert } from "../base/index.ts";

/** What a client wants applied. Raft carries it and never looks inside. */
export type Command = unknown;

export interface Entry {
  readonly term: number;
  readonly command: Command;
}

export class RaftLog {
  private readonly entries: Entry[];

  constructor(entries: readonly Entry[] = []) {
    this.entries = [...entries];
  }

  get lastIndex(): number {
    return this.entries.length;
  }

  get lastTerm(): number {
    return this.termAt(this.lastIndex);
  }

  /** The term of the entry at an index; 0 for index 0. */
  termAt(index: number): number {
    return index === 0 ? 0 : this.entryAt(index).term;
  }

  entryAt(index: number): Entry {
    const entry = this.entries[index - 1];
    assert(entry !== undefined, `the log has entries 1 ... ${this.lastIndex}, none at ${index}`);
    return entry;
  }

  has(index: number): boolean {
    return index >= 0 && index <= this.lastIndex;
  }

  /** Entries from ... to, both included; empty if `to` is before `from`. */
  slice(from: number, to: number): readonly Entry[] {
    return this.entries.slice(from - 1, to);
  }

  append(entry: Entry): void {
    this.entries.push(entry);
  }

  /** Drops every entry from this index on. */
  truncateFrom(index: number): void {
    assert(index >= 1, `cannot truncate from index ${index}, the first is 1`);
    if (index <= this.lastIndex) this.entries.length = index - 1;
  }

  /** The first index with the same term as the entry at `index`. */
  firstIndexOfTermAt(index: number): number {
    const term = this.termAt(index);
    let first = index;
    while (first > 1 && this.termAt(first - 1) === term) first--;
    return first;
  }

  /** The last index whose entry has this term; null if there is none. */
  lastIndexOfTerm(term: number): number | null {
    for (let index = this.lastIndex; index >= 1; index--) {
      const at = this.termAt(index);
      if (at === term) return index;
      // Terms never decrease along a log.
      if (at < term) return null;
    }
    return null;
  }
}
