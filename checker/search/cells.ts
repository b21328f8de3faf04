/**
 * The lens on models whose state is a cell: the model says once what an operation does, and is not asked again. Values
 * are numbered, and a state's number is its value's.
 */
import type { Calls } from "../intake/calls.ts";
import { emptied, grown } from "../intake/pool.ts";
import type { CellValue, Model } from "../model/model.ts";
import {
  BLANK,
  DEMANDS,
  DEPENDS,
  IMPOSSIBLE,
  type Lens,
  OBSERVES,
  OVERWRITES,
  READ_ONLY,
  REFUSES,
  REVIVES,
  UPDATES,
} from "./lens.ts";
import { StepMemo } from "./memo.ts";

/** The kinds of access by number. */
const NOTHING = 0;
const NEVER = 1;
const READS = 2;
const DIFFERS = 3;
const WRITES = 4;
const SWAPS = 5;
const TRIES = 6;
const APPENDS = 7;

const FLAGS: readonly number[] = [
  READ_ONLY | OBSERVES,
  READ_ONLY | OBSERVES | DEMANDS,
  READ_ONLY | OBSERVES | DEMANDS,
  READ_ONLY | OBSERVES | DEMANDS | REFUSES,
  OVERWRITES | REVIVES,
  OBSERVES | DEMANDS | DEPENDS | REVIVES,
  OBSERVES | DEPENDS | REVIVES,
  UPDATES,
];

/** The kinds that are about a value that was there, one bit each. */
const WANTING = (1 << READS) | (1 << DIFFERS) | (1 << SWAPS) | (1 << TRIES);

/** Numbers below this are looked up in a table. */
const SMALL = 256;

export class CellLens implements Lens {
  flags: Int32Array = new Int32Array(64);
  wanted: Int32Array = new Int32Array(64);
  made: Int32Array = new Int32Array(64);
  classes = 0;
  states = 0;
  readonly hasPromises = true;
  readonly hasParts = false;
  private model: Model<unknown, unknown, unknown> | null = null;
  private calls: Calls<unknown, unknown> | null = null;
  /** By class: its kind and the numbers of the values that it names. */
  private kinds: Int32Array = new Int32Array(64);
  private from: Int32Array = new Int32Array(64);
  private to: Int32Array = new Int32Array(64);
  /** Open addressing, at most half full: class + 1, or 0. */
  private table = new Int32Array(256);
  private readonly values: CellValue[] = [];
  private readonly numbers = new Map<CellValue, number>();
  private readonly small = new Int32Array(SMALL);
  private readonly memo = new StepMemo();
  private hasAppends = false;

  /** The model must be a cell. */
  load(calls: Calls<unknown, unknown>, model: Model<unknown, unknown, unknown>): void {
    this.model = model;
    this.calls = calls;
    this.classes = 0;
    this.table.fill(0);
    this.states = 0;
    emptied(this.numbers);
    this.small.fill(0);
    this.memo.clear();
    this.hasAppends = false;
    this.numberOf(model.initial as CellValue);
    // BLANK is no value that anything names.
    this.values[this.states++] = null;
  }

  clear(): void {
    this.calls = null;
    this.model = null;
    this.states = 0;
    if (this.values.length > SMALL) this.values.length = 0;
    emptied(this.numbers);
  }

  classOf(operation: number): number {
    const calls = this.calls!;
    const access = this.model!.traits!.cell!(calls.inputOf(operation), calls.outputOf(operation));
    switch (access.kind) {
      case "nothing":
        return this.enter(NOTHING, 0, 0);
      case "never":
        return this.enter(NEVER, 0, 0);
      case "reads":
        return this.enter(READS, this.numberOf(access.value), 0);
      case "differs":
        return this.enter(DIFFERS, this.numberOf(access.value), 0);
      case "writes":
        return this.enter(WRITES, this.numberOf(access.value), 0);
      case "swaps":
        return this.enter(SWAPS, this.numberOf(access.from), this.numberOf(access.to));
      case "tries":
        return this.enter(TRIES, this.numberOf(access.from), this.numberOf(access.to));
      case "appends":
        this.hasAppends = true;
        return this.enter(APPENDS, this.numberOf(access.text), 0);
    }
  }

  step(state: number, classId: number): number {
    const value = this.from[classId]!;
    switch (this.kinds[classId]) {
      case NOTHING:
        return state;
      case NEVER:
        return IMPOSSIBLE;
      case READS:
        return state === value ? state : IMPOSSIBLE;
      case DIFFERS:
        return state === value ? IMPOSSIBLE : state;
      case WRITES:
        return value;
      case SWAPS:
        return state === value ? this.to[classId]! : IMPOSSIBLE;
      case TRIES:
        return state === value ? this.to[classId]! : state;
      default:
        return state === BLANK ? BLANK : this.append(state, classId);
    }
  }

  /** Appends only lengthen: a value may still become the wanted one only if it is a prefix of it, or absent. */
  sees(state: number, classId: number): boolean {
    const kind = this.kinds[classId]!;
    if (kind === NOTHING || kind === NEVER) return false;
    const wanted = this.from[classId]!;
    if (state === wanted || !this.hasAppends) return state === wanted;
    const text = this.values[wanted];
    if (typeof text !== "string") return false;
    const value = this.values[state]!;
    return value === null || (typeof value === "string" && text.startsWith(value));
  }

  revives(writerClass: number, classId: number): boolean {
    const kind = this.kinds[writerClass]!;
    if (kind === WRITES) return this.sees(this.from[writerClass]!, classId);
    return (kind === SWAPS || kind === TRIES) && this.sees(this.to[writerClass]!, classId);
  }

  get isExact(): boolean {
    return !this.hasAppends;
  }

  /** A cell has no parts. */
  partsOf(): null {
    return null;
  }

  private append(state: number, classId: number): number {
    const known = this.memo.get(state, classId);
    if (known !== StepMemo.MISSING) return known;
    const text = this.values[this.from[classId]!] as string;
    const before = this.values[state];
    const after = this.numberOf(before === null ? text : `${before}${text}`);
    this.memo.set(state, classId, after);
    return after;
  }

  private numberOf(value: CellValue): number {
    if (typeof value === "number" && value >= 0 && value < SMALL && value === (value | 0)) {
      const known = this.small[value]!;
      if (known !== 0) return known - 1;
      this.small[value] = this.states + 1;
      this.values[this.states] = value;
      return this.states++;
    }
    const known = this.numbers.get(value);
    if (known !== undefined) return known;
    this.numbers.set(value, this.states);
    this.values[this.states] = value;
    return this.states++;
  }

  private enter(kind: number, from: number, to: number): number {
    const { table, kinds } = this;
    const mask = table.length - 1;
    let place = hashOf(kind, from, to) & mask;
    for (let entry = table[place]!; entry !== 0; entry = table[place]!) {
      const classId = entry - 1;
      if (kinds[classId] === kind && this.from[classId] === from && this.to[classId] === to) return classId;
      place = (place + 1) & mask;
    }
    const classId = this.classes++;
    if (classId === kinds.length) this.widen();
    this.kinds[classId] = kind;
    this.from[classId] = from;
    this.to[classId] = to;
    this.flags[classId] = FLAGS[kind]!;
    this.wanted[classId] = (WANTING & (1 << kind)) === 0 ? -1 : from;
    this.made[classId] = kind === WRITES ? from : kind === SWAPS || kind === TRIES ? to : -1;
    table[place] = classId + 1;
    if (this.classes * 2 > table.length) this.grow();
    return classId;
  }

  private widen(): void {
    this.kinds = grown(this.kinds, this.classes);
    this.from = grown(this.from, this.classes);
    this.to = grown(this.to, this.classes);
    this.flags = grown(this.flags, this.classes);
    this.wanted = grown(this.wanted, this.classes);
    this.made = grown(this.made, this.classes);
  }

  private grow(): void {
    const table = new Int32Array(this.table.length * 4);
    for (let classId = 0; classId < this.classes; classId++) {
      let place = hashOf(this.kinds[classId]!, this.from[classId]!, this.to[classId]!) & (table.length - 1);
      while (table[place] !== 0) place = (place + 1) & (table.length - 1);
      table[place] = classId + 1;
    }
    this.table = table;
  }
}

function hashOf(kind: number, from: number, to: number): number {
  const hash = Math.imul(from * 8 + kind, 0x9e3779b1) ^ Math.imul(to + 1, 0x85ebca6b);
  return hash ^ (hash >>> 15);
}
