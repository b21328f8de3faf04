/** `linlab page`: of a saved report, of a history, and of neither. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import type { Report } from "../../lab/run/report.ts";
import { type Packed, standalone, unpack } from "../../visualizer/columns.ts";
import { linlab } from "./command.ts";

const directory = mkdtempSync(join(tmpdir(), "linlab-page-"));
const at = { cwd: directory };
const read = (name: string): string => readFileSync(join(directory, name), "utf8");
const saved = (): Report => JSON.parse(read("out/seed-7.report.json")) as Report;

/** What a page carries. */
function carried(page: string): Report {
  const [, type, text] = /<script type="([^"]*)" id="report"[^>]*>([^<]*)<\/script>/.exec(page)!;
  const json = type === "text/plain" ? gunzipSync(Buffer.from(text!, "base64")).toString() : text!;
  const report = unpack(JSON.parse(json) as Packed<Report>);
  return { ...report, operations: report.operations.map(standalone) };
}

beforeAll(async () => {
  await linlab(["run", "--seed", "7", "--duration", "1s", "--out", "out"], at);
  const lines = ["invoke\t:write\t1", "ok\t:write\t1", "invoke\t:read\tnil", "ok\t:read\tnil"];
  writeFileSync(
    join(directory, "stale.log"),
    `${lines.map((line) => `INFO  jepsen.util - 0\t:${line}\n`).join("")}`,
  );
});

test("of a saved report is the page that the run wrote itself, beside it", async () => {
  const { code, stdout, stderr } = await linlab(
    ["page", "out/seed-7.report.json", "--out", "again.html"],
    at,
  );
  expect([stderr, stdout, code]).toEqual(["", "again.html: ok\n", 0]);
  expect(read("again.html")).toBe(read("out/seed-7.html"));
});

test("names itself after its file", async () => {
  writeFileSync(join(directory, "mine.report.json"), JSON.stringify(saved()));
  expect((await linlab(["page", "mine.report.json"], at)).stdout).toBe("mine.html: ok\n");
  expect((await linlab(["page", "stale.log"], at)).stdout).toBe("stale.html: illegal\n");
});

test("packed by --gzip it is smaller and carries the same", async () => {
  await linlab(["page", "out/seed-7.report.json", "--out", "packed.html", "--gzip"], at);
  const { recorded: _, ...report } = saved();
  expect(carried(read("packed.html"))).toEqual(report);
  expect(read("packed.html").length).toBeLessThan(read("out/seed-7.html").length);
});

test("of a history is judged as linlab check judges it, exit code and all", async () => {
  const { code } = await linlab(["page", "stale.log", "--out", "deep/er/page.html"], at);
  expect(code).toBe(1);
  expect(read("deep/er/page.html")).toContain("npx linlab page stale.log --out deep/er/page.html");
  expect(read("deep/er/page.html")).toContain('data-outcome="illegal"');
  const unseen = await linlab(["page", "stale.log", "--nil-reads", "unseen"], at);
  expect([unseen.code, unseen.stdout]).toEqual([0, "stale.html: ok\n"]);
  const undecided = await linlab(["page", "stale.log", "--model", "queue"], at);
  expect(undecided.code).toBe(2);
});

test.each<[string, readonly string[], string]>([
  ["no file", [], "no file given"],
  ["two files", ["a", "b"], "a page draws one file, found a and b"],
  ["a file that is not there", ["none.log"], "cannot read none.log: no such file or directory"],
  ["an unknown flag", ["stale.log", "--zip"], "Unknown option '--zip'"],
  ["an empty name", ["stale.log", "--out", ""], "--out: expected a file, found an empty value"],
  ["a model that there is not", ["stale.log", "--model", "bank"], "--model bank: expected one of register"],
  [
    "a model for a report",
    ["out/seed-7.report.json", "--model", "kv"],
    "--model: out/seed-7.report.json is a report, which was judged when it was made",
  ],
])("refuses %s", async (_, args, message) => {
  const { code, stdout, stderr } = await linlab(["page", ...args], at);
  expect(stderr).toContain(`linlab: ${message}`);
  expect([code, stdout]).toEqual([2, ""]);
});

test.each<[string, (report: Report) => unknown, string]>([
  ["of another version", (report) => ({ ...report, version: 9 }), "version 9 of a report is not 1"],
  [
    "without operations",
    (report) => ({ ...report, operations: undefined }),
    "operations: expected a list, found nothing",
  ],
  [
    "with a call that is no instant",
    (report) => ({ ...report, operations: [{ ...report.operations[0], call: "soon" }] }),
    'operations[0].call: expected a whole number from 0, found "soon"',
  ],
  [
    "with an operation that returned before its call",
    (report) => ({
      ...report,
      operations: [{ ...report.operations[0], call: 9, return: 8, outcome: "acknowledged" }],
    }),
    "operations[0]: it returned at 8, before its call at 9",
  ],
  [
    "with one number for two operations",
    (report) => ({ ...report, operations: [report.operations[0], report.operations[0]] }),
    "operations[1].id: 0 is also that of operations[0]",
  ],
  [
    "with an explanation of no kind",
    (report) => ({ ...report, objects: [{ ...report.objects[0], explanation: { kind: "hunch" } }] }),
    "objects[0].explanation.kind: expected one of violation, undecided",
  ],
])("refuses a report %s", async (_, edit, message) => {
  writeFileSync(join(directory, "edited.json"), JSON.stringify(edit(saved())));
  const { code, stderr } = await linlab(["page", "edited.json"], at);
  expect(stderr).toContain(`linlab: edited.json: ${message}`);
  expect(code).toBe(2);
});

test("refuses a report that ends too early", async () => {
  writeFileSync(join(directory, "torn.json"), JSON.stringify(saved()).slice(0, 5000));
  const { code, stderr } = await linlab(["page", "torn.json"], at);
  expect(stderr).toContain("linlab: torn.json: not JSON");
  expect(code).toBe(2);
});
