/**
 * The one order that is worth trying for given epochs, and whether it is a linearization; the argument is in
 * `epochs.ts`. A *stage* is an operation that makes a value, with the reads of that value; it is named by that
 * operation, or by the number of operations if the cell started with the value.
 */
import { atLeast } from "../intake/pool.ts";
import type { Accesses } from "./accesses.ts";

const NONE = -1;

/** What an operation is in an epoch. */
const ABSENT = 0;
const FIRST = 1;
const LATER = 2;

export class Order {
  private accesses: Accesses | null = null;
  private roles: Int32Array = new Int32Array(0);
  /** By stage: its reads in call order, linked through `nextRead`, and the stage after it in its epoch. */
  private firstRead: Int32Array = new Int32Array(0);
  private lastRead: Int32Array = new Int32Array(0);
  private nextRead: Int32Array = new Int32Array(0);
  private nextStage: Int32Array = new Int32Array(0);
  private keys = new Float64Array(0);
  private order: Int32Array = new Int32Array(0);
  private length = 0;
  /** After a failure: the return of whoever had been called too late for its place. */
  suspect = -1;

  load(accesses: Accesses): void {
    const stages = accesses.count + 1;
    this.accesses = accesses;
    this.roles = atLeast(this.roles, stages).fill(ABSENT, 0, stages);
    this.firstRead = atLeast(this.firstRead, stages).fill(NONE, 0, stages);
    this.lastRead = atLeast(this.lastRead, stages);
    this.nextRead = atLeast(this.nextRead, stages);
    this.nextStage = atLeast(this.nextStage, stages).fill(NONE, 0, stages);
    this.order = atLeast(this.order, stages);
    if (this.keys.length < stages) this.keys = new Float64Array(this.order.length);
  }

  /** The read sees what the stage made. Reads of one stage come in call order. */
  read(read: number, stage: number): void {
    if (this.roles[stage] === ABSENT) this.roles[stage] = FIRST;
    this.nextRead[read] = NONE;
    if (this.firstRead[stage] === NONE) this.firstRead[stage] = read;
    else this.nextRead[this.lastRead[stage]!] = read;
    this.lastRead[stage] = read;
  }

  /** The stage `later` comes right after the other one; false if it comes after one already. */
  follow(stage: number, later: number): boolean {
    if (this.roles[later] === LATER) return false;
    if (this.roles[stage] === ABSENT) this.roles[stage] = FIRST;
    this.roles[later] = LATER;
    this.nextStage[stage] = later;
    return true;
  }

  isTaken(stage: number): boolean {
    return this.roles[stage] === LATER;
  }

  /** An operation that nobody saw, unless somebody did. */
  addUnseen(operation: number): void {
    if (this.roles[operation] === ABSENT) this.roles[operation] = FIRST;
  }

  /** Puts the epochs in their order, and tells whether each operation returned after all before it were called. */
  isLinearization(): boolean {
    const { roles, keys } = this;
    const { count, callAt, returnAt } = this.accesses!;
    const scale = count + 1;
    let epochs = 0;
    for (let operation = 0; operation < count; operation++) {
      if (roles[operation] === FIRST) keys[epochs++] = this.leftEnd(operation) * scale + operation;
    }
    sort(keys, epochs);
    this.length = 0;
    if (roles[count] === FIRST) this.write(count);
    for (let i = 0; i < epochs; i++) this.write(keys[i]! % scale);
    let latestCall = -1;
    let latest = -1;
    for (let i = 0; i < this.length; i++) {
      const operation = this.order[i]!;
      if (returnAt[operation]! < latestCall) {
        this.suspect = returnAt[latest]!;
        return false;
      }
      if (callAt[operation]! <= latestCall) continue;
      latestCall = callAt[operation]!;
      latest = operation;
    }
    return true;
  }

  list(): number[] {
    return Array.from(this.order.subarray(0, this.length));
  }

  /** The lesser of an epoch's earliest return and its latest call. */
  private leftEnd(first: number): number {
    const { callAt, returnAt } = this.accesses!;
    let earliestReturn = returnAt[first]!;
    let latestCall = callAt[first]!;
    for (let stage = first; stage !== NONE; stage = this.nextStage[stage]!) {
      if (returnAt[stage]! < earliestReturn) earliestReturn = returnAt[stage]!;
      if (callAt[stage]! > latestCall) latestCall = callAt[stage]!;
      for (let read = this.firstRead[stage]!; read !== NONE; read = this.nextRead[read]!) {
        if (returnAt[read]! < earliestReturn) earliestReturn = returnAt[read]!;
        if (callAt[read]! > latestCall) latestCall = callAt[read]!;
      }
    }
    return Math.min(earliestReturn, latestCall);
  }

  private write(first: number): void {
    for (let stage = first; stage !== NONE; stage = this.nextStage[stage]!) {
      if (stage < this.accesses!.count) this.order[this.length++] = stage;
      for (let read = this.firstRead[stage]!; read !== NONE; read = this.nextRead[read]!) {
        this.order[this.length++] = read;
      }
    }
  }
}

/** Moves that sorting by insertion may take, per element. */
const MOST_MOVES = 16;

/** The keys come in the order of calls, which is nearly theirs. */
function sort(keys: Float64Array, count: number): void {
  let moves = MOST_MOVES * count;
  for (let i = 1; i < count; i++) {
    const key = keys[i]!;
    let place = i;
    for (; place > 0 && keys[place - 1]! > key; place--) keys[place] = keys[place - 1]!;
    keys[place] = key;
    moves -= i - place;
    if (moves < 0) {
      keys.subarray(0, count).sort();
      return;
    }
  }
}
