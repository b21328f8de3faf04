import { describe, expect, test } from "vitest";
import type { FaultBand, Report, ReportedOperation } from "../../lab/run/report.ts";
import { packBands } from "../../visualizer/band.ts";
import { detailOf, neighboursOf } from "../../visualizer/detail.ts";
import { judgementOf, pointsOf } from "../../visualizer/judgement.ts";
import { firstAfter, itemAt, type Scene, sceneOf } from "../../visualizer/layout.ts";
import { problemsOf } from "../../visualizer/problem.ts";
import { walk } from "../../visualizer/walk.ts";
import { sampleReport } from "./sample.ts";

type Row = [id: number, client: string, object: string, call: number, back: number | null];

function operations(rows: readonly Row[]): ReportedOperation[] {
  return rows.map(([id, client, object, call, back]) => ({
    id,
    client,
    object,
    kind: "get",
    words: `get ${object} -> "${id}"`,
    call,
    return: back,
    outcome: back === null ? "pending" : "acknowledged",
  }));
}

/** A report of these operations on one key "x", as the checker would have judged them. */
function judged(
  rows: readonly Row[],
  verdict: "ok" | "illegal" | "unknown",
  order: readonly number[],
): Report {
  const linearization = verdict === "ok" ? order : null;
  const object = {
    object: "x",
    verdict,
    linearization,
    partials: verdict === "ok" ? [] : [order.slice(0, 1), order],
    explanation: null,
  };
  const bare = sampleReport({ operations: 5 });
  const counts = { ...bare.counts, virtualMicroseconds: 1000 };
  return {
    ...bare,
    counts,
    operations: operations(rows),
    objects: [object],
    servers: [],
    bands: [],
    clients: ["a", "b"],
  };
}

describe("linearization points", () => {
  test.each([
    { calls: [], points: [] },
    { calls: [5], points: [5] },
    { calls: [1, 4, 9], points: [1, 4, 9] },
    { calls: [7, 2, 3], points: [7, 7, 7] },
    { calls: [2, 8, 4, 9], points: [2, 8, 8, 9] },
  ])("the earliest points for calls $calls in this order are $points", ({ calls, points }) => {
    expect(pointsOf(calls)).toEqual(points);
  });

  test("every point of a sample lies within its operation and never before the point in front of it", () => {
    const report = sampleReport();
    for (const { order, points } of judgementOf(report).orders.values()) {
      points.forEach((point, index) => {
        const operation = report.operations[order[index]!]!;
        expect(point).toBeGreaterThanOrEqual(operation.call);
        expect(point).toBeLessThanOrEqual(operation.return ?? Number.POSITIVE_INFINITY);
        expect(point).toBeGreaterThanOrEqual(points[index - 1] ?? 0);
      });
    }
  });
});

describe("standing", () => {
  const rows: Row[] = [
    [10, "a", "x", 0, 10],
    [11, "a", "x", 20, 40],
    [12, "b", "x", 30, 60],
    [13, "b", "x", 70, 80],
    [14, "a", "x", 50, null],
  ];

  test.each([
    {
      verdict: "ok" as const,
      order: [10, 11, 12, 13],
      standings: ["placed", "placed", "placed", "placed", "free"],
    },
    {
      verdict: "illegal" as const,
      order: [10],
      standings: ["placed", "blocked", "blocked", "beyond", "free"],
    },
    { verdict: "illegal" as const, order: [], standings: ["blocked", "beyond", "beyond", "beyond", "free"] },
    {
      verdict: "unknown" as const,
      order: [10],
      standings: ["placed", "unjudged", "unjudged", "unjudged", "unjudged"],
    },
  ])("of a key that is $verdict with order $order", ({ verdict, order, standings }) => {
    const judgement = judgementOf(judged(rows, verdict, order));
    expect(rows.map((_, index) => judgement.placement(index).standing)).toEqual(standings);
  });

  test("the operation that had to come next at the latest is the first of the blocked ones", () => {
    const judgement = judgementOf(judged(rows, "illegal", [10]));
    expect(judgement.orders.get("x")?.blocked).toEqual([1, 2]);
  });

  test("ids that the report does not contain are passed over", () => {
    expect(judgementOf(judged(rows, "ok", [99, 10])).orders.get("x")?.order).toEqual([0]);
  });
});

describe("problems", () => {
  test.each([
    { outcome: "ok" as const, kinds: [] },
    { outcome: "unknown" as const, kinds: [] },
    { outcome: "illegal" as const, kinds: ["operation"] },
    { outcome: "invariant" as const, kinds: ["violation"] },
    { outcome: "liveness" as const, kinds: ["violation"] },
  ])("a run that is $outcome has the problems $kinds", ({ outcome, kinds }) => {
    const report = sampleReport({ outcome });
    expect(problemsOf(report, judgementOf(report)).map((each) => each.kind)).toEqual(kinds);
  });

  test("the operation in front of which the search ended says so, after the last ones that had a place", () => {
    const report = sampleReport({ outcome: "illegal" });
    const judgement = judgementOf(report);
    const operation = problemsOf(report, judgement)[0]?.operation ?? -1;
    expect(detailOf({ kind: "operation", operation }, report, judgement)).toMatchObject({
      words: report.operations[operation]?.words,
      wrong: true,
      note: expect.stringContaining("43 operations"),
    });
    expect(neighboursOf(operation, report, judgement).map((each) => each.position)).toEqual([
      38, 39, 40, 41, 42, -1,
    ]);
  });
});

describe("rows of faults", () => {
  const band = (kind: string, at: number, until: number): FaultBand => ({
    kind,
    label: kind,
    at,
    until,
    nodes: [],
  });

  test.each([
    { name: "none", bands: [], rows: [] },
    {
      name: "one after the other",
      bands: [band("loss", 0, 5), band("loss", 5, 9)],
      rows: [["loss", [0, 1]]],
    },
    {
      name: "overlapping",
      bands: [band("loss", 0, 6), band("loss", 5, 9)],
      rows: [
        ["loss", [0]],
        ["loss", [1]],
      ],
    },
    {
      name: "out of order and of two classes",
      bands: [band("crash", 8, 9), band("loss", 0, 6), band("crash", 1, 2)],
      rows: [
        ["loss", [1]],
        ["crash", [2, 0]],
      ],
    },
    { name: "without length", bands: [band("crash", 3, 3), band("crash", 3, 4)], rows: [["crash", [0, 1]]] },
  ])("keep bands apart: $name", ({ bands, rows }) => {
    expect(packBands(bands).map((row) => [row.kind, row.bands])).toEqual(rows);
  });
});

describe("lanes", () => {
  const rows: Row[] = [
    [0, "a", "x", 0, 10],
    [1, "a", "x", 20, null],
    [2, "a", "x", 50, 60],
    [3, "b", "x", 30, null],
    [4, "new", "x", 5, 15],
    [5, "new", "x", 10, 20],
  ];
  const scene = sceneOf(judged(rows, "ok", []), []);
  const pieces = scene.lanes.map((lane) => [
    lane.name,
    lane.pieces.map((each) => [each.index, each.from, each.until]),
  ]);

  test("an unanswered operation lasts to the next in its row, or to the end of the run; overlaps get a row each", () => {
    expect(pieces).toEqual([
      [
        "a",
        [
          [0, 0, 10],
          [1, 20, 50],
          [2, 50, 60],
        ],
      ],
      ["b", [[3, 30, 1000]]],
      ["new", [[4, 5, 15]]],
      ["", [[5, 10, 20]]],
    ]);
  });

  test("do not overlap, and neither do their pieces", () => {
    const { lanes } = sceneOf(sampleReport(), []);
    lanes.forEach((lane, index) => {
      expect(lane.top).toBeGreaterThanOrEqual(
        index === 0 ? 0 : lanes[index - 1]!.top + lanes[index - 1]!.height,
      );
      lane.pieces.forEach((piece, each) => {
        expect(piece.from).toBeGreaterThanOrEqual(lane.pieces[each - 1]?.until ?? Number.NEGATIVE_INFINITY);
      });
    });
  });

  test.each([
    { instant: -1, first: 0 },
    { instant: 9, first: 0 },
    { instant: 10, first: 1 },
    { instant: 55, first: 2 },
    { instant: 60, first: 3 },
  ])("the first piece after $instant is number $first", ({ instant, first }) => {
    expect(firstAfter(scene.lanes[0]!.pieces, instant)).toBe(first);
  });

  test.each([
    { name: "inside one", instant: 5, slack: 0, hit: 0 },
    { name: "between two, out of reach", instant: 15, slack: 3, hit: null },
    { name: "nearer to the left one", instant: 12, slack: 9, hit: 0 },
    { name: "nearer to the right one", instant: 18, slack: 9, hit: 1 },
    { name: "where two meet", instant: 51, slack: 5, hit: 2 },
    { name: "before all", instant: -50, slack: 5, hit: null },
  ])("a pointer $name finds $hit", ({ instant, slack, hit }) => {
    const item = itemAt(scene, instant, scene.lanes[0]!.top + 8, slack);
    expect(item).toEqual(hit === null ? null : { kind: "operation", operation: hit });
  });

  test("a pointer above all lanes finds nothing", () => {
    expect(itemAt(scene, 5, 2, 10)).toBeNull();
  });
});

describe("walking", () => {
  const scene: Scene = sceneOf(
    judged(
      [
        [0, "a", "x", 0, 10],
        [1, "a", "x", 20, 30],
        [2, "b", "x", 22, 26],
      ],
      "ok",
      [],
    ),
    [],
  );
  const at = (operation: number) => ({ kind: "operation" as const, operation });

  test.each([
    { from: null, direction: "right" as const, to: at(1) },
    { from: at(0), direction: "right" as const, to: at(1) },
    { from: at(1), direction: "right" as const, to: at(1) },
    { from: at(1), direction: "left" as const, to: at(0) },
    { from: at(1), direction: "down" as const, to: at(2) },
    { from: at(2), direction: "up" as const, to: at(1) },
    { from: at(0), direction: "up" as const, to: at(0) },
  ])("$direction from $from leads to $to", ({ from, direction, to }) => {
    expect(walk(scene, from, 25, direction)).toEqual(to);
  });
});
