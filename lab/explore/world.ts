/** A state of the whole: every server, and what the invariants remember of the path that led here. It never changes. */

import type { Digest, NodeId } from "../../src/base/index.ts";
import type { Invariants } from "../oracles/index.ts";
import type { Spent } from "./bounds.ts";
import { type Cell, mixCell, Part } from "./cell.ts";
import { mix, plainView } from "./fingerprint.ts";
import { Table } from "./table.ts";

/** What is remembered beside the servers, so that two states of one path can be compared. */
export interface Memory {
  readonly invariants: Invariants;
  /** Every command that any server has ever applied, by index. */
  order: string[];
}

export interface World {
  readonly cells: readonly Part<Cell>[];
  readonly memory: Part<Memory>;
  readonly spent: Spent;
}

function mixMemory(digest: Digest, memory: Memory, labels: ReadonlyMap<NodeId, number>): void {
  mix(digest, memory, plainView(labels));
}

/**
 * Most steps lead to servers that were met before, in other worlds: each is kept once, so that a million worlds fit
 * into memory, and its digests are found once.
 */
export class Parts {
  private readonly labels: ReadonlyMap<NodeId, number>;
  private readonly cells = new Pool(mixCell);
  private readonly memories = new Pool(mixMemory);

  /** `labels` is the renaming number 0. */
  constructor(labels: ReadonlyMap<NodeId, number>) {
    this.labels = labels;
  }

  cell(cell: Cell): Part<Cell> {
    return this.cells.intern(cell, this.labels);
  }

  memory(memory: Memory): Part<Memory> {
    return this.memories.intern(memory, this.labels);
  }
}

class Pool<T> {
  private readonly table = new Table();
  private readonly parts: Part<T>[] = [];
  private readonly mixValue: ConstructorParameters<typeof Part<T>>[1];

  constructor(mixValue: ConstructorParameters<typeof Part<T>>[1]) {
    this.mixValue = mixValue;
  }

  intern(value: T, labels: ReadonlyMap<NodeId, number>): Part<T> {
    const part = new Part(value, this.mixValue);
    const { high, low } = part.digest(0, labels);
    const number = this.table.add(high, low);
    if (number === this.parts.length) this.parts.push(part);
    return this.parts[number]!;
  }
}
