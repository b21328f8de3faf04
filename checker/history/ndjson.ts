/**
 * The package's own file format: one JSON value a line, first a header, then the events in their order. Pure
 * functions over text; reading and writing files is the caller's.
 */

import { cut, Feed, type Source } from "../formats/feed.ts";
import { HistoryError } from "./error.ts";
import type { History, HistoryEvent } from "./history.ts";
import { pairs } from "./operation.ts";

export const HISTORY_FORMAT = "porcupine-ts-history";
export const HISTORY_VERSION = 1;

/** The first line of a file. Fields beyond the three are free: a seed, a tool's version, where it was recorded. */
export interface HistoryHeader {
  readonly format: typeof HISTORY_FORMAT;
  readonly version: typeof HISTORY_VERSION;
  /** The name of the model to judge it by. */
  readonly model: string;
  /** The state before the first operation, where it is not the model's own. */
  readonly initial?: unknown;
  readonly [field: string]: unknown;
}

/** The file's text. Inputs and outputs have to be JSON data; `format` and `version` are filled in. */
export function writeHistory<Input, Output>(
  header: { readonly model: string; readonly [field: string]: unknown },
  history: History<Input, Output>,
): string {
  const lines = [JSON.stringify({ ...header, format: HISTORY_FORMAT, version: HISTORY_VERSION })];
  for (const event of history) lines.push(JSON.stringify(event));
  return `${lines.join("\n")}\n`;
}

/** What a file holds. */
export interface ReadHistory {
  readonly header: HistoryHeader;
  readonly history: HistoryEvent<unknown, unknown>[];
  /** By event, its line. */
  readonly lines: readonly number[];
}

/**
 * The header and the events of a file, given as text or piece by piece; `fileName` is for messages only. Throws
 * HistoryError, with file and line, for what is not such a file and for histories that could not have been recorded.
 * Inputs and outputs are as they stand: `assertFits` tells whether they suit a model.
 */
export function readHistory(source: Source, fileName: string): ReadHistory {
  return readEvents(new Feed(source, fileName));
}

/** The same, of a file that somebody has begun to look at. */
export function readEvents(feed: Feed): ReadHistory {
  const { fileName } = feed;
  const header = headerOf(new Line(fileName, 1, feed.takeLine() ?? ""));
  const history: HistoryEvent<unknown, unknown>[] = [];
  for (let line = feed.takeLine(); line !== null; line = feed.takeLine()) {
    feed.release();
    history.push(eventOf(new Line(fileName, history.length + 2, line)));
  }
  const lines = history.map((_, at) => at + 2);
  try {
    pairs(history);
  } catch (error) {
    if (!(error instanceof HistoryError) || error.event === null) throw error;
    throw new HistoryError(`${fileName}:${lines[error.event]}: ${error.message}`, error.event);
  }
  return { header, history, lines };
}

/** Throws HistoryError, with file and line, for the first event that is no operation of the model. */
export function assertFits(
  model: { readonly name: string; misfit?(input: unknown, output: unknown): string | null },
  { history, lines }: { readonly history: History<unknown, unknown>; readonly lines: readonly number[] },
  fileName: string,
): void {
  const inputs = new Map<number, unknown>();
  for (const [at, event] of history.entries()) {
    if (event.kind === "indeterminate") continue;
    if (event.kind === "invoke") inputs.set(event.operation, event.input);
    const output = event.kind === "invoke" ? null : event.output;
    const misfit = model.misfit?.(inputs.get(event.operation), output) ?? null;
    if (misfit === null) continue;
    throw new HistoryError(`${fileName}:${lines[at]}: the model ${model.name} expects ${misfit}`, at);
  }
}

function headerOf(line: Line): HistoryHeader {
  const fields = line.object("a header");
  if (fields.format !== HISTORY_FORMAT) line.refuse(`"format":"${HISTORY_FORMAT}"`, shown(fields.format));
  if (fields.version !== HISTORY_VERSION) {
    line.refuse(
      `"version":${HISTORY_VERSION}, the only one that this porcupine-ts reads`,
      shown(fields.version),
    );
  }
  if (typeof fields.model !== "string") line.refuse('a model\'s name as "model"', shown(fields.model));
  return fields as HistoryHeader;
}

function eventOf(line: Line): HistoryEvent<unknown, unknown> {
  const fields = line.object("an event");
  const { kind, operation, client, input, output, time } = fields;
  if (kind !== "invoke" && kind !== "response" && kind !== "indeterminate") {
    line.refuse('"invoke", "response" or "indeterminate" as "kind"', shown(kind));
  }
  if (!isInteger(operation)) line.refuse('an integer as "operation"', shown(operation));
  if (typeof time !== "number") line.refuse('a number of microseconds as "time"', shown(time));
  switch (kind) {
    case "invoke":
      if (typeof client !== "string") line.refuse('a string as "client"', shown(client));
      if (input === undefined) line.refuse('an "input"', "none");
      return { kind, operation, client, input, time };
    case "response":
      if (output === undefined) line.refuse('an "output" (if nobody saw it: null)', "none");
      return { kind, operation, output, time };
    case "indeterminate":
      return { kind, operation, time };
  }
}

/** A line with its place, for messages that say where. */
class Line {
  private readonly place: string;
  private readonly text: string;

  constructor(fileName: string, number: number, text: string) {
    this.place = `${fileName}:${number}`;
    this.text = text;
  }

  object(what: string): Record<string, unknown> {
    let value: unknown;
    try {
      value = JSON.parse(this.text);
    } catch {
      this.refuse(`${what} as one line of JSON`, this.text.trim() === "" ? "an empty line" : cut(this.text));
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.refuse(`${what} as a JSON object`, cut(this.text));
    }
    return value as Record<string, unknown>;
  }

  refuse(expected: string, found: string): never {
    throw new HistoryError(`${this.place}: expected ${expected}, found ${found}`, null);
  }
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function shown(value: unknown): string {
  return value === undefined ? "none" : cut(JSON.stringify(value));
}
