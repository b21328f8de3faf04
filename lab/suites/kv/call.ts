/** What a script asks of a clerk, and one such operation from its invocation to its answer. */

import { assert, type NodeId } from "../../../src/base/index.ts";
import type { Operation, Result } from "../../../src/kv/index.ts";

export function get(key: string): Operation {
  return { kind: "get", key };
}

export function put(key: string, value: string): Operation {
  return { kind: "put", key, value };
}

export function append(key: string, value: string): Operation {
  return { kind: "append", key, value };
}

/** One operation, from its invocation to its answer. */
export class Call {
  readonly operation: Operation;
  private readonly clerk: NodeId;
  private result: Result | null = null;
  private waiter: (() => void) | null = null;

  constructor(clerk: NodeId, operation: Operation) {
    this.clerk = clerk;
    this.operation = operation;
  }

  get done(): boolean {
    return this.result !== null;
  }

  /** What a get has read; null for an absent key. */
  get value(): string | null {
    assert(this.result?.kind === "value", `${this} was answered with ${JSON.stringify(this.result)}`);
    return this.result.value;
  }

  /** The answer has come. */
  end(result: Result): void {
    this.result = result;
    this.waiter?.();
  }

  /** Calls back at the answer; at once if it is there. */
  whenDone(waiter: () => void): void {
    if (this.done) waiter();
    else this.waiter = waiter;
  }

  /** In a script that runs beside others: `const { value } = yield* alice.begin(get("x"))`. */
  *[Symbol.iterator](): Generator<Call, Call, void> {
    yield this;
    return this;
  }

  toString(): string {
    const { kind, key } = this.operation;
    return `${this.clerk}'s ${kind} of ${JSON.stringify(key)}`;
  }
}
