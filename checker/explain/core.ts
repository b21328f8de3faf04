/**
 * A core in kv terms, and the questions that classes ask about it: who wrote, who read, who saw whom. All answers
 * come from the few calls of the core.
 */
import type { KvState } from "../models/kv.ts";
import type { Code } from "./code.ts";
import type { KvCall } from "./translation.ts";

/** What a get returned, taken apart: the value that was put, or the initial one, and what was appended to it. */
export interface Sight {
  readonly head: KvState;
  readonly tail: readonly string[];
}

/** What a write leaves: a value of its own, or a longer one. */
export type Mark =
  | { readonly kind: "value"; readonly value: KvState }
  | { readonly kind: "token"; readonly token: string };

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

  constructor(calls: readonly KvCall[], impossible: number, initial: KvState, code: Code) {
    this.calls = calls;
    this.impossible = calls.find((call) => call.id === impossible)!;
    this.initial = initial;
    this.code = code;
    this.writes = calls.filter((call) => call !== this.impossible && markOf(call) !== null);
    this.otherReads = calls.filter((call) => call !== this.impossible && call.output?.kind === "value");
  }

  /** What a call saw of the value before it: a get by its answer, a cas that swapped by its expectation; else null. */
  sightOf({ input, output }: KvCall): Sight | null {
    if (input.kind === "cas") {
      return output?.kind === "swapped" && output.swapped ? this.apart(input.expected) : null;
    }
    return output?.kind === "value" ? this.apart(output.value) : null;
  }

  /** Whether that sight shows the write's effect. */
  shows(sight: Sight, write: KvCall): boolean {
    const mark = markOf(write);
    if (mark === null) return false;
    return mark.kind === "token" ? sight.tail.includes(mark.token) : sight.head === mark.value;
  }

  private apart(value: KvState): Sight {
    if (value === null || !this.writes.some(({ input }) => input.kind === "append")) {
      return { head: value, tail: [] };
    }
    const [first, ...rest] = this.code.read(value);
    const isPut = this.writes.some((write) => {
      const mark = markOf(write);
      return mark?.kind === "value" && mark.value === first;
    });
    if (first === undefined) return { head: value, tail: [] };
    if (isPut) return { head: first, tail: rest };
    const start = this.initial !== null && value.startsWith(this.initial) ? this.initial.length : 0;
    return { head: this.initial, tail: this.code.read(value.slice(start)) };
  }
}

/** Null for a get, and for a cas that was refused. */
export function markOf({ input, output }: KvCall): Mark | null {
  switch (input.kind) {
    case "get":
      return null;
    case "put":
      return { kind: "value", value: input.value };
    case "delete":
      return { kind: "value", value: null };
    case "append":
      return { kind: "token", token: input.value };
    case "cas":
      return output?.kind === "swapped" && !output.swapped ? null : { kind: "value", value: input.value };
  }
}
