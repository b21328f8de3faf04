import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { Ledger } from "../../lab/cli/sweep/ledger.ts";
import { headerOf, type Plan, type SeedResult, sweepChunk, WHOLE } from "../../lab/sweep/index.ts";

const PLAN: Plan = { seeds: [1, 12], shard: WHOLE, given: { duration: 600_000 }, recheck: 50 };
const CODE = "fedcba9876543210";

let results: readonly SeedResult[];
/** Of a file with all of them. */
let lines: readonly string[];

beforeAll(() => {
  const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
  results = sweepChunk({ ...PLAN, seeds, untilFailure: false });
  lines = [headerOf(PLAN, CODE), ...results].map((line) => JSON.stringify(line));
});

const textOf = (kept: readonly string[]) => kept.map((line) => `${line}\n`).join("");

/** A file with this in it. */
function fileWith(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "linlab-ledger-")), "sweep.ndjson");
  writeFileSync(file, text);
  return file;
}

/** Opens it as the sweep of this plan; returns what stood in it. */
function opened(file: string, plan: Plan = PLAN): { ledger: Ledger; told: readonly SeedResult[] } {
  const told: SeedResult[] = [];
  return { ledger: new Ledger(file, headerOf(plan, CODE), (result) => told.push(result)), told };
}

describe("the results file of a sweep", () => {
  test("holds a header and what was appended, and tells it to whoever opens it again", () => {
    const file = fileWith("");
    rmSync(file);
    const { ledger, told } = opened(file);
    expect(told).toEqual([]);
    ledger.append(results.slice(0, 7));
    ledger.append(results.slice(7));
    ledger.close();
    expect(readFileSync(file, "utf8")).toBe(textOf(lines));
    const again = opened(file);
    expect(again.told).toEqual(results);
    expect(again.ledger.before.missing).toEqual([]);
  });

  test.each<[string, (size: number) => number, number]>([
    ["in the middle of its last line", (size) => size - 40, 11],
    ["before its last line break", (size) => size - 1, 11],
    ["in the middle of its header", () => 100, 0],
    ["before the line break of its header", () => lines[0]!.length, 0],
    ["behind its header", () => lines[0]!.length + 1, 0],
    ["before it began", () => 0, 0],
  ])("goes on behind its last whole line, when it was cut off %s", (_name, sizeAfter, kept) => {
    const file = fileWith(textOf(lines));
    truncateSync(file, sizeAfter(readFileSync(file).length));
    const { ledger, told } = opened(file);
    expect(told).toEqual(results.slice(0, kept));
    ledger.append(results.slice(kept));
    ledger.close();
    expect(readFileSync(file, "utf8")).toBe(textOf(lines));
  });

  test("may be cut off at any byte", () => {
    const text = textOf(lines.slice(0, 4));
    for (let size = 0; size < text.length; size++) {
      const file = fileWith(text.slice(0, size));
      const { ledger, told } = opened(file);
      ledger.append(results.slice(told.length, 3));
      ledger.close();
      expect(readFileSync(file, "utf8"), `cut off at ${size}`).toBe(text);
    }
  });

  test.each<[string, (lines: readonly string[]) => readonly string[], Partial<Plan>, string]>([
    [
      "of other seeds",
      (all) => all,
      { seeds: [1, 13] },
      ":1: the results of another sweep, with seeds 1..12, not 1..13: give --out another directory, or --fresh",
    ],
    [
      "of another shard",
      (all) => all,
      { shard: { index: 1, count: 2 } },
      ":1: the results of another sweep, with a number of shards of 1, not 2",
    ],
    [
      "with other options",
      (all) => all,
      { given: { servers: 3 } },
      ":1: the results of another sweep, with options --duration 600ms, not --servers 3",
    ],
    [
      "with another recheck",
      (all) => all,
      { recheck: 7 },
      ":1: the results of another sweep, with recheck 50, not 7",
    ],
    [
      "of another version",
      ([first, ...rest]) => [first!.replace(/"linlab":"[^"]+"/, '"linlab":"0.0.9"'), ...rest],
      {},
      ":1: written by another linlab (0.0.9, format 1)",
    ],
    [
      "of another format",
      ([first, ...rest]) => [first!.replace('"version":1', '"version":2'), ...rest],
      {},
      ":1: written by another linlab (0.1.0, format 2)",
    ],
    [
      "of other code",
      ([first, ...rest]) => [first!.replace(CODE, "0123456789abcdef"), ...rest],
      {},
      `:1: the results of another sweep, with linlab's code 0123456789abcdef, not ${CODE}`,
    ],
    [
      "that is something else",
      () => ['{"format":"porcupine-ts-history","version":1}'],
      {},
      ":1: these are not the results of linlab sweep",
    ],
    ["that is no JSON", () => ["Dear diary,"], {}, ":1: expected a JSON object: these are not the results"],
    [
      "with a damaged header",
      ([first, ...rest]) => [first!.replace('"seeds":[1,12]', '"seeds":[1]'), ...rest],
      {},
      ":1: the header is damaged",
    ],
    [
      "with a torn line in the middle",
      (all) => all.with(4, all[4]!.slice(0, 50)),
      {},
      ":5: expected a JSON object: take this line out of the file, and the same command runs its seed again",
    ],
    [
      "with a line of something else",
      (all) => all.toSpliced(6, 0, '{"kind":"invoke"}'),
      {},
      ":7: seed is not a whole number: take this line out",
    ],
    ["with an empty line", (all) => all.toSpliced(3, 0, ""), {}, ":4: expected a JSON object"],
    [
      "with an unheard-of outcome",
      (all) => all.with(2, all[2]!.replace('"outcome":"ok"', '"outcome":"fine"')),
      {},
      ":3: the outcome is none of a sweep",
    ],
    [
      "with a failure that was none",
      (all) => all.with(2, all[2]!.replace('"outcome":"ok"', '"outcome":"illegal"')),
      {},
      ":3: the failure does not fit the outcome",
    ],
    [
      "with a damaged digest",
      (all) => all.with(2, all[2]!.replace(/"digest":"[0-9a-f]{4}/, '"digest":"')),
      {},
      ":3: the digest is not 16 hexadecimal digits",
    ],
    [
      "with marks that nobody knows",
      (all) => all.with(2, all[2]!.replace('"marks":[', '"marks":[999,')),
      {},
      ":3: the marks are not numbers of the header's",
    ],
    [
      "with a foreign seed",
      (all) => all.with(2, all[2]!.replace(/"seed":\d+/, '"seed":13')),
      {},
      ":3: seed 13 does not belong here, only 1..12 do",
    ],
    ["with a seed twice", (all) => all.toSpliced(9, 0, all[3]!), {}, ":10: seed 3 stands in "],
  ])("is refused, with file and line, and stays as it is: one %s", (_name, change, plan, message) => {
    const text = textOf(change(lines));
    const file = fileWith(text);
    expect(() => opened(file, { ...PLAN, ...plan })).toThrow(file + message);
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  test("stays as it is if it is something else, even without a line break at its end", () => {
    for (const text of ["Dear diary,", lines[0]!.replace('"recheck":50', '"recheck":7')]) {
      const file = fileWith(text);
      expect(() => opened(file)).toThrow(`${file}:1: `);
      expect(readFileSync(file, "utf8")).toBe(text);
    }
  });

  test("has one writer: whoever finds another's lines in it stops, and so does whoever finds it gone", () => {
    const file = fileWith("");
    const { ledger } = opened(file);
    ledger.append(results.slice(0, 3));
    appendFileSync(file, `${lines[4]}\n`);
    expect(() => ledger.append(results.slice(3, 6))).toThrow(`${file}: another process writes to it`);
    expect(readFileSync(file, "utf8")).toBe(textOf(lines.slice(0, 5)));
    const other = opened(file);
    rmSync(file);
    expect(() => other.ledger.append(results.slice(4))).toThrow(
      `${file} was removed while the sweep wrote to it`,
    );
  });
});
