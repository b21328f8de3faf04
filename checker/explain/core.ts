/**
 * A core in kv terms, and the questions that classes ask about it: who wrote, who read, who saw whom. All answers
 * come from the calls of the core; to measure staleness the same is asked about a whole prefix.
 */
import type { KvState } from "../models/kv.ts";
import type { Code } from "./code.ts";
import type { KvCall } from "./translation.ts";

/** What a get returned, taken apart: the value that was put, or the initial one, and what was appended to it. */
export interface Sight {
  readonly head: KvState;
  readonly tail: readonly string[];
}

export class Core {
  readonly calls: readonly KvCall[];
  /** The call whose reply is impossible. */
  readonly impossible: KvCall;
  readonly initial: KvState;
  /** Of the whole history. */
  readonly code: Code;
  readonly writes: readonly KvCall[];
  /** The gets with a known answer but the impossible one. */
  readonly otherReads: readonly KvCall[];
  /** The texts that a put or a cas wrote; gathered only where others are appended to them. */
  private readonly puts = new Set<KvState>();

  constructor(calls: readonly KvCall[], impossible: number, initial: KvState, code: Code) {
    this.calls = calls;
    this.impossible = calls.find((call) => call.id === impossible)!;
    this.initial = initial;
    this.code = code;
    this.writes = calls.filter((call) => call !== this.impossible && isWrite(call));
    this.otherReads = calls.filter((call) => call !== this.impossible && call.output?.kind === "value");
    if (!code.hasAppends) return;
    for (const { input } of this.writes) {
      if (input.kind === "put" || input.kind === "cas") this.puts.add(input.value);
    }
  }

  /**
   * What a call saw of the value before it: a get by its answer, a cas that swapped by its expectation. Null for
   * others, and if values grow of texts in a way that cannot be told from the result.
   */
  sightOf({ input, output }: KvCall): Sight | null {
    if (this.code.hasAppends && !this.code.isPrefixFree) return null;
    if (input.kind === "cas") {
      return output?.kind === "swapped" && output.swapped ? this.apart(input.expected) : null;
    }
    return output?.kind === "value" ? this.apart(output.value) : null;
  }

  /** Whether that sight shows the write's effect. */
  shows(sight: Sight, write: KvCall): boolean {
    if (write.input.kind === "append") return sight.tail.includes(write.input.value);
    return wrote(write, sight.head);
  }

  private apart(value: KvState): Sight {
    if (value === null || !this.code.hasAppends) return { head: value, tail: [] };
    const [first, ...rest] = this.code.read(value);
    if (first === undefined) return { head: value, tail: [] };
    if (this.puts.has(first)) return { head: first, tail: rest };
    const start = this.initial !== null && value.startsWith(this.initial) ? this.initial.length : 0;
    return { head: this.initial, tail: this.code.read(value.slice(start)) };
  }
}

/** Not a get, and not a cas that was refused. */
export function isWrite({ input, output }: KvCall): boolean {
  if (input.kind === "cas") return output?.kind !== "swapped" || output.swapped;
  return input.kind !== "get";
}

/** Whether the call may have replaced what was there by this value: a put, a delete, a cas that was not refused. */
export function wrote(call: KvCall, value: KvState): boolean {
  const { input } = call;
  if (input.kind === "delete") return value === null;
  return (input.kind === "put" || input.kind === "cas") && input.value === value && isWrite(call);
}

/** The text that the call appended; null if it is no append. */
export function appended({ input }: KvCall): string | null {
  return input.kind === "append" ? input.value : null;
}
