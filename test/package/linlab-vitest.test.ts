/** The matcher of linlab/vitest: as that of porcupine-ts, and a page of every history that a test complains about. */
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KvInput, type KvOutput, kv, operationsOf } from "porcupine-ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import "linlab/vitest";
import { script } from "../checker/build.ts";
import { bare, hard } from "../checker/hard.ts";

const home = process.cwd();
const folder = realpathSync(mkdtempSync(join(tmpdir(), "linlab-matcher-")));

beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

function seeing(value: string | null) {
  return script<KvInput, KvOutput>()
    .call(1, { kind: "put", key: "x", value: "1" }, { kind: "done" })
    .call(2, { kind: "get", key: "x" }, { kind: "value", value }).history;
}

function complaint(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the assertion passed");
}

/** The page that the message names, and only ends with. */
function pageOf(message: string): { name: string; html: string } {
  const name = /\nThe history as a page: linlab-out\/(.+\.html)$/.exec(message)![1]!;
  return { name, html: readFileSync(join("linlab-out", name), "utf8") };
}

test("what passes leaves nothing behind", () => {
  expect(seeing("1")).toBeLinearizable(kv);
  expect(seeing(null)).not.toBeLinearizable(kv);
  expect(readdirSync(".")).toEqual([]);
});

test("a violation is told as in porcupine-ts, and its page is named", () => {
  const message = complaint(() => expect(seeing(null)).toBeLinearizable(kv));
  expect(message).toMatch(/^c2's get x began 1 us after [^!]+yet returned absent: a\s+stale read/);
  const { name, html } = pageOf(message);
  expect(name).toBe("linlab-vitest.test-a-violation-is-told-as-in-porcupine-ts-and-its-page-is-named.html");
  expect(html).toContain('data-outcome="illegal"');
  expect(html).toContain("a violation is told as in porcupine-ts");
  expect(html).toMatch(/<code id="replay">npx vitest run .*linlab-vitest\.test\.ts/);
});

test("a test that complains twice leaves two pages: 'quoted', $1 & <b>", () => {
  const [first, second] = [seeing(null), operationsOf(seeing(null))].map((history) =>
    pageOf(complaint(() => expect(history).toBeLinearizable(kv))),
  );
  expect(second!.name).toBe(first!.name.replace(/\.html$/, "-2.html"));
  expect(second!.html).toContain("&#39;quoted&#39;");
  expect(second!.html).not.toContain("<b>");
});

test("what should not be linearizable and is, and what is undecided, is drawn too", () => {
  const ok = pageOf(complaint(() => expect(seeing("1")).not.toBeLinearizable(kv)));
  expect(ok.html).toContain('data-outcome="ok"');
  const message = complaint(() => expect(hard("h", 12)).toBeLinearizable(bare, { budget: 10 }));
  expect(message).toContain("The budget of 10 configurations ended");
  expect(pageOf(message).html).toContain('data-outcome="unknown"');
});
