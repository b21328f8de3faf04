/**
 * EDN, Clojure's notation for data (github.com/edn-format/edn), read as the data that the same content would be in
 * JSON: keywords and symbols become texts, sets and lists become lists, maps become objects. A tag is dropped and its
 * value kept. A keyword and a string with the same letters are the same then, as they are in a JSON file.
 */
import { cut, END, Feed } from "./feed.ts";

export type Data = null | boolean | number | string | readonly Data[] | { readonly [name: string]: Data };

/** Deeper data is no history; it would overflow the stack. */
const DEEPEST = 100;

const CLOSING: Readonly<Record<string, string>> = { "[": "]", "(": ")", "{": "}" };

/** Reads one form. Throws HistoryError, with file and line, where there is none. */
export function readEdn(feed: Feed, depth = 0): Data {
  if (depth > DEEPEST) feed.refuse(`data nested at most ${DEEPEST} deep`, "deeper data");
  skipBlank(feed, depth);
  const code = feed.peek();
  if (code === END) feed.refuse("a value", "the end of the file");
  const character = String.fromCharCode(code);
  switch (character) {
    case "[":
    case "(":
      return readItems(feed, character, depth);
    case "{":
      return objectOf(feed, readItems(feed, character, depth));
    case '"':
      return readString(feed);
    case "\\":
      feed.at++;
      return readCharacter(feed);
    case "#":
      return readTagged(feed, depth);
    case "^":
      // Metadata: about the value that follows, not part of it.
      feed.at++;
      readEdn(feed, depth + 1);
      return readEdn(feed, depth + 1);
    case "]":
    case ")":
    case "}":
      return feed.refuse("a value", `a closing ${character} that nothing opened`);
    default:
      return atomOf(readToken(feed));
  }
}

/** The one value that a text consists of. Throws HistoryError; the name is for messages. */
export function parseEdn(text: string, name: string): Data {
  const feed = new Feed(text, name);
  const value = readEdn(feed);
  skipBlank(feed, 0);
  return feed.peek() === END ? value : feed.refuse("one value", cut(text));
}

/** Spaces, commas, comments and discarded forms. */
export function skipBlank(feed: Feed, depth: number): void {
  for (;;) {
    const code = feed.peek();
    if (isBlank(code)) feed.at++;
    else if (code === SEMICOLON) feed.takeLine();
    else if (code === HASH && feed.head(2) === "#_") {
      feed.at += 2;
      readEdn(feed, depth + 1);
    } else return;
  }
}

const SEMICOLON = 59;
const HASH = 35;
const COMMA = 44;

function isBlank(code: number): boolean {
  return code === 32 || code === COMMA || (code >= 9 && code <= 13);
}

function readItems(feed: Feed, opening: string, depth: number): Data[] {
  const closing = CLOSING[opening]!;
  const line = feed.lineNumber();
  const items: Data[] = [];
  feed.at++;
  for (;;) {
    skipBlank(feed, depth);
    const code = feed.peek();
    if (code === END)
      feed.refuse(`${closing} to close the ${opening} of line ${line}`, "the end of the file");
    if (code === closing.charCodeAt(0)) {
      feed.at++;
      return items;
    }
    items.push(readEdn(feed, depth + 1));
  }
}

function objectOf(feed: Feed, items: readonly Data[]): Data {
  if (items.length % 2 === 1)
    feed.refuse("a value for every key of a map", `none for ${nameOf(items.at(-1)!)}`);
  // Without a prototype: a key may have any name.
  const fields: Record<string, Data> = Object.create(null);
  for (let i = 0; i < items.length; i += 2) fields[nameOf(items[i]!)] = items[i + 1]!;
  return fields;
}

/** Data as the name of a field or an object. */
export function nameOf(data: Data): string {
  return typeof data === "string" ? data : JSON.stringify(data);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  '"': '"',
  "\\": "\\",
  "/": "/",
};

const QUOTE = 34;
const BACKSLASH = 92;

function readString(feed: Feed): string {
  const line = feed.lineNumber();
  let text = "";
  let start = ++feed.at;
  for (;;) {
    const code = feed.peek();
    if (code === END) feed.refuse(`" to close the text of line ${line}`, "the end of the file");
    if (code === QUOTE) break;
    feed.at++;
    if (code !== BACKSLASH) continue;
    text += feed.text.slice(start, feed.at - 1);
    const escaped = feed.head(1);
    feed.at++;
    if (escaped === "u") text += readCodeUnit(feed);
    else if (Object.hasOwn(ESCAPES, escaped)) text += ESCAPES[escaped]!;
    else feed.refuse("an escape such as \\n in a text", `\\${escaped}`);
    start = feed.at;
  }
  text += feed.text.slice(start, feed.at);
  feed.at++;
  return text;
}

function readCodeUnit(feed: Feed): string {
  const digits = feed.head(4);
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) feed.refuse("four hexadecimal digits after \\u", digits);
  feed.at += 4;
  return String.fromCharCode(Number.parseInt(digits, 16));
}

const NAMED_CHARACTERS: Readonly<Record<string, string>> = {
  newline: "\n",
  return: "\r",
  space: " ",
  tab: "\t",
};

function readCharacter(feed: Feed): string {
  const first = feed.head(1);
  feed.at++;
  const name = first + readToken(feed);
  if (/^u[0-9a-fA-F]{4}$/.test(name)) return String.fromCharCode(Number.parseInt(name.slice(1), 16));
  return NAMED_CHARACTERS[name] ?? name;
}

function readTagged(feed: Feed, depth: number): Data {
  const start = feed.head(2);
  if (start === "#{") {
    feed.at++;
    return readItems(feed, "{", depth);
  }
  feed.at += start === "##" ? 2 : 1;
  const tag = readToken(feed);
  if (start === "##") return tag;
  if (tag === "") feed.refuse("a tag after #", cut(feed.head(10)));
  return readEdn(feed, depth + 1);
}

/** Up to the next character that cannot be part of a name or a number. */
function readToken(feed: Feed): string {
  const start = feed.at;
  for (;;) {
    const code = feed.peek();
    if (code === END || isBlank(code) || DELIMITERS.has(code)) return feed.text.slice(start, feed.at);
    feed.at++;
  }
}

const DELIMITERS: ReadonlySet<number> = new Set([...'()[]{}";'].map((it) => it.charCodeAt(0)));

function atomOf(token: string): Data {
  switch (token) {
    case "nil":
      return null;
    case "true":
      return true;
    case "false":
      return false;
  }
  if (token.startsWith(":")) return token.slice(1);
  const number = /^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?[NM]?$/.test(token)
    ? Number(token.replace(/[NM]$/, ""))
    : Number.NaN;
  // What a number of JavaScript cannot hold exactly stays text: two such values must not become one.
  if (Number.isNaN(number) || (Number.isInteger(number) && !Number.isSafeInteger(number))) return token;
  return number;
}
