/** Figure 3's properties and their like, asked of every server after every step that it makes. */

import type { Entry } from "../../src/raft/index.ts";
import type { Group, Member } from "./group.ts";

/** Watches every step of every server. */
export class Figure3 {
  readonly leaders = new Map<number, string>();
  /** Entries that some server applied, and the term in which the first of them did. */
  readonly committed: { entry: Entry; term: number }[] = [];
  private readonly group: Group;
  private readonly seen = new Map<
    string,
    { life: number; term: number; commitIndex: number; lastApplied: number }
  >();

  constructor(group: Group) {
    this.group = group;
    group.watch = (member) => this.check(member);
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
  }

  private isComplete({ id, raft }: Member): void {
    for (const [i, { entry, term }] of this.committed.entries()) {
      if (term >= raft!.currentTerm) continue;
      const found = raft!.log.has(i + 1) ? raft!.log.entryAt(i + 1) : null;
      if (found === null || name(found) !== name(entry)) {
        throw new Error(
          `Leader Completeness: ${id} leads ${raft!.currentTerm} without ${name(entry)} at ${i + 1}`,
        );
      }
    }
  }

  private neverBack({ id, life, raft }: Member): void {
    const { currentTerm: term, commitIndex, lastApplied } = raft!;
    const before = this.seen.get(id);
    if (before !== undefined && before.life === life) {
      if (term < before.term || commitIndex < before.commitIndex || lastApplied < before.lastApplied) {
        throw new Error(
          `${id} went back from ${JSON.stringify(before)} to ${[term, commitIndex, lastApplied]}`,
        );
      }
    }
    if (lastApplied !== commitIndex)
      throw new Error(`${id} committed ${commitIndex} and applied ${lastApplied}`);
    this.seen.set(id, { life, term, commitIndex, lastApplied });
  }

  /** Costs more than the rest, so it is asked from time to time. */
  logsMatch(): void {
    const logs = [...this.group.members.values()].flatMap(({ raft }) => (raft === null ? [] : [raft.log]));
    for (const a of logs) {
      for (const b of logs) {
        let same = false;
        for (let i = Math.min(a.lastIndex, b.lastIndex); i >= 1; i--) {
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
