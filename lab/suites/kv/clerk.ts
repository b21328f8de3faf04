/**
 * What a script holds in its hand. `alice.get("x")` runs the world until the answer is there; `alice.begin(get("x"))`
 * does not wait, and a script that runs beside others yields what it began.
 */

import type { NodeId } from "../../../src/base/index.ts";
import type { Operation } from "../../../src/kv/index.ts";
import { fail } from "../suite.ts";
import { append, type Call, get, put } from "./call.ts";

/** Where clerks work. */
export interface Desk {
  /** The clerk begins this operation now. */
  invoke(clerk: NodeId, operation: Operation): Call;
  /** Runs the world until the answer is there; the same call. */
  answered(call: Call): Call;
  leave(clerk: NodeId): void;
}

/** A clerk that is driven by the main script, or by one that runs beside it. */
export class LabClerk {
  readonly id: NodeId;
  private readonly desk: Desk;

  constructor(desk: Desk, id: NodeId) {
    this.desk = desk;
    this.id = id;
  }

  begin(operation: Operation): Call {
    return this.desk.invoke(this.id, operation);
  }

  get(key: string): string | null {
    return this.desk.answered(this.begin(get(key))).value;
  }

  put(key: string, value: string): void {
    this.desk.answered(this.begin(put(key, value)));
  }

  append(key: string, value: string): void {
    this.desk.answered(this.begin(append(key, value)));
  }

  /** The key holds this now. */
  check(key: string, expected: string): void {
    const value = this.get(key);
    if (value === expected) return;
    fail(`${this.id} read ${JSON.stringify(value)} at ${key}, expected ${JSON.stringify(expected)}`);
  }

  /** It is not needed any more; another one may get its name. */
  leave(): void {
    this.desk.leave(this.id);
  }
}
