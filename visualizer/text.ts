/**
 * Values come from clients, so they are hostile until proven otherwise: everything that turns one into something a
 * person reads, or into a part of the file, stands here.
 */

const MARKUP: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as markup that shows exactly that text, with invisible characters made visible. */
export function html(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => MARKUP[character] ?? "");
}

/**
 * JSON that may stand inside a script element: no `<`, hence neither `</script>` nor `<!--`, and no line separator.
 * JSON.stringify itself escapes NUL and lone surrogates, which HTML would silently replace.
 */
export function embeddedJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<\u2028\u2029]/g, (character) => `\\u${hex(character)}`);
}

/** Control, bidi and zero-width characters and lone surrogates spelt out: they could make one value look like another. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
    (character) => `‹U+${hex(character).toUpperCase()}›`,
  );
}

/** At most `limit` characters of the text, and its true length where that hides something. */
export function shorten(text: string, limit: number): string {
  // Only the head is split into code points: a value may be a megabyte long.
  const head = Array.from(text.slice(0, 2 * limit + 2));
  if (head.length <= limit) return text;
  return `${head.slice(0, limit).join("")}… (${grouped(text.length)} characters)`;
}

/** At most `limit` UTF-16 units: beginning and end, since a value that grew by appends tells the most at its end. */
export function squeeze(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = Math.ceil((limit - 1) * 0.55);
  const start = text.slice(0, head).replace(/[\ud800-\udbff]$/, "");
  const end = text.slice(text.length - (limit - 1 - head)).replace(/^[\udc00-\udfff]/, "");
  return `${start}…${end}`;
}

/** Keys in an order that a person expects: k2 before k10, the same in every locale. */
export function byName(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** An integer with separators between thousands, the same in every locale. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Microseconds as milliseconds to the microsecond: "3,214.563 ms". */
export function milliseconds(microseconds: number): string {
  const sign = microseconds < 0 ? "-" : "";
  const whole = Math.round(Math.abs(microseconds));
  return `${sign}${grouped(Math.floor(whole / 1000))}.${String(whole % 1000).padStart(3, "0")} ms`;
}

/** A byte count in the unit a person would pick. */
export function byteCount(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** "1 key", "2 keys". */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * Tells whether a text is still what it was: eight hexadecimal digits (FNV-1a over its UTF-8, four bytes at a time,
 * since 30 MB are to be summed up while somebody waits). No secret, no proof.
 */
export function checksum(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const whole = bytes.length >>> 2;
  let sum = 0x811c9dc5;
  for (const word of new Uint32Array(bytes.buffer, bytes.byteOffset, whole)) sum = mixed(sum, word);
  for (const byte of bytes.subarray(4 * whole)) sum = mixed(sum, byte);
  return (sum >>> 0).toString(16).padStart(8, "0");
}

function mixed(sum: number, next: number): number {
  const product = Math.imul(sum ^ next, 0x01000193);
  // What a word's upper half changes must come down again.
  return product ^ (product >>> 15);
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(4, "0");
}
