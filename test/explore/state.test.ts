import { describe, expect, test } from "vitest";
import { NOTHING_SPENT } from "../../lab/explore/bounds.ts";
import { copyOf } from "../../lab/explore/copy.ts";
import { mix, plainView } from "../../lab/explore/fingerprint.ts";
import { defaultBounds } from "../../lab/explore/index.ts";
import type { Move } from "../../lab/explore/move.ts";
import { isWrong, play } from "../../lab/explore/play.ts";
import { Stage } from "../../lab/explore/stage.ts";
import { digestOf, renamingsOf } from "../../lab/explore/symmetry.ts";
import { Table } from "../../lab/explore/table.ts";
import { Parts, type World } from "../../lab/explore/world.ts";
import { Digest } from "../../src/base/index.ts";

const SERVERS = ["n1", "n2", "n3"];
const renamings = renamingsOf(SERVERS);

function worldAfter(...moves: readonly Move[]): World {
  const stage = new Stage(SERVERS, defaultBounds, new Parts(renamings[0]!));
  let world = stage.first();
  for (const move of moves) {
    const next = play(stage, world, move);
    if (isWrong(next)) throw new Error(next.message);
    world = next;
  }
  return world;
}

function elect(server: string, voter: string): Move {
  return { kind: "elect", server, voters: [voter], late: null };
}

function propose(server: string): Move {
  return { kind: "propose", server, slowDisk: false };
}

function replicate(server: string, to: string): Move {
  return { kind: "replicate", server, to, fate: "answered" };
}

describe("a world's digest", () => {
  const one = worldAfter(elect("n1", "n2"), propose("n1"), replicate("n1", "n3"));

  test("is the same under other names", () => {
    const renamed = worldAfter(elect("n3", "n1"), propose("n3"), replicate("n3", "n2"));
    expect(digestOf(renamed, renamings)).toEqual(digestOf(one, renamings));
    expect(digestOf(renamed, [renamings[0]!])).not.toEqual(digestOf(one, [renamings[0]!]));
  });

  test("is another one if another server has the entry, whatever its name", () => {
    const other = worldAfter(elect("n1", "n2"), propose("n1"), replicate("n1", "n2"));
    expect(digestOf(other, renamings)).not.toEqual(digestOf(one, renamings));
  });

  test("does not count messages", () => {
    const again = worldAfter(elect("n1", "n2"), propose("n1"), replicate("n1", "n3"), replicate("n1", "n3"));
    const often = worldAfter(
      elect("n1", "n2"),
      propose("n1"),
      ...Array.from({ length: 9 }, () => replicate("n1", "n3")),
    );
    expect(digestOf(often, renamings)).toEqual(digestOf(again, renamings));
  });

  test("counts what is spent", () => {
    const poorer = { ...one, spent: { ...NOTHING_SPENT, commands: 1, crashes: 1 } };
    expect(digestOf(poorer, renamings)).not.toEqual(digestOf(one, renamings));
  });
});

describe("a call's number", () => {
  function digestWith(inFlight: readonly number[], ...open: readonly number[]): string {
    const digest = new Digest();
    const openCalls = open.map((call) => ({ peer: "n2", call }));
    mix(digest, { inFlight }, { ...plainView(new Map()), openCalls });
    return digest.hex();
  }

  test("counts only beside those that may still be answered", () => {
    expect(digestWith([7])).toBe(digestWith([8]));
    expect(digestWith([7])).not.toBe(digestWith([7, 8]));
    expect(digestWith([7], 5)).toBe(digestWith([8], 5));
    expect(digestWith([7], 7)).not.toBe(digestWith([8], 7));
  });
});

describe("late and lost", () => {
  test("a late vote elects, and only once", () => {
    const late: Move = {
      kind: "elect",
      server: "n1",
      voters: ["n2"],
      late: { voter: "n2", fate: "replyLate" },
    };
    const waiting = worldAfter(late);
    expect(waiting.cells[0]!.value.raft.role).toBe("candidate");
    const arrived = worldAfter(late, { kind: "arrive", server: "n1", which: 0, fate: "answered" });
    expect(arrived.cells[0]!.value.raft.role).toBe("leader");
    expect(arrived.cells[0]!.value.late.size).toBe(0);
  });

  test("an answer to an earlier life never comes, its request does", () => {
    const late = (fate: "requestLate" | "replyLate"): Move => ({
      kind: "elect",
      server: "n1",
      voters: ["n2"],
      late: { voter: "n2", fate },
    });
    const crash: Move = { kind: "crash", server: "n1" };
    expect(worldAfter(late("replyLate"), crash).cells[0]!.value.late.size).toBe(0);
    // A call of the new life may have the same number.
    expect([...worldAfter(late("requestLate"), crash).cells[0]!.value.late].map(({ call }) => call)).toEqual([
      null,
    ]);
    const arrived = worldAfter(late("requestLate"), crash, {
      kind: "arrive",
      server: "n1",
      which: 0,
      fate: "answered",
    });
    expect(arrived.cells[1]!.value.raft.votedFor).toBe("n1");
    expect(arrived.cells[0]!.value.raft.role).toBe("follower");
  });

  test("what a slow disk has not written, a crash loses", () => {
    const slow: Move = { kind: "propose", server: "n1", slowDisk: true };
    const crash: Move = { kind: "crash", server: "n1" };
    const logs = (...moves: Move[]) => {
      const { raft, image, writes } = worldAfter(elect("n1", "n2"), slow, ...moves).cells[0]!.value;
      return [raft.log.lastIndex, image.log.lastIndex, writes.length];
    };
    expect(logs()).toEqual([1, 0, 1]);
    expect(logs(crash)).toEqual([0, 0, 0]);
    expect(logs({ kind: "sync", server: "n1" }, crash)).toEqual([1, 1, 0]);
  });
});

describe("parts", () => {
  test("a copy changes alone, keeps its class and shares what is frozen", () => {
    class Own {
      readonly frozen = Object.freeze({ a: [1] });
      readonly list = [{ b: 1 }];
      readonly map = new Map([["k", new Set([{ c: 1 }])]]);
      readonly bytes = Uint8Array.of(1);
    }
    const original = new Own();
    const copy = copyOf(original);
    copy.list[0]!.b = 2;
    for (const each of copy.map.get("k")!) each.c = 2;
    expect(copy).toBeInstanceOf(Own);
    expect(original).toEqual(new Own());
    expect(copy.frozen).toBe(original.frozen);
    expect(copy.bytes).toBe(original.bytes);
  });

  test("a table numbers what it meets, and knows it again after it has grown", () => {
    const table = new Table();
    const halves = Array.from({ length: 5000 }, (_, i) => [Math.imul(i % 70, 77), i] as const);
    expect(halves.map(([high, low]) => table.add(high, low))).toEqual(halves.map((_, i) => i));
    expect(halves.map(([high, low]) => table.add(high, low))).toEqual(halves.map((_, i) => i));
    expect(table.size).toBe(5000);
  });
});
