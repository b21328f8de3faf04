/**
 * Jepsen's operations in all their spellings, one shape for the rest: maps and vectors in EDN, objects in JSON,
 * tab-separated words, alone or behind `jepsen.util - ` in a log. What no client did (`:nemesis`) is left out.
 */
import { type Data, readEdn } from "../edn.ts";
import { type Element, ednElements, jsonElements } from "../elements.ts";
import { cut, Feed } from "../feed.ts";

/** One line of a Jepsen history: an operation began, or this came of it. */
export interface JepsenEvent {
  /** Where it stands in the file, from 1. */
  readonly line: number;
  /** Happened, did not happen, nobody knows. */
  readonly type: "invoke" | "ok" | "fail" | "info";
  readonly process: number;
  /** The call's name. */
  readonly f: string;
  readonly value: Data;
  readonly key: Data | undefined;
  readonly error: Data | undefined;
  /** Nanoseconds; null where the spelling has none. */
  readonly time: number | null;
}

/** Operations as EDN maps or vectors, in a vector, in a list or bare. */
export function* readEdnEvents(feed: Feed): Generator<JepsenEvent> {
  for (const element of ednElements(feed)) {
    const event = eventOf(feed, element);
    if (event !== null) yield event;
  }
}

/** Operations as JSON objects, in a list or bare. */
export function* readJsonEvents(feed: Feed): Generator<JepsenEvent> {
  for (const element of jsonElements(feed)) {
    const event = eventOf(feed, element);
    if (event !== null) yield event;
  }
}

/** In a log, what stands behind this is an operation. */
const LOGGED = /\bjepsen\.util\s*[-:]\s*(.*)$/;

/** How a line of a log begins that tells something else. */
const OTHER = /^(\d{4}-\d\d-\d\d\b.*)?\b(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\b/;

/** Operations as words with space between. Empty lines and what else a log tells are passed over. */
export function* readLogEvents(feed: Feed): Generator<JepsenEvent> {
  let isLog = false;
  for (;;) {
    feed.release();
    const number = feed.lineNumber();
    const line = feed.takeLine();
    if (line === null) return;
    const logged = LOGGED.exec(line)?.[1];
    isLog ||= logged !== undefined || OTHER.test(line);
    if (line.trim() === "" || (isLog && logged === undefined)) continue;
    const event = eventOf(feed, { value: wordsOf(logged ?? line, feed.fileName, number), line: number });
    if (event !== null) yield event;
  }
}

/** Process, type, function and value; what comes behind them is a reason in words. */
function wordsOf(text: string, fileName: string, line: number): readonly Data[] {
  const feed = new Feed(text, fileName, line);
  const words = [readEdn(feed), readEdn(feed), readEdn(feed)];
  // A call without parameters may have no value.
  const rest = feed.text.slice(feed.at).trim();
  if (rest === "") return words;
  words.push(readEdn(feed));
  const reason = feed.text.slice(feed.at).trim();
  return reason === "" ? words : [...words, reason];
}

const TYPES = ["invoke", "ok", "fail", "info"] as const;

function eventOf(feed: Feed, { value: data, line }: Element): JepsenEvent | null {
  const fields = Array.isArray(data) ? fieldsOf(data) : data;
  if (typeof fields !== "object" || fields === null) {
    return feed.refuse("an operation as a map or as process, type, function and value", shown(data), line);
  }
  const { process, f, type, value, key, error, time } = fields as Readonly<Record<string, Data>>;
  if (process === undefined) feed.refuse('a "process"', "none", line);
  const known = TYPES.find((name) => name === type);
  if (known === undefined) return feed.refuse('invoke, ok, fail or info as "type"', shown(type), line);
  // The nemesis and its like have names.
  if (!Number.isSafeInteger(process)) return null;
  if (typeof f !== "string") return feed.refuse('a name as "f"', shown(f), line);
  return {
    line,
    type: known,
    process: process as number,
    f,
    value: value ?? null,
    key,
    error,
    time: typeof time === "number" ? time : null,
  };
}

function fieldsOf(words: readonly Data[]): Readonly<Record<string, Data | undefined>> {
  const [process, type, f, value, error] = words;
  return { process, type, f, value, error };
}

function shown(data: Data | undefined): string {
  return data === undefined ? "none" : cut(JSON.stringify(data));
}
