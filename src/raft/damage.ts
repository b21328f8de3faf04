/**
 * What a server's log lacks because its disk has rotted: entries of which only the identity stands, until a leader
 * sends them again. Others may count on them, so until then it neither votes nor stands for election nor acknowledges.
 */

import type { Command } from "./log.ts";

/** Stands in the log in place of a command that nobody can read any more. It is never applied and never sent. */
export const LOST: Command = Object.freeze({ kind: "lost" });

export class Damage {
  private readonly indexes: Set<number>;

  constructor(indexes: Iterable<number> = []) {
    this.indexes = new Set(indexes);
  }

  get isNone(): boolean {
    return this.indexes.size === 0;
  }

  /** The first entry up to `index` that is lost; null if there is none. */
  firstUpTo(index: number): number | null {
    if (this.isNone) return null;
    const first = Math.min(...this.indexes);
    return first <= index ? first : null;
  }

  /** True if this entry was lost, and is not from now on. */
  repair(index: number): boolean {
    return this.indexes.delete(index);
  }

  /** The log has none of these any more. */
  forget(isGone: (index: number) => boolean): void {
    for (const index of this.indexes) if (isGone(index)) this.indexes.delete(index);
  }
}
