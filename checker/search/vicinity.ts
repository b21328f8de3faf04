/**
 * Which in-flight operations have to do with the one that is due, where the model says what operations touch: those
 * that share a part of the state with it, directly or through other in-flight ones.
 *
 * Only these are tried. In any completion, what comes before the due operation was called before the next return, so
 * it is in flight, and what has nothing to do with the due operation has nothing to do with those that have. So it can
 * be moved behind the due operation: the two sorts commute, all are in flight, and what moves keeps its place among
 * what comes later. That is a completion of the same length which starts with one of these.
 */
import type { Configuration } from "./configuration.ts";

export class Vicinity {
  /** Parts that the operations found so far touch; null if all. */
  private parts: Set<number> | null = new Set();
  private readonly near = new Set<number>();

  /** Finds those for the present configuration. */
  find(here: Configuration): void {
    const { flight, flightStart, pending, pendingBefore } = here.subhistory;
    this.near.clear();
    this.parts = new Set();
    this.add(here, here.due());
    for (let size = 0; size !== this.near.size; ) {
      size = this.near.size;
      for (let i = flightStart[here.at]!; i < flightStart[here.at + 1]!; i++) this.look(here, flight[i]!);
      for (let i = 0; i < pendingBefore[here.at]!; i++) this.look(here, pending[i]!);
    }
  }

  has(operation: number): boolean {
    return this.near.has(operation);
  }

  private look(here: Configuration, operation: number): void {
    if (this.near.has(operation) || here.has(operation)) return;
    const parts = here.lens.partsOf(here.subhistory.classOf[operation]!);
    if (parts === null || this.parts === null || parts.some((part) => this.parts!.has(part))) {
      this.add(here, operation);
    }
  }

  private add(here: Configuration, operation: number): void {
    this.near.add(operation);
    const parts = here.lens.partsOf(here.subhistory.classOf[operation]!);
    if (parts === null) this.parts = null;
    else for (const part of parts) this.parts?.add(part);
  }
}
