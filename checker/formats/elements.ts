/**
 * The top level of a file: the values that it lists one after the other, be they in a list of their own or bare.
 * They are handed out one at a time, so that only one is held.
 */
import { type Data, readEdn, skipBlank } from "./edn.ts";
import { cut, END, type Feed } from "./feed.ts";

export interface Element {
  readonly value: Data;
  /** Where it begins, from 1. */
  readonly line: number;
}

/** The values of an EDN file: one vector or list of them, or bare. */
export function* ednElements(feed: Feed): Generator<Element> {
  skipBlank(feed, 0);
  const closing = listBegins(feed);
  for (;;) {
    feed.release();
    skipBlank(feed, 0);
    const code = feed.peek();
    if (code === END && closing === null) return;
    if (code === END) feed.refuse(`${closing} at the end of the list`, "the end of the file");
    if (closing !== null && code === closing.charCodeAt(0)) break;
    const line = feed.lineNumber();
    yield { value: readEdn(feed), line };
  }
  feed.at++;
  skipBlank(feed, 0);
  if (feed.peek() !== END) feed.refuse("the end of the file after the list", cut(feed.head(100)));
}

/** The bracket that will close the list of everything, which is entered; null if there is none. */
function listBegins(feed: Feed): string | null {
  const opening = feed.head(1);
  if (opening !== "[" && opening !== "(") return null;
  const start = feed.at;
  feed.at++;
  skipBlank(feed, 0);
  // A bracket with a number or a name behind it opens an operation that is spelled as a vector.
  if ("[({#])".includes(feed.head(1))) return opening === "[" ? "]" : ")";
  feed.at = start;
  return null;
}

/** The values of a JSON file: one list of them, or bare. */
export function* jsonElements(feed: Feed): Generator<Element> {
  skipSpace(feed);
  const isList = feed.head(1) === "[";
  if (isList) feed.at++;
  for (let isFirst = true; ; isFirst = false) {
    feed.release();
    skipSpace(feed);
    const next = feed.head(1);
    if (next === "" && isList) feed.refuse("] at the end of the list", "the end of the file");
    if (next === "") return;
    if (isList && next === "]") break;
    if (isList && !isFirst) {
      if (next !== ",") feed.refuse(", or ] after an element", cut(feed.head(100)));
      feed.at++;
      skipSpace(feed);
    }
    const line = feed.lineNumber();
    yield { value: readJson(feed), line };
  }
  feed.at++;
  skipSpace(feed);
  if (feed.peek() !== END) feed.refuse("the end of the file after the list", cut(feed.head(100)));
}

const QUOTE = 34;
const BACKSLASH = 92;

/** One object or list: found by its brackets, then left to the engine. */
function readJson(feed: Feed): Data {
  const start = feed.at;
  const line = feed.lineNumber();
  if (!"{[".includes(feed.head(1)) || feed.head(1) === "") feed.refuse("{ or [", cut(feed.head(100)));
  let depth = 0;
  let isText = false;
  do {
    const code = feed.peek();
    if (code === END) feed.refuse(`the end of what begins in line ${line}`, "the end of the file");
    feed.at++;
    if (isText) {
      if (code === BACKSLASH) feed.at++;
      else if (code === QUOTE) isText = false;
    } else if (code === QUOTE) isText = true;
    else if (code === 123 || code === 91) depth++;
    else if (code === 125 || code === 93) depth--;
  } while (depth > 0);
  const text = feed.text.slice(start, feed.at);
  try {
    return JSON.parse(text);
  } catch {
    return feed.refuse("JSON", cut(text), line);
  }
}

function skipSpace(feed: Feed): void {
  for (let code = feed.peek(); code === 32 || (code >= 9 && code <= 13); code = feed.peek()) feed.at++;
}
