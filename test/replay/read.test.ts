import { describe, expect, test } from "vitest";
import { failureOf, readFailure, writeFailure } from "../../lab/replay/index.ts";
import { defaultOptions } from "../../lab/run/index.ts";

const failure = failureOf(1, { ...defaultOptions, mutant: "voteTwice" })!;

// biome-ignore lint/suspicious/noExplicitAny: what is damaged has no type.
type Data = Record<string, any>;

/** The same failure with another value at this place; undefined takes the place out. */
function damaged(path: string, value?: unknown): string {
  const data = JSON.parse(writeFailure(failure));
  const names = path.split(".");
  const last = names.pop()!;
  let holder: Data = data;
  for (const name of names) holder = holder[name];
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return JSON.stringify(data);
}

/** Where the first decision of this kind is. */
const indexOf = (kind: string): number => failure.decisions.findIndex((each) => each.kind === kind);

const [MESSAGE, COMMAND, DRAW] = [indexOf("message"), indexOf("command"), indexOf("draw")];

describe("a failure file that is none is refused, with file and place", () => {
  const CASES: readonly (readonly [name: string, content: string, message: string])[] = [
    ["no JSON", "{", "f.json: not JSON ("],
    ["a list", "[]", "f.json: the file: expected an object, found []"],
    [
      "another format",
      damaged("format", "linlab-schedule"),
      'f.json: "format" is "linlab-schedule", expected "linlab-failure"',
    ],
    ["a later version", damaged("version", 2), "f.json: version 2 is not 1"],
    ["no seed", damaged("seed"), "f.json: seed: expected a whole number from 0, found nothing"],
    [
      "a digest of another kind",
      damaged("digest", "abc"),
      'f.json: digest: expected 16 hexadecimal digits, found "abc"',
    ],
    [
      "an unknown mutant",
      damaged("options.mutant", "x"),
      'f.json: options.mutant: this linlab has no mutant "x"',
    ],
    ["an unknown option", damaged("options.speed", 1), 'f.json: options: there is no field "speed" in it'],
    [
      "no servers",
      damaged("options.servers", 0),
      "f.json: options.servers: expected a whole number from 1 to 99, found 0",
    ],
    [
      "a fault of no kind",
      damaged("schedule.faults.0.fault.kind", "fire"),
      'f.json: schedule: faults[0].fault.kind: "fire" is not partition, ',
    ],
    ["a fault at nobody", damaged("options.servers", 1), " names n"],
    [
      "a decision of no kind",
      damaged("decisions.0.kind", "whim"),
      "f.json: decisions[0].kind: expected one of settings, ",
    ],
    [
      "a node of no name",
      damaged(`decisions.${MESSAGE}.to`, "x1"),
      `f.json: decisions[${MESSAGE}].to: expected a node's name such as "n1" or "c1", found "x1"`,
    ],
    [
      "a node that is not there",
      damaged(`decisions.${COMMAND}.client`, "c9"),
      `f.json: decisions[${COMMAND}] names c9, but the nodes are n1, n2,`,
    ],
    [
      "a time before time",
      damaged(`decisions.${DRAW}.at`, -1),
      `f.json: decisions[${DRAW}].at: expected a whole number from 0, found -1`,
    ],
    [
      "an operation of no kind",
      damaged(`decisions.${COMMAND}.operation.kind`, "pop"),
      `f.json: decisions[${COMMAND}].operation.kind: expected one of get, put, append, delete, cas, found "pop"`,
    ],
  ];

  test.each(CASES)("%s", (_name, content, message) => {
    expect(() => readFailure(content, "f.json")).toThrow(message);
  });
});
