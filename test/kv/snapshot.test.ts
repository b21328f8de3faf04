/** What the KV server keeps in a snapshot, when it cuts one, and what it is after a restart or an InstallSnapshot. */

import { describe, expect, test } from "vitest";
import type { Codec } from "../../src/codec/index.ts";
import { type Command, commandCodec } from "../../src/kv/index.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/kv/snapshot.ts";
import { raftStateSize, type Snapshot } from "../../src/raft/index.ts";
import { append, asked, done, get, Office, open, put, superseded, value } from "./office.ts";

const MAX = 200;

/** A cluster of one, with sessions C, D and E open. */
function alone(maxRaftState: number | null = MAX): Office {
  const office = new Office(["n1"], { maxRaftState }).elect();
  expect(["c", "d", "e"].map((clerk) => office.open(clerk))).toEqual([C, D, E]);
  return office;
}

const C = 2;
const D = 3;
const E = 4;

/** Appends one letter to "x" so often, each as the next request of C. */
function work(office: Office, times: number, first = 1): void {
  for (let request = first; request < first + times; request++) office.call(C, request, append("x", "a"));
}

/** The log of a leader that did this much work, in session 1. */
function worked(times: number): Command[] {
  return [open("c"), ...Array.from({ length: times }, (_, i) => asked(1, i + 1, append("x", "a")))];
}

const stateSize = (office: Office) => raftStateSize(office.image, commandCodec as Codec<unknown>);

/** n2 leads this term and sends its whole snapshot at once. */
function install(office: Office, term: number, { index, term: lastIncludedTerm, data }: Snapshot): void {
  office.request("n2", {
    kind: "installSnapshot",
    term,
    leaderId: "n2",
    lastIncludedIndex: index,
    lastIncludedTerm,
    offset: 0,
    data,
    done: true,
    configuration: null,
  });
}

describe("a snapshot is cut", () => {
  test("when more than maxRaftState bytes of commands were applied, and not before", () => {
    const office = alone();
    // The no-op and three openings.
    let applied = 10;
    for (let request = 1; office.image.snapshot === null; request++) {
      expect(applied).toBeLessThanOrEqual(MAX);
      office.call(C, request, append("x", "a"));
      applied += 8;
    }
    expect(applied).toBeGreaterThan(MAX / 2);
    expect(office.image.snapshot!.index).toBe(office.server.raft.lastApplied);
    expect(office.server.raft.log.snapshotIndex).toBe(office.server.raft.lastApplied);
  });

  test("again and again, so that what stays in the log is bounded, however long the server runs", () => {
    const office = alone();
    const cuts = new Set<number>();
    for (let request = 1; request <= 500; request++) {
      office.call(C, request, append("x", "a"));
      expect(stateSize(office)).toBeLessThan(2 * MAX);
      cuts.add(office.image.snapshot?.index ?? 0);
    }
    expect(cuts.size).toBeGreaterThan(10);
  });

  test("by followers too: each cuts its own", () => {
    const office = new Office(undefined, { maxRaftState: MAX });
    worked(100).forEach((command, i) => {
      office.follow(1, i + 1, [command]);
    });
    expect(office.image.snapshot!.index).toBeGreaterThan(50);
    expect(stateSize(office)).toBeLessThan(2 * MAX);
  });

  test("once for many entries that are applied at once, with all of them in it", () => {
    const office = new Office(undefined, { maxRaftState: MAX });
    office.follow(1, 1, worked(100));
    expect(office.image.snapshot!.index).toBe(101);
    const { values, sessions } = decodeSnapshot(office.image.snapshot!.data);
    expect(values).toEqual([{ key: "x", value: "a".repeat(100) }]);
    expect(sessions).toMatchObject([{ session: 1, request: 100 }]);
  });

  test("never if no size is given", () => {
    const office = alone(null);
    work(office, 200);
    expect(office.image.snapshot).toBeNull();
  });

  test("and its writes reach the disk in the order of their marks, though applying cut it in the middle of a step", () => {
    // Entries that arrive committed: the step writes them, applies them and writes the snapshot.
    const office = new Office(undefined, { maxRaftState: MAX });
    office.follow(1, 1, worked(100));
    const [first, second] = office.records;
    expect(first).toMatchObject({ snapshot: null, from: 1, entries: { length: 101 } });
    expect(second).toMatchObject({ snapshot: { index: 101 }, from: 102, entries: [] });
    expect(office.marks).toEqual(office.marks.map((_, i) => i + 1));
    expect(office.image.log).toMatchObject({ snapshotIndex: 101, lastIndex: 101 });
  });
});

describe("a server that restarts from its snapshot", () => {
  test("has every key, and the log behind it", () => {
    const office = alone();
    office.call(D, 1, put("y", "€"));
    work(office, 60);
    const last = office.server.raft.lastApplied;
    expect(office.image.log.snapshotIndex).toBeGreaterThan(0);
    expect(office.image.log.snapshotIndex).toBeLessThan(last);
    office.restart();
    office.elect();
    expect(office.call(E, 1, get("y"))).toEqual(value(1, "€"));
    expect(office.call(E, 2, get("x"))).toEqual(value(2, "a".repeat(60)));
  });

  test("without a newer log has every key too", () => {
    const office = new Office(undefined, { maxRaftState: MAX });
    office.follow(1, 1, worked(100));
    expect(office.image.log.lastIndex).toBe(office.image.log.snapshotIndex);
    office.restart();
    office.elect();
    const call = office.ask(office.open("d"), 1, get("x"));
    office.acknowledge();
    expect(office.answers(call)).toEqual([value(1, "a".repeat(100))]);
  });

  test("does not apply a retry a second time: the sessions are in the snapshot", () => {
    const office = alone();
    office.call(D, 1, append("y", "once"));
    const cas = { kind: "cas", key: "z", expected: null, value: "a" } as const;
    const swapped = office.call(E, 1, cas);
    work(office, 60);
    office.restart();
    office.elect();
    expect(office.call(D, 1, append("y", "once"))).toEqual(done(1));
    expect(office.call(E, 1, cas)).toEqual(swapped);
    expect(office.call(D, 0, append("y", "older"))).toEqual(superseded);
    expect(office.call(office.open("f"), 1, get("y"))).toEqual(value(1, "once"));
  });

  test("does not apply a copy that is still in the log either", () => {
    const office = new Office(undefined, { maxRaftState: MAX });
    const once = append("y", "once");
    office.follow(1, 1, [...worked(97), open("d"), asked(99, 1, once)]);
    expect(office.image.log).toMatchObject({ snapshotIndex: 100, lastIndex: 100 });
    office.restart();
    office.follow(1, 101, [asked(99, 1, once)]);
    expect(office.call(99, 1, once)).toEqual(done(1));
    office.elect();
    const call = office.ask(office.open("e"), 1, get("y"));
    office.acknowledge();
    expect(office.answers(call)).toEqual([value(1, "once")]);
  });

  test("makes the same bytes of the same state as one that never stopped", () => {
    const office = alone();
    const other = alone();
    for (const each of [office, other]) {
      each.call(D, 1, put("b", "1"));
      each.call(D, 2, put("a", "2"));
      each.call(D, 3, { kind: "delete", key: "b" });
      work(each, 60);
    }
    office.restart();
    office.elect();
    // The restart cost a no-op, so the other one gets as many bytes in another way.
    for (const each of [office, other]) work(each, 200, 61);
    const [state, same] = [office, other].map((each) => decodeSnapshot(each.image.snapshot!.data));
    expect(state!.values.map(({ key }) => key)).toEqual(same!.values.map(({ key }) => key));
    expect(state!.sessions.map(({ session }) => session)).toEqual([E, D, C]);
    expect(same!.sessions.map(({ session }) => session)).toEqual([E, D, C]);
  });
});

describe("a server that gets a snapshot from its leader", () => {
  const snapshot = (index: number): Snapshot => ({
    index,
    term: 1,
    configuration: null,
    data: encodeSnapshot({
      values: [{ key: "y", value: "new" }],
      sessions: [{ session: C, request: 7, result: { kind: "done" } }],
    }),
  });

  test("has that state, and nothing of its own", () => {
    const office = new Office();
    office.follow(1, 1, [open("b"), asked(1, 1, put("x", "old"))]);
    install(office, 1, snapshot(9));
    expect(office.server.sessions.find(1)).toBeNull();
    expect(office.call(C, 7, append("y", "again"))).toEqual(done(7));
    office.elect();
    const [d, e] = [office.open("d"), office.open("e")];
    const calls = [office.ask(d, 1, get("x")), office.ask(e, 1, get("y"))];
    office.acknowledge();
    expect(calls.map((call) => office.answers(call))).toEqual([[value(1, null)], [value(1, "new")]]);
  });

  test("goes on with the log behind it", () => {
    const office = new Office();
    install(office, 1, snapshot(9));
    office.follow(1, 10, [asked(C, 8, append("y", "er")), asked(C, 9, get("y"))]);
    expect(office.call(C, 9, get("y"))).toEqual(value(9, "newer"));
  });

  test("does not go back for one that is old", () => {
    const office = new Office();
    office.follow(1, 1, [open("b"), open("c"), asked(C, 1, put("x", "a")), asked(C, 8, put("x", "b"))]);
    install(office, 1, snapshot(3));
    expect(office.call(C, 8, put("x", "b"))).toEqual(done(8));
    expect(office.call(C, 7, put("x", "b"))).toEqual(superseded);
  });

  test("counts the bytes of its own log anew: the next cut is as far away as after its own", () => {
    const office = new Office(undefined, { maxRaftState: MAX });
    office.follow(1, 1, worked(20));
    expect(office.image.snapshot).toBeNull();
    install(office, 1, snapshot(50));
    office.follow(
      1,
      51,
      Array.from({ length: 10 }, (_, i) => asked(C, i + 51, append("x", "a"))),
    );
    expect(office.image.snapshot!.index).toBe(50);
  });
});
