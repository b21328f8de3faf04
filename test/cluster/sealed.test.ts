/** The log as bytes: what a server finds on a disk that rots, that was cut, or that was written to in the wrong place. */

import { describe, expect, test } from "vitest";
import { intendedSeals, isMarked, mark, rottedIn, SealedStorage } from "../../lab/cluster/sealed.ts";
import type { Command } from "../../src/kv/index.ts";
import { LOST, type RaftImage, raftStorage } from "../../src/raft/index.ts";

const storage = new SealedStorage(raftStorage, intendedSeals);

const put = (value: string): Command => ({
  kind: "operation",
  session: 1,
  request: 2,
  operation: { kind: "put", key: "x", value },
});

const record = (from: number, ...values: string[]) => ({
  currentTerm: 1,
  votedFor: null,
  snapshot: null,
  from,
  entries: values.map((value) => ({ term: 1, command: put(value) })),
});

function holding(...values: string[]): RaftImage {
  const image = storage.empty();
  storage.write(image, record(1, ...values));
  return image;
}

/** The values in the log; "lost" for what has rotted. */
function valuesIn({ log }: RaftImage): readonly string[] {
  return log.slice(1, log.lastIndex).map(({ command }) => {
    if (command === LOST) return "lost";
    const { operation } = command as { operation: { value: string } };
    return operation.value;
  });
}

describe("a server that starts", () => {
  test("finds what was written", () => {
    const image = holding("a", "b", "c");
    expect([valuesIn(storage.open(image)), storage.open(image).lost.size]).toEqual([["a", "b", "c"], 0]);
  });

  test("finds which entry has rotted, wherever it stands, and all others", () => {
    for (const [fromEnd, expected] of [
      ["a", "b", "lost"],
      ["a", "lost", "c"],
      ["lost", "b", "c"],
    ].entries()) {
      const image = holding("a", "b", "c");
      expect(storage.rot(image, fromEnd)).toBe(3 - fromEnd);
      expect([valuesIn(image), [...rottedIn(image)]]).toEqual([["a", "b", "c"], [3 - fromEnd]]);
      const found = storage.open(image);
      expect([valuesIn(found), [...found.lost]]).toEqual([expected, [3 - fromEnd]]);
    }
  });

  test("finds no end of a write that a crash has cut, and can write there again", () => {
    for (let parts = 0; parts < 3; parts++) {
      const image = holding("a");
      storage.tear(image, record(2, "b", "c", "d"), parts);
      const kept = ["a", "b", "c", "d"].slice(0, 1 + parts);
      const found = storage.open(image);
      expect([valuesIn(found), found.lost.size, found.seals.size]).toEqual([kept, 0, 1 + parts]);
      storage.write(image, record(2 + parts, "again"));
      expect(valuesIn(storage.open(image))).toEqual([...kept, "again"]);
    }
  });

  test("finds a rotted entry before a cut one", () => {
    const image = holding("a", "b");
    storage.rot(image, 0);
    storage.tear(image, record(3, "c"), 0);
    expect(valuesIn(storage.open(image))).toEqual(["a", "lost"]);
  });

  test("still finds it rotted when what came before it was written again with it", () => {
    const image = holding("a", "b", "c");
    storage.rot(image, 0);
    const { log } = storage.open(image);
    storage.write(image, { ...record(2), entries: log.slice(2, 3) });
    expect([valuesIn(storage.open(image)), [...rottedIn(image)]]).toEqual([["a", "b", "lost"], [3]]);
    storage.write(image, record(3, "c"));
    expect([valuesIn(storage.open(image)), [...rottedIn(image)]]).toEqual([["a", "b", "c"], []]);
  });

  // Seed 57302 of a sweep: crashed while it wrote the second of two repaired entries, whose successor was still lost.
  test("finds what it had acknowledged, if a crash has cut the write of a repair", () => {
    for (const [parts, expected] of [
      ["lost", "lost", "lost", "d"],
      ["a", "lost", "lost", "d"],
      ["a", "b", "lost", "d"],
      ["a", "b", "lost", "d"],
    ].entries()) {
      const image = holding("a", "b", "c", "d");
      for (const fromEnd of [1, 2, 3]) storage.rot(image, fromEnd);
      const { log } = storage.open(image);
      const repaired = [...record(1, "a", "b").entries, ...log.slice(3, 4)];
      storage.tear(image, { ...record(1), entries: repaired }, parts);
      const found = storage.open(image);
      const lost = [1, 2, 3].filter((index) => expected[index - 1] === "lost");
      const rotted = [...rottedIn(image)].sort();
      expect([valuesIn(found), [...found.lost], rotted]).toEqual([expected, lost, lost]);
    }
  });

  test("finds nothing of what a cut write was to replace", () => {
    const image = holding("a", "b", "c");
    const later = record(2, "x", "y").entries.map((entry) => ({ ...entry, term: 2 }));
    storage.tear(image, { ...record(2), currentTerm: 2, entries: later }, 1);
    expect(valuesIn(storage.open(image))).toEqual(["a", "x"]);
  });

  test("refuses to, where another entry stands in the place of one", () => {
    const image = holding("a", "b", "c");
    mark(image, "n2");
    storage.misdirect(image);
    expect(() => storage.open(image)).toThrow(
      "n2 refuses to start: where entry 2 of its log should stand, its disk has entry 3",
    );
  });
});

test("what has rotted rots no further, and nothing rots where nothing is", () => {
  const image = holding("a");
  expect([storage.rot(image, 0), storage.rot(image, 0), storage.rot(storage.empty(), 0)]).toEqual([
    1,
    null,
    null,
  ]);
});

test("a disk knows whose it is from the first start on, unless it has lost all", () => {
  const image = storage.empty();
  expect(isMarked(image)).toBe(false);
  mark(image, "n1");
  expect([isMarked(image), isMarked(raftStorage.empty())]).toEqual([true, true]);
});
