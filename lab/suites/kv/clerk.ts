/**
 * What a script holds in its hand: a clerk, and the calls that it makes. `alice.get("x")` runs the world until the
 * answer is there; `alice.begin(get("x"))` does not wait, and a script that runs beside others yields what it began.
 */

import { assert, type NodeId } from "../../../src/base/index.ts";
import type { Operation, Result } from "../../../src/kv/index.ts";
import { fail } from "../suite.ts";
import type { KvLab } from "./lab.ts";

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

/** A clerk that is driven by the main script, or by one that runs beside it. */
export class LabClerk {
  readonly id: NodeId;
  private readonly lab: KvLab;

  constructor(lab: KvLab, id: NodeId) {
    this.lab = lab;
    this.id = id;
  }

  begin(operation: Operation): Call {
    return this.lab.invoke(this.id, operation);
  }

  get(key: string): string | null {
    return this.lab.answered(this.begin(get(key))).value;
  }

  put(key: string, value: string): void {
    this.lab.answered(this.begin(put(key, value)));
  }

  append(key: string, value: string): void {
    this.lab.answered(this.begin(append(key, value)));
  }

  /** The key holds this now. */
  check(key: string, expected: string): void {
    const value = this.get(key);
    if (value === expected) return;
    fail(`${this.id} read ${JSON.stringify(value)} at ${key}, expected ${JSON.stringify(expected)}`);
  }

  /** It is not needed any more; another one may get its name. */
  leave(): void {
    this.lab.leave(this.id);
  }
}
