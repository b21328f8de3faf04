/**
 * Figure 3's properties on random networks: messages are lost, repeated and overtaken, disks lag, servers crash and
 * lose what was not durable, logs are compacted, and every option is drawn. fast-check prints the seed and path of a
 * failure, and shrinks it.
 */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Entry, RaftOptions } from "../../src/raft/index.ts";
import { timing } from "./bench.ts";
import { Figure3 } from "./figure3.ts";
import { Group } from "./group.ts";

type Options = Pick<RaftOptions, "features" | "limits">;

/** What is done next; `who` and `which` are taken modulo what there is. */
type Move =
  | { kind: "deliver" | "repeat" | "drop"; which: number }
  | { kind: "expire" | "propose" | "restart"; who: number }
  | { kind: "sync" | "crash"; who: number; count: number }
  | { kind: "compact"; who: number; back: number }
  | { kind: "read" | "wait" | "transfer" | "outrun"; who: number }
  | { kind: "settle"; most: number; without: number };

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
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("settle" as const), most: fc.nat(30), without: fc.nat(7) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("compact" as const), who, back: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("read" as const), who }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("wait" as const, "transfer" as const, "outrun" as const),
      who,
    }),
  },
);

const options: fc.Arbitrary<Options> = fc.record({
  features: fc.record({ preVote: fc.boolean(), checkQuorum: fc.boolean() }),
  limits: fc.record({
    maxBatch: fc.integer({ min: 1, max: 3 }),
    window: fc.integer({ min: 1, max: 4 }),
    chunk: fc.constantFrom(16, 64, 4096),
  }),
});

let proposals = 0;
let reads = 0;

function play(group: Group, next: Move, figure3?: Figure3): void {
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
    case "compact": {
      const { raft, id } = group.member(at(ids, next.who));
      if (raft !== null) group.compact(id, Math.max(0, raft.lastApplied - next.back));
      break;
    }
    case "read":
      for (const id of ids) {
        if (group.member(id).raft?.role !== "leader") continue;
        figure3?.asked(++reads);
        group.step(id, { kind: "read", id: reads });
      }
      break;
    case "transfer":
      for (const id of ids) {
        if (group.member(id).raft?.role === "leader")
          group.step(id, { kind: "transfer", to: at(ids, next.who) });
      }
      break;
    case "wait":
      // Time passes, and nobody notices before the next message.
      group.now += timing.electionTimeout / 2;
      break;
    case "restart":
      for (const id of ids) if (group.member(id).raft === null) group.start(id);
      break;
    case "outrun":
      // One server hears nothing while the others go on, and what it lacks is compacted.
      play(group, { kind: "propose", who: 0 });
      play(group, { kind: "propose", who: 0 });
      play(group, { kind: "settle", most: 25, without: next.who });
      for (const id of ids) play(group, { kind: "compact", who: ids.indexOf(id), back: 0 });
      break;
    case "settle":
      for (let i = 0; i < next.most && group.mail.length > 0; i++) {
        for (const id of ids) group.sync(id);
        const envelope = group.mail.shift()!;
        const cutOff = ids[next.without];
        if (envelope.from !== cutOff && envelope.message.to !== cutOff) group.deliver(envelope);
      }
      break;
  }
}

/** How often something happened, over all runs of a property: a network in which nothing happens proves nothing. */
const marks = { leaders: 0, committed: 0, compacted: 0, restored: 0, readable: 0, preVotes: 0, chunks: 0 };

function run(size: number, drawn: Options, moves: readonly Move[]): void {
  const group = new Group(new Array<readonly Entry[]>(size).fill([]), 0, drawn);
  const figure3 = new Figure3(group);
  for (const [i, next] of moves.entries()) {
    play(group, next, figure3);
    if (i % 16 === 0) figure3.logsMatch();
  }
  figure3.logsMatch();
  marks.leaders += figure3.leaders.size;
  marks.committed += figure3.committed.length;
  for (const line of group.trace) {
    if (line.includes("restores the state")) marks.restored++;
    if (line.includes("writes") && line.includes("the state at")) marks.compacted++;
    if (line.includes("may read")) marks.readable++;
    if (line.includes(": pre-vote")) marks.preVotes++;
    if (line.includes("InstallSnapshot") && !line.includes("bytes 0 to")) marks.chunks++;
  }
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
        fc.property(options, moves, (drawn, script) => run(size, drawn, script)),
        { numRuns: 500, seed: size },
      );
    },
    30_000,
  );

  test("and the runs above reached what they are about", () => {
    expect(marks.leaders).toBeGreaterThan(1000);
    expect(marks.committed).toBeGreaterThan(2000);
    expect(marks.compacted).toBeGreaterThan(1500);
    expect(marks.restored).toBeGreaterThan(150);
    expect(marks.readable).toBeGreaterThan(500);
    expect(marks.preVotes).toBeGreaterThan(2000);
    expect(marks.chunks).toBeGreaterThan(500);
  });

  test("and when the power is back and the messages arrive, all servers come to have applied the same", () => {
    const moves = fc.array(move, { minLength: 50, maxLength: 150, size: "max" });
    fc.assert(
      fc.property(options, moves, (drawn, script) => {
        const group = new Group([[], [], []], 0, drawn);
        for (const next of script) play(group, next);
        play(group, { kind: "restart", who: 0 });
        // What was proposed until now may be lost; what is proposed from here on is not.
        group.settle();
        group.run(20 * timing.electionTimeout);
        expect(group.leader).not.toBeNull();
        group.propose(group.leader!.id, "last");
        group.run(3 * timing.heartbeatInterval);
        const states = [...group.members.values()].map(({ applied }) => applied);
        expect(states[0]!.at(-1)!.command).toBe("last");
        expect(states[1]).toEqual(states[0]);
        expect(states[2]).toEqual(states[0]);
      }),
      { numRuns: 150, seed: 1 },
    );
  }, 30_000);
});
