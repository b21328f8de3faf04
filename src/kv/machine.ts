/** The state machine: what one operation does to the keys. Every server applies the same ones in the same order. */

import { unreachable } from "../base/index.ts";
import type { Operation, Result } from "./operation.ts";
import type { KvSnapshot } from "./snapshot.ts";

const DONE: Result = Object.freeze({ kind: "done" });
const SWAPPED: Result = Object.freeze({ kind: "swapped", swapped: true });
const REFUSED: Result = Object.freeze({ kind: "swapped", swapped: false });

export class Machine {
  private readonly values = new Map<string, string>();

  apply(operation: Operation): Result {
    switch (operation.kind) {
      case "get":
        return this.get(operation.key);
      case "put":
        this.values.set(operation.key, operation.value);
        return DONE;
      case "append":
        this.values.set(operation.key, (this.values.get(operation.key) ?? "") + operation.value);
        return DONE;
      case "delete":
        this.values.delete(operation.key);
        return DONE;
      case "cas":
        if ((this.values.get(operation.key) ?? null) !== operation.expected) return REFUSED;
        this.values.set(operation.key, operation.value);
        return SWAPPED;
      default:
        return unreachable(operation);
    }
  }

  /** Everything it holds. */
  save(): KvSnapshot["values"] {
    return Array.from(this.values, ([key, value]) => ({ key, value }));
  }

  restore(values: KvSnapshot["values"]): void {
    this.values.clear();
    for (const { key, value } of values) this.values.set(key, value);
  }

  get(key: string): Result {
    return Object.freeze({ kind: "value", value: this.values.get(key) ?? null });
  }
}
