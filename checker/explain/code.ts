/** Values that were built by appending, read as lists of what was put and appended. */
import type { KvCall } from "./translation.ts";

/** The texts that calls put or append, gathered when first asked for. */
export class Code {
  private readonly calls: readonly KvCall[];
  private gathered: Tokens | null = null;

  constructor(calls: readonly KvCall[]) {
    this.calls = calls;
  }

  /** No text is the beginning of another one, or empty: then a value can be read in one way only. */
  get isPrefixFree(): boolean {
    return this.tokens.isPrefixFree;
  }

  /** Whether values grow at all. */
  get hasAppends(): boolean {
    return this.tokens.hasAppends;
  }

  /** The value as a list of tokens; what is no token, as long as it goes on, is one item of the list. */
  read(value: string): string[] {
    const { texts, lengths } = this.tokens;
    const list: string[] = [];
    let strange = 0;
    let at = 0;
    while (at < value.length) {
      const length = lengths.find((each) => texts.has(value.slice(at, at + each)));
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

  private get tokens(): Tokens {
    this.gathered ??= gather(this.calls);
    return this.gathered;
  }
}

interface Tokens {
  readonly hasAppends: boolean;
  readonly texts: ReadonlySet<string>;
  /** Longest first. */
  readonly lengths: readonly number[];
  readonly isPrefixFree: boolean;
}

function gather(calls: readonly KvCall[]): Tokens {
  const hasAppends = calls.some(({ input }) => input.kind === "append");
  const texts = new Set<string>();
  // Without appends a value is one text.
  for (const { input } of hasAppends ? calls : []) {
    if (input.kind === "put" || input.kind === "append" || input.kind === "cas") texts.add(input.value);
  }
  const lengths = [...new Set([...texts].map((text) => text.length))].filter((length) => length > 0);
  lengths.sort((a, b) => b - a);
  return { hasAppends, texts, lengths, isPrefixFree: !texts.has("") && isPrefixFree([...texts]) };
}

function isPrefixFree(tokens: string[]): boolean {
  // In this order, whatever stands between a text and a longer one that begins with it begins with it too.
  tokens.sort();
  return tokens.every((token, i) => i === 0 || !token.startsWith(tokens[i - 1]!));
}
