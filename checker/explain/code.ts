/** Values that were built by appending, read as lists of what was put and appended. */
import type { KvCall } from "./translation.ts";

/** The texts that calls put or append. */
export class Code {
  /** No text is the beginning of another one, or empty: then a value can be read in one way only. */
  readonly isPrefixFree: boolean;
  private readonly tokens: ReadonlySet<string>;
  /** Longest first. */
  private readonly lengths: readonly number[];

  constructor(calls: readonly KvCall[]) {
    const tokens = new Set<string>();
    for (const { input } of calls) {
      if (input.kind === "put" || input.kind === "append" || input.kind === "cas") tokens.add(input.value);
    }
    this.tokens = tokens;
    this.lengths = [...new Set([...tokens].map((token) => token.length))]
      .filter((length) => length > 0)
      .sort((a, b) => b - a);
    this.isPrefixFree = !tokens.has("") && isPrefixFree([...tokens]);
  }

  /** The value as a list of tokens; what is no token, as long as it goes on, is one item of the list. */
  read(value: string): string[] {
    const list: string[] = [];
    let strange = 0;
    let at = 0;
    while (at < value.length) {
      const length = this.lengths.find((each) => this.tokens.has(value.slice(at, at + each)));
      if (length === undefined) {
        strange++;
        at++;
        continue;
      }
      if (strange > 0) list.push(value.slice(at - strange, at));
      strange = 0;
      list.push(value.slice(at, at + length));
      at += length;
    }
    if (strange > 0) list.push(value.slice(at - strange));
    return list;
  }
}

function isPrefixFree(tokens: string[]): boolean {
  // In this order, whatever stands between a text and a longer one that begins with it begins with it too.
  tokens.sort();
  return tokens.every((token, i) => i === 0 || !token.startsWith(tokens[i - 1]!));
}
