/** The package's own file format. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  check,
  HISTORY_VERSION,
  HistoryError,
  importHistory,
  kv,
  readHistory,
  writeHistory,
} from "porcupine-ts";
import { expect, test } from "vitest";
import { ROOT } from "../source.ts";
import { drawSeeded, kvSubject, randomHistory } from "./random.ts";
import { misfitOf, type Schema } from "./schema.ts";

const header = '{"format":"porcupine-ts-history","version":1,"model":"kv"}';
const invoke = '{"kind":"invoke","operation":1,"client":"a","input":{"kind":"get","key":"x"},"time":3}';
const response = '{"kind":"response","operation":1,"output":{"kind":"value","value":null},"time":4}';

function refusal(...lines: string[]): string {
  try {
    readHistory(lines.join("\n"), "some.ndjson");
  } catch (error) {
    if (error instanceof HistoryError) return error.message;
    throw error;
  }
  return "nothing was thrown";
}

test("a file is a header and one event a line", () => {
  const { history } = readHistory(`${header}\n${invoke}\n${response}\n`, "some.ndjson");
  expect(writeHistory({ model: "kv", seed: 7 }, history)).toBe(
    `{"model":"kv","seed":7,"format":"porcupine-ts-history","version":1}\n${invoke}\n${response}\n`,
  );
});

test("what was written is read again, free header fields included, and judged the same", () => {
  const subject = kvSubject({ keys: 2, values: 3, get: 3, put: 2, append: 2, delete: 1, cas: 1 });
  for (let seed = 1; seed <= 50; seed++) {
    const shape = { operations: 30, clients: 4, oneLostIn: 5, oneWrongIn: seed % 3 === 0 ? 9 : 0 };
    const written = randomHistory(subject, shape, drawSeeded(seed));
    const { header, history } = readHistory(
      writeHistory({ model: "kv", seed, by: { tool: "t" } }, written),
      "f",
    );
    expect(header).toEqual({
      format: "porcupine-ts-history",
      version: 1,
      model: "kv",
      seed,
      by: { tool: "t" },
    });
    expect(history).toEqual(written);
    expect(check(kv, history as typeof written)).toEqual(check(kv, written));
  }
});

test("a header cannot claim another format or version than the one that is written", () => {
  const text = writeHistory({ model: "kv", format: "other", version: 9 }, []);
  expect(readHistory(text, "f").header).toEqual({ format: "porcupine-ts-history", version: 1, model: "kv" });
});

test("a file may end with or without a newline, and its lines in the manner of Windows", () => {
  for (const text of [`${header}\n${invoke}`, `${header}\n${invoke}\n`, `${header}\r\n${invoke}\r\n`]) {
    expect(readHistory(text, "f").history.length).toBe(1);
  }
});

test("a file that comes in pieces, cut anywhere, is read as if it came whole", () => {
  const text = `\uFEFF${header}\r\n${invoke}\n${response}\n`;
  const whole = importHistory(text, "f");
  expect(whole).toMatchObject({ format: "ndjson", model: "kv", initial: undefined, lines: [2, 3] });
  for (let at = 0; at <= text.length; at++) {
    expect(importHistory([text.slice(0, at), text.slice(at)], "f")).toEqual(whole);
  }
  expect(importHistory(text, "f")).toEqual(importHistory(text.split(""), "f"));
});

test("a header may say what the state is at first", () => {
  const text = writeHistory({ model: "register", initial: 7 }, []);
  expect(importHistory(text, "f")).toMatchObject({ model: "register", initial: 7 });
});

test("pieces are read one after the other, as far as they are needed", () => {
  function* endless() {
    yield `${header}\n`;
    for (;;) yield "no event\n";
  }
  expect(() => readHistory(endless(), "f")).toThrow(
    "f:2: expected an event as one line of JSON, found no event",
  );
});

const schema: Schema = JSON.parse(readFileSync(join(ROOT, "checker/history.schema.json"), "utf8"));

test("every line that is written is one that the schema describes", () => {
  const subject = kvSubject({ keys: 2, values: 3, get: 3, put: 2, append: 2, delete: 1, cas: 1 });
  const shape = { operations: 40, clients: 4, oneLostIn: 5, oneWrongIn: 0 };
  const text = writeHistory({ model: "kv", seed: 1 }, randomHistory(subject, shape, drawSeeded(3)));
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(new Set(lines.map(({ kind }) => kind)).size).toBe(4);
  for (const line of lines) expect(misfitOf(schema, line), JSON.stringify(line)).toBeNull();
  expect(schema.$id).toBe(`urn:porcupine-ts:history:${HISTORY_VERSION}`);
});

const refused: readonly [string, string[], string][] = [
  ["an empty file", [""], ":1: expected a header as one line of JSON, found an empty line"],
  ["a file that is no JSON", ["INFO jepsen"], ":1: expected a header as one line of JSON, found INFO jepsen"],
  ["a header that is a list", ["[1]"], ":1: expected a header as a JSON object, found [1]"],
  ["a file without a header", [invoke], ':1: expected "format":"porcupine-ts-history", found none'],
  [
    "another format",
    ['{"format":"trace","version":1,"model":"kv"}'],
    ':1: expected "format":"porcupine-ts-history", found "trace"',
  ],
  [
    "another version",
    [header.replace("1", "2")],
    ':1: expected "version":1, the only one that this porcupine-ts reads, found 2',
  ],
  [
    "a header without a model",
    [header.replace('"model":"kv"', '"seed":1')],
    ':1: expected a model\'s name as "model", found none',
  ],
  ["an empty line", [header, "", invoke], ":2: expected an event as one line of JSON, found an empty line"],
  [
    "a line that was cut off",
    [header, invoke, response.slice(0, 70)],
    ":3: expected an event as one line of JSON, " +
      'found {"kind":"response","operation":1,"output":{"kind":"value","v...',
  ],
  ["a line that is no object", [header, "null"], ":2: expected an event as a JSON object, found null"],
  [
    "an unknown kind",
    [header, invoke.replace("invoke", "fail")],
    ':2: expected "invoke", "response" or "indeterminate" as "kind", found "fail"',
  ],
  [
    "an operation that is no integer",
    [header, invoke.replace('"operation":1', '"operation":"1"')],
    ':2: expected an integer as "operation", found "1"',
  ],
  [
    "no time",
    [header, invoke.replace(',"time":3', "")],
    ':2: expected a number of microseconds as "time", found none',
  ],
  [
    "no client",
    [header, invoke.replace('"client":"a",', "")],
    ':2: expected a string as "client", found none',
  ],
  ["no input", [header, invoke.replace(/"input":\{.*?\},/, "")], ':2: expected an "input", found none'],
  [
    "no output",
    [header, invoke, response.replace(/"output":\{.*?\},/, "")],
    ':3: expected an "output" (if nobody saw it: null), found none',
  ],
  [
    "a second response",
    [header, invoke, response, response],
    ":4: event 2: response for operation 1, whose outcome was recorded before; " +
      "record one outcome for each operation, and drop an answer that comes after giving up",
  ],
];

for (const [what, lines, message] of refused) {
  test(`${what} is refused with file and line`, () => {
    expect(refusal(...lines)).toBe(`some.ndjson${message}`);
    // The schema speaks of single lines, and knows no order among them.
    if (!/an empty|no JSON|cut off|second response|without a header/.test(what)) {
      expect(lines.some((line) => misfitOf(schema, JSON.parse(line)) !== null)).toBe(true);
    }
  });
}
