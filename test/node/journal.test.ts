/** The journal: what is there after a crash, what is cut off, and what is refused. */

import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { text } from "../../src/codec/index.ts";
import { Journal } from "../../src/node/index.ts";
import { temporaryDirectory } from "./process.ts";

function newPath(): string {
  return join(temporaryDirectory(), "deep/n1.journal");
}

function open(path: string): Journal<string> {
  return new Journal(path, text);
}

/** Each as a write of its own. */
async function journalOf(...records: readonly string[]): Promise<string> {
  const path = newPath();
  const journal = open(path);
  for (const record of records) await new Promise<void>((done) => journal.append([record], done));
  return path;
}

test("a new file holds nothing, and its directory is made", () => {
  expect(open(newPath()).found).toEqual([]);
});

test("what was appended is found, in order, by every later life", async () => {
  const path = await journalOf("a", "b");
  const second = open(path);
  expect(second.found).toEqual(["a", "b"]);
  await new Promise<void>((done) => second.append(["c", "d"], done));
  expect(open(path).found).toEqual(["a", "b", "c", "d"]);
});

test("a torn tail is cut off wherever it is torn, and the journal goes on behind what was whole", async () => {
  const path = await journalOf("whole", "torn");
  const content = readFileSync(path);
  const whole = readFileSync(await journalOf("whole")).length;
  for (let size = whole; size < content.length; size++) {
    writeFileSync(path, content.subarray(0, size));
    expect(open(path).found).toEqual(["whole"]);
    expect(readFileSync(path).length).toBe(whole);
  }
  const journal = open(path);
  await new Promise<void>((done) => journal.append(["next"], done));
  expect(open(path).found).toEqual(["whole", "next"]);
});

test("a tail of which room arrived and bytes did not is cut off", async () => {
  const path = await journalOf("whole", "torn");
  const content = readFileSync(path);
  content[content.length - 1]! ^= 1;
  writeFileSync(path, content);
  expect(open(path).found).toEqual(["whole"]);
  appendFileSync(path, Buffer.alloc(64));
  expect(open(path).found).toEqual(["whole"]);
});

test("a file that was torn at its very beginning is a new one", async () => {
  const path = await journalOf();
  truncateSync(path, 5);
  expect(open(path).found).toEqual([]);
  expect(open(path).found).toEqual([]);
});

test("a record that is damaged and not the last is no torn tail: it was acknowledged, so the file is refused", async () => {
  const path = await journalOf("first", "second");
  const content = readFileSync(path);
  const at = content.indexOf("first");
  content[at]! ^= 1;
  writeFileSync(path, content);
  expect(() => open(path)).toThrow(/n1\.journal: the record at byte 17 is damaged, and it is not the last/);
  expect(readFileSync(path)).toEqual(content);
});

test("another file is refused, and left as it is", async () => {
  const path = await journalOf();
  writeFileSync(path, "dear diary");
  expect(() => open(path)).toThrow(/is no journal of linlab's: give another directory/);
  expect(readFileSync(path, "utf8")).toBe("dear diary");
});

test("a directory that cannot be made is told", async () => {
  const path = await journalOf();
  expect(() => open(join(path, "n1.journal"))).toThrow(/cannot keep the node's state: .*(ENOTDIR|EEXIST)/);
});
