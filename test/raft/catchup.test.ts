/** A leader whose follower lacks what is compacted: it sends its snapshot, and then goes on with the log (section 7). */

import { describe, expect, test } from "vitest";
import type { RaftMessage } from "../../src/raft/index.ts";
import {
  appendEntries,
  Bench,
  bytesOf,
  conflicting,
  figure2,
  holding,
  installed,
  matching,
  type Setup,
  textOf,
  timing,
} from "./bench.ts";
import { Group } from "./group.ts";

/** Leads term 3 with "abcdefghij" up to index 5 of term 2 and an entry at 6; n2 has nothing. Leaves chunk 0 in `sent`. */
function sending(setup: Setup = {}): Bench {
  const snapshot = { index: 5, term: 2, configuration: null, data: bytesOf("abcdefghij") };
  const bench = new Bench({ term: 2, snapshot, log: [2], ...setup }).elect();
  const heartbeat = bench.latestTo("n2");
  bench.take();
  bench.answer(heartbeat, conflicting(3, [0, 1]));
  return bench;
}

/** The latest chunk to n2, "offset:data", with "!" if it is the last; or the entries' commands. */
function latest(bench: Bench): string {
  const message = bench.sent.findLast(({ to, kind }) => to === "n2" && kind === "request");
  return message === undefined ? "nothing" : shown(message.payload);
}

function shown(payload: RaftMessage): string {
  if (payload.kind !== "installSnapshot") return payload.kind;
  return `${payload.lastIncludedIndex}/${payload.offset}:${textOf(payload.data)}${payload.done ? "!" : ""}`;
}

/** n2 answers the latest chunk. */
function answer(bench: Bench, payload: RaftMessage): void {
  const request = bench.latestTo("n2", "installSnapshot");
  bench.take();
  bench.answer(request, payload);
}

describe("a leader that sends a snapshot", () => {
  test("sends chunk after chunk, and then the log behind it", () => {
    const bench = sending();
    expect(bench.latestTo("n2", "installSnapshot").payload).toEqual({
      kind: "installSnapshot",
      term: 3,
      leaderId: "n1",
      lastIncludedIndex: 5,
      lastIncludedTerm: 2,
      offset: 0,
      data: bytesOf("abcd"),
      done: false,
      configuration: null,
    });
    answer(bench, holding(3, 5, 4));
    expect(latest(bench)).toBe("5/4:efgh");
    answer(bench, holding(3, 5, 8));
    expect(latest(bench)).toBe("5/8:ij!");
    answer(bench, installed(3, 5, 10));
    expect(bench.latestTo("n2").payload).toMatchObject({
      prevLogIndex: 5,
      prevLogTerm: 2,
      entries: [{ term: 2 }],
    });
  });

  test("sends one chunk at a time, whatever is proposed and however wide the window", () => {
    const bench = sending({ window: 8 });
    expect(bench.sent).toHaveLength(1);
    bench.propose("x", "y");
    expect(bench.sentOf("installSnapshot")).toHaveLength(1);
    answer(bench, holding(3, 5, 4));
    expect(bench.sent).toHaveLength(1);
  });

  test("sends one copy of a chunk to a follower that has fallen behind while many messages were under way", () => {
    const bench = new Bench({ window: 4, maxBatch: 1 }).elect();
    for (const heartbeat of bench.take()) bench.answer(heartbeat, matching(1, 0));
    bench.propose("a", "b", "c", "d", "e", "f");
    const toN2 = bench.take().filter((message) => message.to === "n2");
    expect(toN2).toHaveLength(4);
    bench.expire();
    for (let index = 1; index <= 6; index++) bench.answer(bench.latestTo("n3"), matching(1, index));
    bench.compact(6, "abcdefghij");
    bench.take();
    bench.answer(toN2[3]!, matching(1, 4));
    expect(bench.sent.map((message) => shown(message.payload))).toEqual(["6/0:abcd"]);
  });

  test("sends no second copy for answers to what was under way before, which say nothing new", () => {
    const bench = new Bench({ window: 4, maxBatch: 1 }).elect();
    for (const heartbeat of bench.take()) bench.answer(heartbeat, matching(1, 0));
    bench.propose("a", "b", "c", "d", "e", "f");
    const toN2 = bench.take().filter((message) => message.to === "n2");
    bench.expire();
    for (let index = 1; index <= 6; index++) bench.answer(bench.latestTo("n3"), matching(1, index));
    bench.compact(6, "abcdefghij");
    bench.answer(toN2[0]!, matching(1, 1));
    bench.take();
    bench.expire();
    expect(shown(bench.latestTo("n2", "installSnapshot").payload)).toBe("6/0:abcd");
    bench.take();
    for (const index of [2, 3, 4]) bench.answer(toN2[index - 1]!, matching(1, index));
    expect(bench.sent).toEqual([]);
  });

  test("opens the window again when the follower has the snapshot", () => {
    const bench = sending({ window: 4, maxBatch: 1 });
    answer(bench, installed(3, 5, 10));
    bench.propose("x", "y", "z");
    const appended = bench.sentOf("appendEntries").filter((message) => message.to === "n2");
    expect(appended.map(({ payload }) => payload.prevLogIndex)).toEqual([5, 6, 7, 8]);
  });

  test("counts the follower among those that have the snapshot's entries", () => {
    const bench = sending();
    bench.propose("x");
    answer(bench, installed(3, 5, 10));
    bench.answer(bench.latestTo("n2"), matching(3, 7));
    expect(bench.raft.commitIndex).toBe(7);
  });

  test("goes on with the log as soon as the follower is found to have enough of it", () => {
    const bench = sending();
    answer(bench, installed(3, 5));
    expect(latest(bench)).toBe("appendEntries");
  });

  test("listens to no answer of an earlier term or office", () => {
    const bench = sending();
    const old = bench.latestTo("n2", "installSnapshot");
    answer(bench, holding(2, 5, 8));
    expect(latest(bench)).toBe("nothing");
    bench.ask("n2", appendEntries(4));
    bench.elect();
    bench.take();
    bench.answer(old, installed(5, 5));
    expect(bench.sent).toEqual([]);
  });
});

describe("a chunk that is lost", () => {
  test("is sent again at once if the network tells", () => {
    const bench = sending();
    answer(bench, holding(3, 5, 4));
    const lost = bench.latestTo("n2", "installSnapshot");
    bench.take();
    bench.unanswered(lost);
    expect(latest(bench)).toBe("5/4:efgh");
  });

  test("is sent again with the next heartbeat if it does not", () => {
    const bench = sending();
    answer(bench, holding(3, 5, 4));
    for (let beat = 0; beat < 3; beat++) {
      bench.take();
      bench.expire();
      expect(latest(bench)).toBe("5/4:efgh");
    }
  });

  test("is sent again if the follower says so: the answer names the byte that is wanted", () => {
    const bench = sending();
    answer(bench, holding(3, 5, 4));
    answer(bench, holding(3, 5, 4));
    expect(latest(bench)).toBe("5/4:efgh");
  });

  test("with all before it, as by a follower that has crashed, makes the leader begin again", () => {
    const bench = sending();
    answer(bench, holding(3, 5, 4));
    answer(bench, holding(3, 5, 8));
    answer(bench, holding(3, 5, 0));
    expect(latest(bench)).toBe("5/0:abcd");
    answer(bench, holding(3, 5, 4));
    expect(latest(bench)).toBe("5/4:efgh");
  });

  test("is not taken for lost because an earlier answer comes twice", () => {
    const bench = sending();
    const first = bench.latestTo("n2", "installSnapshot");
    answer(bench, holding(3, 5, 4));
    answer(bench, holding(3, 5, 8));
    bench.answer(first, holding(3, 5, 4));
    bench.take();
    bench.expire();
    expect(latest(bench)).toBe("5/8:ij!");
  });
});

describe("a leader that compacts again while it sends", () => {
  function again(): Bench {
    const bench = sending();
    bench.propose("x");
    bench.expire();
    bench.answer(bench.latestTo("n3"), matching(3, 7));
    answer(bench, holding(3, 5, 4));
    expect(bench.raft.lastApplied).toBe(7);
    bench.compact(7, "ABCDEF");
    return bench;
  }

  test("goes on with the older one, or one that compacts faster than chunks arrive would begin again for ever", () => {
    const bench = again();
    answer(bench, holding(3, 5, 8));
    expect(latest(bench)).toBe("5/8:ij!");
    answer(bench, installed(3, 5, 10));
    expect(latest(bench)).toBe("7/0:ABCD");
    answer(bench, holding(3, 7, 4));
    expect(latest(bench)).toBe("7/4:EF!");
  });

  test("takes the newer one if nothing of the older has arrived", () => {
    const bench = again();
    answer(bench, holding(3, 5, 0));
    expect(latest(bench)).toBe("7/0:ABCD");
  });

  test("does not take bytes of the older one for bytes of the newer", () => {
    const bench = again();
    answer(bench, holding(3, 5, 0));
    const newer = bench.latestTo("n2", "installSnapshot");
    bench.answer(newer, holding(3, 5, 8));
    bench.take();
    bench.expire();
    expect(latest(bench)).toBe("7/0:ABCD");
  });

  test("sends the newer one all the same if the older was installed: the log between is gone", () => {
    const bench = again();
    answer(bench, installed(3, 5, 10));
    expect(latest(bench)).toBe("7/0:ABCD");
    answer(bench, holding(3, 7, 4));
    answer(bench, installed(3, 7, 6));
    bench.expire();
    expect(bench.latestTo("n2").payload).toMatchObject({ prevLogIndex: 7, entries: [] });
  });
});

describe("a follower that was away for long", () => {
  /** n1 leads and has compacted, n3 was down all the time and starts now. */
  function away(): Group {
    const group = new Group([[], [], []], 0, {
      limits: { ...figure2.limits, maxBatch: 2, chunk: 40, window: 3 },
    });
    group.expire("n1");
    group.settle();
    group.crash("n3");
    for (let i = 1; i <= 8; i++) {
      group.propose("n1", `x${i}`);
      group.settle();
    }
    group.compact("n1", 6);
    group.start("n3");
    group.mail = [];
    return group;
  }

  const commands = (group: Group, id: string) => group.member(id).applied.map((entry) => entry.command);
  const all = ["x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8"];

  test("has everything within two heartbeats, by snapshot and log", () => {
    const group = away();
    group.expire("n1");
    group.settle();
    group.expire("n1");
    group.settle();
    expect(commands(group, "n3")).toEqual(all);
    expect(group.member("n3").image.log).toMatchObject({ snapshotIndex: 6, lastIndex: 8 });
  });

  test("has it in the end wherever in the transfer it crashes, and whatever its disk keeps", () => {
    for (let deliveries = 0; deliveries < 30; deliveries++) {
      for (const kept of [0, 1]) {
        const group = away();
        group.expire("n1");
        for (let i = 0; i < deliveries && group.mail.length > 0; i++) {
          group.deliver(group.mail.shift()!);
          if (kept === 0) group.sync("n3");
        }
        group.crash("n3", kept);
        group.mail = [];
        group.start("n3");
        group.run(5 * timing.heartbeatInterval);
        expect(commands(group, "n3")).toEqual(all);
      }
    }
  });

  test("has it in the end wherever in the transfer the leader compacts again", () => {
    for (let deliveries = 0; deliveries < 30; deliveries++) {
      const group = away();
      group.expire("n1");
      for (let i = 0; i < deliveries && group.mail.length > 0; i++) {
        for (const id of group.members.keys()) group.sync(id);
        group.deliver(group.mail.shift()!);
      }
      group.compact("n1");
      group.run(3 * timing.heartbeatInterval);
      expect(commands(group, "n3")).toEqual(all);
    }
  });

  test("has it in the end wherever in the transfer the leader is deposed by another that has compacted elsewhere", () => {
    for (let deliveries = 0; deliveries < 30; deliveries++) {
      const group = away();
      group.expire("n2");
      group.settle();
      group.compact("n2", 4);
      group.crash("n2");
      group.expire("n1");
      group.expire("n1");
      for (let i = 0; i < deliveries && group.mail.length > 0; i++) {
        for (const id of group.members.keys()) group.sync(id);
        group.deliver(group.mail.shift()!);
      }
      group.crash("n1");
      group.start("n2");
      group.start("n1");
      group.run(20 * timing.electionTimeout);
      group.propose(group.leader!.id, "last");
      group.run(2 * timing.heartbeatInterval);
      expect(commands(group, "n3").filter((command) => command !== "last")).toEqual(all);
    }
  });
});
