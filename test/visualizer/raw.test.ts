import { describe, expect, test } from "vitest";
import { judgementOf } from "../../visualizer/judgement.ts";
import { sheetsOf } from "../../visualizer/raw/sheet.ts";
import { heightOf, ROW_HEIGHT, sliceAt, topOf } from "../../visualizer/raw/slice.ts";
import { sampleReport } from "./sample.ts";

const HEIGHT = 540;

describe("the slice of a long table", () => {
  test.each([0, 1, 10, 1_000, 100_000, 1_000_000])(
    "of %i rows is as high as the whole wherever it is",
    (rows) => {
      for (let step = 0; step <= 40; step++) {
        const top = (Math.max(0, heightOf(rows) - HEIGHT) * step) / 40;
        const { first, end, above, below } = sliceAt(rows, top, HEIGHT);
        expect(end - first).toBeLessThan(60);
        expect(above + (end - first) * ROW_HEIGHT + below).toBeCloseTo(heightOf(rows), 3);
        // What is in sight is there.
        expect(above).toBeLessThanOrEqual(top + 0.001);
        expect(above + (end - first) * ROW_HEIGHT).toBeGreaterThanOrEqual(
          Math.min(top + HEIGHT, heightOf(rows)) - 0.001,
        );
      }
    },
  );

  test.each([1_000, 1_000_000])("of %i rows begins with the first and ends with the last", (rows) => {
    expect(sliceAt(rows, 0, HEIGHT).first).toBe(0);
    expect(sliceAt(rows, heightOf(rows) - HEIGHT, HEIGHT).end).toBe(rows);
  });

  test.each([1_000, 1_000_000])("of %i rows reaches each of them", (rows) => {
    for (const row of [0, 17, 499, rows / 2, rows - 30]) {
      const { first, end } = sliceAt(rows, topOf(row, rows, HEIGHT), HEIGHT);
      expect(first).toBeLessThanOrEqual(row);
      expect(end).toBeGreaterThan(row);
    }
  });
});

describe("the tables", () => {
  const report = sampleReport({ outcome: "illegal" });
  const [operations, faults] = sheetsOf(report, judgementOf(report));

  test("have a row for every operation and every fault", () => {
    expect([operations!.count, faults!.count]).toEqual([report.operations.length, report.bands.length]);
    const { words, client } = report.operations[5]!;
    expect(operations!.cells(5)).toEqual(expect.arrayContaining([words, client]));
    expect(faults!.cells(0)).toEqual([
      "loss",
      "lose 10 % of all messages",
      "the network",
      "120.000 ms",
      "3,300.000 ms",
    ]);
  });

  test("are sorted by a column, both ways, what has no number at the end of it", () => {
    const took = operations!.columns.findIndex(({ name }) => name === "Took");
    const up = [...operations!.sorted(took, false)];
    expect([...up].sort((a, b) => a - b)).toEqual([...report.operations.keys()]);
    const durations = up.map((index) => {
      const { call, return: back } = report.operations[index]!;
      return back === null ? Number.POSITIVE_INFINITY : back - call;
    });
    expect(durations).toEqual([...durations].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    expect(operations!.cells(up.at(-1)!)).toContain("–");
    const down = [...operations!.sorted(took, true)];
    expect(report.operations[down[0]!]!.return).toBeNull();
  });

  test("without a fault have no table of faults", () => {
    expect(sheetsOf({ ...report, bands: [] }, judgementOf(report))).toHaveLength(1);
  });
});
