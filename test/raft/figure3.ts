/** Figure 3's properties and their like, asked of every server after every step that it makes. */

import type { Entry } from "../../src/raft/index.ts";
import type { Group, Member } from "./group.ts";

/** Watches every step of every server. */
export class Figure3 {
  readonly leaders = new Map<number, string>();
  /** Entries that some server applied, and the term in which the first of them did. */
  readonly committed: { entry: Entry; term: number }[] = [];
  /** For each read: how many entries were known to be committed when it was asked for. */
  private readonly reads = new Map<number, number>();
  private readonly group: Group;
  private readonly seen = new Map<
    string,
    { life: number; term: number; commitIndex: number; lastApplied: number }
  >();
  /** Each leader's last entry, by server, as it was after its last step. */
  private readonly ends = new Map<string, { life: number; term: number; index: number; entry: Entry }>();

  constructor(group: Group) {
    this.group = group;
    group.watch = (member) => this.check(member);
    group.onReadable = (member, id) => this.isRecent(member, id);
  }

  asked(read: number): void {
    this.reads.set(read, this.committed.length);
  }

  /** Linearizable: whoever may be read has applied all that was committed anywhere when the read was asked for. */
  private isRecent({ id, applied }: Member, read: number): void {
    const known = this.reads.get(read)!;
    if (applied.length < known) {
      throw new Error(
        `${id} would answer read ${read} after ${applied.length} of ${known} committed entries`,
      );
    }
  }

  private check(member: Member): void {
    const raft = member.raft!;
    this.neverBack(member);
    if (raft.role === "leader") {
      const first = this.leaders.get(raft.currentTerm) ?? member.id;
      if (first !== member.id)
        throw new Error(`Election Safety: ${first} and ${member.id} lead ${raft.currentTerm}`);
      this.leaders.set(raft.currentTerm, member.id);
    }
    for (const [i, entry] of member.applied.entries()) {
      const known = this.committed[i];
      if (known === undefined) this.committed.push({ entry, term: raft.currentTerm });
      else if (known.entry.command !== entry.command || known.entry.term !== entry.term) {
        throw new Error(
          `State Machine Safety: index ${i + 1} was ${name(known.entry)}, ${member.id} has ${name(entry)}`,
        );
      }
    }
    if (raft.role === "leader") this.isComplete(member);
    this.onlyAppends(member);
  }

  /** Leader Append-Only: what was the end of its log is still there. With Log Matching, so is all before it. */
  private onlyAppends({ id, life, raft }: Member): void {
    const { role, currentTerm: term, log } = raft!;
    const before = this.ends.get(id);
    if (
      role === "leader" &&
      before?.life === life &&
      before.term === term &&
      before.index > log.snapshotIndex
    ) {
      const { index, entry } = before;
      if (index > log.lastIndex || log.entryAt(index) !== entry)
        throw new Error(`Leader Append-Only: ${id} leads ${term} and has lost ${name(entry)} at ${index}`);
    }
    if (role !== "leader" || log.lastIndex === log.snapshotIndex) this.ends.delete(id);
    else this.ends.set(id, { life, term, index: log.lastIndex, entry: log.entryAt(log.lastIndex) });
  }

  private isComplete({ id, raft, applied }: Member): void {
    const { log, currentTerm } = raft!;
    for (const [i, { entry, term }] of this.committed.entries()) {
      if (term >= currentTerm) continue;
      const inLog = i + 1 > log.snapshotIndex && i + 1 <= log.lastIndex;
      // What its snapshot replaced, it has applied.
      const found = inLog ? log.entryAt(i + 1) : (applied[i] ?? null);
      if (found === null || name(found) !== name(entry)) {
        throw new Error(
          `Leader Completeness: ${id} leads ${raft!.currentTerm} without ${name(entry)} at ${i + 1}`,
        );
      }
    }
  }

  private neverBack({ id, life, raft, applied }: Member): void {
    const { currentTerm: term, commitIndex, lastApplied } = raft!;
    const before = this.seen.get(id);
    if (before !== undefined && before.life === life) {
      if (term < before.term || commitIndex < before.commitIndex || lastApplied < before.lastApplied) {
        throw new Error(
          `${id} went back from ${JSON.stringify(before)} to ${[term, commitIndex, lastApplied]}`,
        );
      }
    }
    if (lastApplied !== commitIndex || applied.length !== lastApplied)
      throw new Error(`${id} committed ${commitIndex}, applied ${lastApplied} and has ${applied.length}`);
    if (raft!.log.snapshotIndex > lastApplied)
      throw new Error(`${id} has a snapshot up to ${raft!.log.snapshotIndex}, applied ${lastApplied}`);
    this.seen.set(id, { life, term, commitIndex, lastApplied });
  }

  /** Costs more than the rest, so it is asked from time to time. */
  logsMatch(): void {
    const logs = [...this.group.members.values()].flatMap(({ raft }) => (raft === null ? [] : [raft.log]));
    for (const a of logs) {
      for (const b of logs) {
        let same = false;
        const first = Math.max(a.snapshotIndex, b.snapshotIndex) + 1;
        for (let i = Math.min(a.lastIndex, b.lastIndex); i >= first; i--) {
          same ||= a.termAt(i) === b.termAt(i);
          if (same && name(a.entryAt(i)) !== name(b.entryAt(i))) {
            throw new Error(`Log Matching: ${name(a.entryAt(i))} and ${name(b.entryAt(i))} at ${i}`);
          }
        }
      }
    }
  }
}

function name(entry: Entry): string {
  return `${String(entry.command)} of term ${entry.term}`;
}
