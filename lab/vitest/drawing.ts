/** The page of a history that a test complained about. */

import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import {
  type Annotation,
  areOperations,
  type CheckResult,
  type History,
  historyOf,
  type Model,
  type Operation,
} from "porcupine-ts";
import { historyPageOf, type PageBundle } from "../../visualizer/index.ts";
import { drawnOf } from "../cli/index.ts";

export interface Complaint {
  readonly history: unknown;
  readonly model: Model<unknown, unknown, unknown>;
  readonly result: CheckResult;
  readonly annotations: readonly Annotation[];
  readonly test: {
    /** Its path. */
    readonly file: string;
    /** With those of the groups that it is in. */
    readonly name: string;
  };
}

/** Writes the page and returns its path. Throws what the file system throws. */
export function drawInto(directory: string, complaint: Complaint, bundle: PageBundle): string {
  const { model, result, annotations, test } = complaint;
  const history = complaint.history as History<unknown, unknown> | readonly Operation<unknown, unknown>[];
  const events = areOperations(history) ? historyOf(history) : history;
  const drawn = drawnOf(model, events, result, result.verdict, { annotations });
  // Whoever wrote the test may have named it after hostile data: quoted for a shell.
  const file = relative("", test.file);
  const command = `npx vitest run ${quoted(file)} -t ${quoted(patternOf(test.name))}`;
  const origin = { file: `${file}: ${test.name}`, format: "a test", model: model.name, command };
  mkdirSync(directory, { recursive: true });
  const page = join(directory, nameFor(test));
  writeFileSync(page, historyPageOf(drawn, origin, bundle));
  return page;
}

/** How many pages each name has been given to. */
const taken = new Map<string, number>();

const LONGEST_NAME = 120;

/** Tells which test it was; a test that complains again gets a number. */
function nameFor({ file, name }: Complaint["test"]): string {
  const words = `${basename(file).replace(/\.[cm]?[jt]sx?$/, "")} ${name}`;
  const slug = words.replace(/[^\p{L}\p{N}.]+/gu, "-").replace(/^[-.]+|-+$/g, "");
  const short = slug.slice(0, LONGEST_NAME);
  const count = (taken.get(short) ?? 0) + 1;
  taken.set(short, count);
  return `${short}${count === 1 ? "" : `-${count}`}.html`;
}

/** vitest's -t is a regular expression, over names joined by spaces. */
function patternOf(name: string): string {
  return name.replaceAll(" > ", " ").replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
