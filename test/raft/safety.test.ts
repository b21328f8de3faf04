/**
 * Figure 3's properties on random networks: messages are lost, repeated and overtaken, disks lag, servers crash and
 * lose what was not durable. fast-check prints the seed and path of a failure, and shrinks it.
 */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Entry } from "../../src/raft/index.ts";
import { entriesOf, figure2 } from "./bench.ts";
import { Group, type Member } from "./group.ts";

/** What is done next; `who` and `which` are taken modulo what there is. */
type Move =
  | { kind: "deliver" | "repeat" | "drop"; which: number }
  | { kind: "expire" | "propose" | "restart"; who: number }
  | { kind: "sync" | "crash"; who: number; count: number }
  | { kind: "settle"; most: number };

const who = fc.nat(4);
const which = fc.nat(30);

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant("deliver" as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("repeat" as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drop" as const), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("expire" as const), who }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("propose" as const), who }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("sync" as const), who, count: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash" as const), who, count: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const), who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("settle" as const), most: fc.nat(30) }) },
);

/** Watches every step of every server. */
class Figure3 {
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

let proposals = 0;

function play(group: Group, next: Move): void {
  const ids = [...group.members.keys()];
  const at = <T>(list: readonly T[], i: number): T => list[i % list.length]!;
  switch (next.kind) {
    case "deliver":
      if (group.mail.length > 0) group.deliver(group.mail.splice(next.which % group.mail.length, 1)[0]!);
      break;
    case "repeat":
      if (group.mail.length > 0) group.deliver(at(group.mail, next.which));
      break;
    case "drop":
      if (group.mail.length > 0) group.mail.splice(next.which % group.mail.length, 1);
      break;
    case "expire":
      group.expire(at(ids, next.who));
      break;
    case "propose":
      // Whoever believes to lead: there may be several, of different terms.
      for (const id of ids) {
        if (group.member(id).raft?.role === "leader") group.propose(id, `p${proposals++}`);
      }
      break;
    case "sync":
      group.sync(at(ids, next.who), next.count);
      break;
    case "crash":
      group.crash(at(ids, next.who), next.count);
      break;
    case "restart":
      for (const id of ids) if (group.member(id).raft === null) group.start(id);
      break;
    case "settle":
      for (let i = 0; i < next.most && group.mail.length > 0; i++) {
        for (const id of ids) group.sync(id);
        group.deliver(group.mail.shift()!);
      }
      break;
  }
}

/** How often something happened, over all runs of a property: a network in which nothing happens proves nothing. */
const marks = { leaders: 0, committed: 0 };

function run(size: number, moves: readonly Move[]): void {
  const group = new Group(new Array<readonly Entry[]>(size).fill([]), 0, {
    limits: { ...figure2.limits, maxBatch: 2 },
  });
  const figure3 = new Figure3(group);
  for (const [i, next] of moves.entries()) {
    play(group, next);
    if (i % 16 === 0) figure3.logsMatch();
  }
  figure3.logsMatch();
  marks.leaders += figure3.leaders.size;
  marks.committed += figure3.committed.length;
}

describe("Figure 3 holds whatever the network, the disks and the power do", () => {
  test.each([
    ["three", 3],
    ["five", 5],
  ])(
    "on %s servers",
    (_, size) => {
      const moves = fc.array(move, { minLength: 100, maxLength: 300, size: "max" });
      fc.assert(
        fc.property(moves, (script) => run(size, script)),
        { numRuns: 300, seed: size },
      );
    },
    30_000,
  );

  test("and the runs above elected leaders, several in a run, and committed entries", () => {
    expect(marks.leaders).toBeGreaterThan(600);
    expect(marks.committed).toBeGreaterThan(600);
  });

  test("and when the power is back and the messages arrive, all logs become equal", () => {
    const moves = fc.array(move, { minLength: 50, maxLength: 150, size: "max" });
    fc.assert(
      fc.property(moves, (script) => {
        const group = new Group([[], [], []]);
        for (const next of script) play(group, next);
        play(group, { kind: "restart", who: 0 });
        const first = [...group.members.values()].sort(
          (a, b) => b.raft!.currentTerm - a.raft!.currentTerm,
        )[0]!;
        group.settle();
        // Each timeout of a fair clock: whoever is due first.
        for (let i = 0; i < 20; i++) {
          const due = [...group.members.values()].sort((a, b) => a.raft!.deadline! - b.raft!.deadline!)[0]!;
          group.expire(due.id);
          group.settle();
          if (i > 10) play(group, { kind: "propose", who: 0 });
          group.settle();
        }
        const logs = [...group.members.values()].map(({ image }) => entriesOf(image.log));
        expect(first.raft).not.toBeNull();
        expect(logs[0]!.length).toBeGreaterThan(0);
        expect(logs[1]).toEqual(logs[0]);
        expect(logs[2]).toEqual(logs[0]);
      }),
      { numRuns: 50, seed: 1 },
    );
  });
});
