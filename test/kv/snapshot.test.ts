/** What the KV server keeps in a snapshot, when it cuts one, and what it is after a restart or an InstallSnapshot. */

import { describe, expect, test } from "vitest";
import type { Codec } from "../../src/codec/index.ts";
import { type Command, commandCodec } from "../../src/kv/index.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/kv/snapshot.ts";
import { raftStateSize, type Snapshot } from "../../src/raft/index.ts";
import { append, asked, done, get, Office, put, superseded, value } from "./office.ts";

const MAX = 200;

const alone = (maxRaftState: number | null = MAX) => new Office(["n1"], { maxRaftState }).elect();

/** Appends one letter to "x" so often, each as the client's next request. */
function work(office: Office, times: number, client = "c", first = 1): void {
  for (let request = first; request < first + times; request++)
    office.call(client, request, append("x", "a"));
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
  });
}

describe("a snapshot is cut", () => {
  test("when more than maxRaftState bytes of commands were applied, and not before", () => {
    const office = alone();
    let applied = 0;
    for (let request = 1; office.image.snapshot === null; request++) {
      expect(applied).toBeLessThanOrEqual(MAX);
      office.call("c", request, append("x", "a"));
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
      office.call("c", request, append("x", "a"));
      expect(stateSize(office)).toBeLessThan(2 * MAX);
      cuts.add(office.image.snapshot?.index ?? 0);
    }
    expect(cuts.size).toBeGreaterThan(10);
  });

  test("by followers too: each cuts its own", () => {
    const office = new Office(undefined, { maxRaftState: MAX });
    for (let index = 1; index <= 100; index++) office.follow(1, index, [asked("c", index, append("x", "a"))]);
    expect(office.image.snapshot!.index).toBeGreaterThan(50);
    expect(stateSize(office)).toBeLessThan(2 * MAX);
  });

  test("once for many entries that are applied at once, with all of them in it", () => {
    const office = new Office(undefined, { maxRaftState: MAX });
    const commands = Array.from({ length: 100 }, (_, i): Command => asked("c", i + 1, append("x", "a")));
    office.follow(1, 1, commands);
    expect(office.image.snapshot!.index).toBe(100);
    const { values, sessions } = decodeSnapshot(office.image.snapshot!.data);
    expect(values).toEqual([{ key: "x", value: "a".repeat(100) }]);
    expect(sessions).toMatchObject([{ client: "c", request: 100 }]);
  });

  test("never if no size is given", () => {
    const office = alone(null);
    work(office, 200);
    expect(office.image.snapshot).toBeNull();
  });

  test("and its writes reach the disk in the order of their marks, though applying cut it in the middle of a step", () => {
    // Entries that arrive committed: the step writes them, applies them and writes the snapshot.
    const office = new Office(undefined, { maxRaftState: MAX });
    office.follow(
      1,
      1,
      Array.from({ length: 100 }, (_, i) => asked("c", i + 1, append("x", "a"))),
    );
    const [first, second] = office.records;
    expect(first).toMatchObject({ snapshot: null, from: 1, entries: { length: 100 } });
    expect(second).toMatchObject({ snapshot: { index: 100 }, from: 101, entries: [] });
    expect(office.marks).toEqual(office.marks.map((_, i) => i + 1));
    expect(office.image.log).toMatchObject({ snapshotIndex: 100, lastIndex: 100 });
  });
});

describe("a server that restarts from its snapshot", () => {
  test("has every key, and the log behind it", () => {
    const office = alone();
    office.call("d", 1, put("y", "€"));
    work(office, 60);
    const last = office.server.raft.lastApplied;
    expect(office.image.log.snapshotIndex).toBeGreaterThan(0);
    expect(office.image.log.snapshotIndex).toBeLessThan(last);
    office.restart();
    office.elect();
    expect(office.call("e", 1, get("y"))).toEqual(value(1, "€"));
    expect(office.call("e", 2, get("x"))).toEqual(value(2, "a".repeat(60)));
  });

  test("without a newer log has every key too", () => {
    const office = new Office(undefined, { maxRaftState: MAX });
    office.follow(
      1,
      1,
      Array.from({ length: 100 }, (_, i) => asked("c", i + 1, append("x", "a"))),
    );
    expect(office.image.log.lastIndex).toBe(office.image.log.snapshotIndex);
    office.restart();
    office.elect();
    office.acknowledge();
    const call = office.ask("d", 1, get("x"));
    office.acknowledge();
    expect(office.answers(call)).toEqual([value(1, "a".repeat(100))]);
  });

  test("does not apply a retry a second time: the sessions are in the snapshot", () => {
    const office = alone();
    office.call("d", 1, append("y", "once"));
    const cas = { kind: "cas", key: "z", expected: null, value: "a" } as const;
    const swapped = office.call("e", 1, cas);
    work(office, 60);
    office.restart();
    office.elect();
    expect(office.call("d", 1, append("y", "once"))).toEqual(done(1));
    expect(office.call("e", 1, cas)).toEqual(swapped);
    expect(office.call("d", 0, append("y", "older"))).toEqual(superseded);
    expect(office.call("f", 1, get("y"))).toEqual(value(1, "once"));
  });

  test("does not apply a copy that is still in the log either", () => {
    const office = new Office(undefined, { maxRaftState: MAX });
    const commands = Array.from({ length: 99 }, (_, i) => asked("c", i + 1, append("x", "a")));
    office.follow(1, 1, [asked("d", 1, append("y", "once")), ...commands]);
    office.restart();
    office.follow(1, 101, [asked("d", 1, append("y", "once"))]);
    expect(office.call("d", 1, append("y", "once"))).toEqual(done(1));
    office.elect();
    office.acknowledge();
    const call = office.ask("e", 1, get("y"));
    office.acknowledge();
    expect(office.answers(call)).toEqual([value(1, "once")]);
  });

  test("makes the same bytes of the same state as one that never stopped", () => {
    const office = alone();
    const other = alone();
    for (const each of [office, other]) {
      each.call("d", 1, put("b", "1"));
      each.call("d", 2, put("a", "2"));
      each.call("d", 3, { kind: "delete", key: "b" });
      work(each, 60);
    }
    office.restart();
    office.elect();
    // The restart cost a no-op, so the other one gets as many bytes in another way.
    for (const each of [office, other]) work(each, 200, "c", 61);
    const [state, same] = [office, other].map((each) => decodeSnapshot(each.image.snapshot!.data));
    expect(state!.values.map(({ key }) => key)).toEqual(same!.values.map(({ key }) => key));
    expect(state!.sessions.map(({ client }) => client)).toEqual(same!.sessions.map(({ client }) => client));
  });
});

describe("a server that gets a snapshot from its leader", () => {
  const snapshot = (index: number): Snapshot => ({
    index,
    term: 1,
    data: encodeSnapshot({
      values: [{ key: "y", value: "new" }],
      sessions: [{ client: "c", request: 7, result: { kind: "done" } }],
    }),
  });

  test("has that state, and nothing of its own", () => {
    const office = new Office();
    office.follow(1, 1, [asked("d", 1, put("x", "old"))]);
    install(office, 1, snapshot(9));
    expect(office.call("c", 7, append("y", "again"))).toEqual(done(7));
    office.elect();
    office.acknowledge();
    const calls = [office.ask("d", 1, get("x")), office.ask("e", 1, get("y"))];
    office.acknowledge();
    expect(calls.map((call) => office.answers(call))).toEqual([[value(1, null)], [value(1, "new")]]);
  });

  test("goes on with the log behind it", () => {
    const office = new Office();
    install(office, 1, snapshot(9));
    office.follow(1, 10, [asked("c", 8, append("y", "er")), asked("d", 1, get("y"))]);
    expect(office.call("d", 1, get("y"))).toEqual(value(1, "newer"));
  });

  test("does not go back for one that is old", () => {
    const office = new Office();
    office.follow(1, 1, [
      asked("c", 1, put("x", "a")),
      asked("c", 8, put("x", "b")),
      asked("d", 1, get("x")),
    ]);
    install(office, 1, snapshot(2));
    expect(office.call("c", 8, put("x", "b"))).toEqual(done(8));
    expect(office.call("c", 7, put("x", "b"))).toEqual(superseded);
  });

  test("counts the bytes of its own log anew: the next cut is as far away as after its own", () => {
    const office = new Office(undefined, { maxRaftState: MAX });
    office.follow(
      1,
      1,
      Array.from({ length: 20 }, (_, i) => asked("c", i + 1, append("x", "a"))),
    );
    expect(office.image.snapshot).toBeNull();
    install(office, 1, snapshot(50));
    office.follow(
      1,
      51,
      Array.from({ length: 10 }, (_, i) => asked("c", i + 51, append("x", "a"))),
    );
    expect(office.image.snapshot!.index).toBe(50);
  });
});
