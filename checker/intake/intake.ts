/**
 * The first pass over a history: which events belong together, and to which object. Nothing is copied but positions.
 */

import type { History } from "../history/history.ts";
import { pairs } from "../history/operation.ts";
import type { Model } from "../model/model.ts";
import { Footprints } from "./footprint.ts";
import { atLeast, emptied, type Pooled } from "./pool.ts";

/** Whoever returns at this position or later never returns. */
export const NEVER_RETURNS = 0x7ffffffe;

/** In the place of a return: its outcome was recorded as unknown. */
const GIVEN_UP = 0x7fffffff;

/** An event that says nothing: an outcome that stays unknown. */
export const NOTHING = 0x7fffffff;

/** Ids from 0 to this times the history's length are looked up in a table, others in a map. */
const TABLE_ROOM = 4;

export class Intake<Input, Output> implements Pooled {
  history: History<Input, Output> = [];
  /** Operations, numbered by call. */
  count = 0;
  /** How many of them return, and how many are in flight at once at most; who never returns stays in flight. */
  returns = 0;
  mostInFlight = 0;
  /** By operation: the position of its invocation, and of its response or NEVER_RETURNS. */
  callAt: Int32Array = new Int32Array(0);
  returnAt: Int32Array = new Int32Array(0);
  /** Object names in the order of first appearance; those of split ones several times. */
  objects: string[] = [];
  /** By position: the operation that is called, or the complement (`~`) of the one that returns, or NOTHING. */
  entries: Int32Array = new Int32Array(0);
  length = 0;
  /** By name: the object's number. Used, like the next, only if there are several. */
  private readonly numbers = new Map<string, number>();
  private objectOf: Int32Array = new Int32Array(0);
  /** By id: the operation's number + 1. All zeros between two uses. */
  private table: Int32Array = new Int32Array(0);
  private readonly others = new Map<number, number>();
  /** With several objects: `entries` sorted by object, and where each one's part starts. */
  sorted: Int32Array = new Int32Array(0);
  starts: Int32Array = new Int32Array(0);

  get words(): number {
    return (this.callAt.length + this.entries.length) * 2 + this.table.length;
  }

  /**
   * Throws HistoryError if the history is malformed. Objects may be split by the footprints of their operations; then
   * the components of an object stand next to each other among `objects`, under its name.
   */
  read(model: Model<unknown, unknown, unknown>, history: History<Input, Output>, bySplitting: boolean): void {
    this.reset(history);
    let count = 0;
    let highest = -1;
    let returns = 0;
    let mostInFlight = 0;
    /** The name of the only object so far; null once there are several. */
    let only: string | null = null;
    const { table, callAt, returnAt, entries } = this;
    for (let at = 0; at < history.length; at++) {
      const event = history[at]!;
      const id = event.operation;
      const isSmall = id >= 0 && id < table.length && id === (id | 0);
      if (event.kind === "invoke") {
        const operation = count++;
        if (!isSmall) this.enter(id, operation);
        else {
          if (table[id] !== 0) this.refuse();
          table[id] = operation + 1;
          if (id > highest) highest = id;
        }
        callAt[operation] = at;
        returnAt[operation] = NEVER_RETURNS;
        entries[at] = operation;
        if (operation - returns >= mostInFlight) mostInFlight = operation - returns + 1;
        const object = model.objectOf(event.input);
        if (object !== only) only = this.assign(operation, object);
        continue;
      }
      const operation = (isSmall ? table[id]! : (this.others.get(id) ?? 0)) - 1;
      if (operation < 0 || returnAt[operation] !== NEVER_RETURNS) this.refuse();
      if (event.kind === "response") {
        returnAt[operation] = at;
        entries[at] = ~operation;
        returns++;
      } else if (event.kind === "indeterminate") {
        returnAt[operation] = GIVEN_UP;
        entries[at] = NOTHING;
      } else this.refuse();
    }
    table.fill(0, 0, highest + 1);
    this.count = count;
    this.returns = returns;
    this.mostInFlight = mostInFlight;
    if (bySplitting && model.traits?.footprint !== undefined) this.split(model);
    this.sort();
  }

  /** Keeps no history alive. */
  clear(): void {
    this.history = [];
    this.objects = [];
    emptied(this.numbers);
    emptied(this.others);
  }

  private reset(history: History<Input, Output>): void {
    const { length } = history;
    this.history = history;
    this.length = length;
    this.count = 0;
    this.objects = [];
    emptied(this.others);
    this.callAt = atLeast(this.callAt, length);
    this.returnAt = atLeast(this.returnAt, length);
    this.entries = atLeast(this.entries, length);
    this.table = atLeast(this.table, length * TABLE_ROOM);
  }

  private enter(id: number, operation: number): void {
    if (!Number.isSafeInteger(id) || this.others.has(id)) this.refuse();
    this.others.set(id, operation + 1);
  }

  /** Books an operation that is not about the only object so far. That one's name afterwards, or null. */
  private assign(operation: number, object: string): string | null {
    const { objects } = this;
    if (objects.length === 0) {
      objects.push(object);
      return object;
    }
    if (objects.length === 1) {
      this.objectOf = atLeast(this.objectOf, this.length);
      this.objectOf.fill(0, 0, operation);
      emptied(this.numbers);
      this.numbers.set(objects[0]!, 0);
    }
    let number = this.numbers.get(object);
    if (number === undefined) {
      number = objects.length;
      this.numbers.set(object, number);
      objects.push(object);
    }
    this.objectOf[operation] = number;
    return null;
  }

  /** Sorts the entries by object, if there are several: counted, so that each object's stay in order. */
  private sort(): void {
    const { entries, objectOf, length } = this;
    const count = this.objects.length;
    if (count <= 1) return;
    this.starts = atLeast(this.starts, count + 1);
    this.sorted = atLeast(this.sorted, length);
    const { starts, sorted } = this;
    starts.fill(0, 0, count + 1);
    for (let at = 0; at < length; at++) {
      const entry = entries[at]!;
      if (entry !== NOTHING) starts[objectOf[entry < 0 ? ~entry : entry]! + 1]!++;
    }
    for (let object = 0; object < count; object++) starts[object + 1]! += starts[object]!;
    const next = starts.slice(0, count);
    for (let at = 0; at < length; at++) {
      const entry = entries[at]!;
      if (entry !== NOTHING) sorted[next[objectOf[entry < 0 ? ~entry : entry]!]!++] = entry;
    }
  }

  /** Makes objects of components. */
  private split(model: Model<unknown, unknown, unknown>): void {
    const footprints = new Footprints();
    const { history, callAt, count } = this;
    const inputOf = (operation: number): unknown =>
      (history[callAt[operation]!] as { readonly input: unknown }).input;
    if (this.objects.length === 1) this.objectOf = atLeast(this.objectOf, this.length).fill(0, 0, count);
    const { objects, objectOf } = this;
    for (let operation = 0; operation < count; operation++) {
      footprints.add(model, objectOf[operation]!, inputOf(operation));
    }
    /** By object: its components' keys, in the order of first appearance. What touches nothing is one by itself. */
    const keys: string[][] = objects.map(() => []);
    const places = new Map<string, number>();
    const placeOf = (operation: number): number => {
      const object = objectOf[operation]!;
      const component = footprints.componentOf(model, object, inputOf(operation));
      const key = component === null ? `alone ${operation}` : `${component}`;
      let place = places.get(key);
      if (place === undefined) {
        place = keys[object]!.push(key) - 1;
        places.set(key, place);
      }
      return place;
    };
    const local = Array.from({ length: count }, (_, operation) => placeOf(operation));
    const starts: number[] = [];
    this.objects = objects.flatMap((name, object) => {
      starts.push(object === 0 ? 0 : starts[object - 1]! + keys[object - 1]!.length);
      return keys[object]!.map(() => name);
    });
    for (let operation = 0; operation < count; operation++) {
      objectOf[operation] = starts[objectOf[operation]!]! + local[operation]!;
    }
  }

  /** Something is wrong with the history, and `pairs` finds the words for it. */
  private refuse(): never {
    pairs(this.history);
    throw new Error("unreachable: what the intake refuses, pairs refuses");
  }
}
