/** One server's log over time: while it only grows, all its versions share one array, each knowing where it ends. */

import type { Entry, RaftLog } from "../../src/raft/index.ts";
import type { FilmedLog } from "./film.ts";

export class Scroll {
  private entries: Entry[] = [];
  private origin = 1;
  private latest: FilmedLog = { first: 1, last: 0, origin: 1, entries: this.entries };

  /** This version of the log; the same object as before if nothing has changed. */
  record(log: RaftLog): FilmedLog {
    const first = log.snapshotIndex + 1;
    const last = log.lastIndex;
    if (this.isLatest(log, first, last)) return this.latest;
    const now = log.slice(first, last);
    const kept = this.keptBy(now, first);
    if (kept === null) {
      this.entries = [...now];
      this.origin = first;
    } else {
      for (let index = kept + 1; index <= last; index++) this.entries.push(now[index - first]!);
    }
    this.latest = { first, last, origin: this.origin, entries: this.entries };
    return this.latest;
  }

  /** A log changes at its ends only: whoever replaces what lies in between replaces the last entry too. */
  private isLatest(log: RaftLog, first: number, last: number): boolean {
    const { latest } = this;
    if (latest.first !== first || latest.last !== last) return false;
    return last < first || latest.entries[last - latest.origin] === log.entryAt(last);
  }

  /** Up to which index the array can stay as it is; null if versions before this one need it otherwise. */
  private keptBy(now: readonly Entry[], first: number): number | null {
    const end = this.origin + this.entries.length - 1;
    if (first < this.origin || first > end + 1) return null;
    for (let index = first; index <= end; index++) {
      if (this.entries[index - this.origin] !== now[index - first]) return null;
    }
    return end;
  }
}
