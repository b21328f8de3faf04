/** How a page carries operations, filters them and ranks them, without a browser. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Packed, pack, standalone, unpack } from "../../visualizer/columns.ts";
import { EVERYTHING, matchingOf, nextMatch } from "../../visualizer/filter.ts";
import { type Drawn, pageOf } from "../../visualizer/index.ts";
import { sceneOf } from "../../visualizer/layout.ts";
import { rankedOf, STEP } from "../../visualizer/ranked.ts";
import { embeddedJson } from "../../visualizer/text.ts";
import { HOSTILE } from "./hostile.ts";
import { sampleReport } from "./sample.ts";

const text = fc.oneof(
  fc.constantFrom(
    "",
    "x",
    "k10",
    'put x "1" -> ok',
    "write 12 -> ok",
    'get k10 -> "a"',
    '""',
    '"',
    ...HOSTILE,
  ),
  fc.string({ unit: "binary" }),
);

const operation = fc.record({
  id: fc.nat(),
  client: text,
  object: text,
  kind: text,
  words: text,
  call: fc.nat(1e9),
  return: fc.constant(null),
  outcome: fc.constantFrom("indeterminate", "pending"),
});

function unpacked(packed: Packed<Drawn>): Drawn {
  const drawn = unpack(packed);
  return { ...drawn, operations: drawn.operations.map(standalone) };
}

function carrying(operations: Drawn["operations"]): Drawn {
  return { ...sampleReport({ operations: 5 }), operations };
}

test("whatever operations say, they come back exactly", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(operation, fc.option(fc.nat(1e6)))), (drafts) => {
      const operations = drafts.map(([draft, took]) => ({
        ...draft,
        ...(took === null ? {} : { return: draft.call + took, outcome: "acknowledged" }),
      })) as unknown as Drawn["operations"];
      const carried = JSON.parse(embeddedJson(pack(carrying(operations))));
      expect(unpacked(carried).operations).toEqual(operations);
    }),
    { numRuns: 300 },
  );
});

test("more clients and keys than there are single characters come back as well", () => {
  const [some] = sampleReport().operations;
  const operations = Array.from({ length: 300 }, (_, id) => ({
    ...some!,
    id,
    client: `c${id}`,
    object: `k${id}`,
  }));
  for (const count of [56, 57, 58, 300]) {
    const few = operations.slice(0, count);
    expect(unpacked(pack(carrying(few))).operations, `${count}`).toEqual(few);
  }
});

test("orders, attempts and states come back, also where there are none", () => {
  const report = sampleReport({ outcome: "illegal" });
  const objects = report.objects.map((object, index) => ({
    ...object,
    ...[{}, { states: null }, { states: ["absent", '"1"', '"1"', "absent"] }, { states: [] }][index % 4],
  }));
  expect(unpacked(pack({ ...report, objects }))).toEqual({ ...report, objects });
});

test("a page of 100,000 operations carries less than 40 characters for each", () => {
  const bundle = { script: "", style: "", scriptHash: "", styleHash: "" };
  expect(pageOf(sampleReport({ operations: 100_000 }), bundle).length / 100_000).toBeLessThan(40);
});

test("a filter asks for all its conditions at once, and for upper and lower case alike", () => {
  const report = sampleReport();
  const scene = sceneOf(report, []);
  const matching = matchingOf(report, scene, {
    ...EVERYTHING,
    object: "x",
    client: "c3",
    words: " APPEND x ",
  })!;
  const wanted = report.operations.filter(
    ({ client, object, words }) => client === "c3" && object === "x" && words.startsWith("append x"),
  );
  expect(matching.count).toBe(wanted.length);
  expect(wanted.every(({ id }) => matching.operations[id] === 1)).toBe(true);
  expect([...matching.pieces.values()].flat().map(({ index }) => index)).toEqual(wanted.map(({ id }) => id));
  expect(matchingOf(report, scene, EVERYTHING)).toBeNull();
});

test("from match to match it goes round, in both directions, and nowhere if there is none", () => {
  const matching = { count: 2, operations: Uint8Array.from([0, 1, 0, 1, 0]), pieces: new Map() };
  expect([null, 0, 1, 3, 4].map((from) => nextMatch(matching, from, 1))).toEqual([1, 1, 3, 1, 1]);
  expect([null, 0, 1, 3, 4].map((from) => nextMatch(matching, from, -1))).toEqual([3, 3, 3, 1, 3]);
  expect(nextMatch({ ...matching, operations: new Uint8Array(3) }, null, 1)).toBeNull();
});

test("ranks keep what came before what, and lead back to the times", () => {
  const report = sampleReport();
  const { drawn, rankOf, instantOf } = rankedOf(report);
  const ends = ({ operations, counts }: Drawn) => [
    ...operations.flatMap((each) => [each.call, each.return ?? each.call]),
    counts.virtualMicroseconds,
  ];
  const [times, ranks] = [ends(report), ends(drawn)];
  const order = times.map((_, index) => index).sort((a, b) => times[a]! - times[b]!);
  for (const [place, index] of order.slice(1).entries()) {
    const before = order[place]!;
    expect(ranks[index]! - ranks[before]!).toBe(times[index] === times[before] ? 0 : STEP);
  }
  for (const time of times) expect(instantOf(rankOf(time))).toBe(time);
});
