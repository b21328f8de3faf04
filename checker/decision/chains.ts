/**
 * Appends: a read's value is the value of a write, the epoch's, followed by the texts of appends, in their order. The
 * longest read of an epoch holds all that its reads saw; each other one must be a beginning of it that ends between
 * two texts.
 *
 * Which write and which appends they are follows if the texts can be told apart: if only one written value and then,
 * place by place, only one text fits, and for each of them the times leave one operation. Times as for writes, and:
 * an append was called before each read that saw it returned; and it did not return before the epoch's write, an
 * earlier append or a read that did not see it was called.
 */

import { atLeast, emptied, grown } from "../intake/pool.ts";
import type { CellValue } from "../model/model.ts";
import { type Accesses, APPEND, WRITE } from "./accesses.ts";
import { Few } from "./few.ts";
import type { Order } from "./order.ts";
import { NOBODY, START, type Writers } from "./writers.ts";

const NONE = -1;

/** Later than all returns, also those that never come. */
const NEVER = 0x7fffffff;

/** Equal texts that are looked at before it counts as not clear which one it is. */
const MOST_ASKED = 256;

/** Where so few different texts were written, each is compared with what was read; more are looked up. */
const FEW_BASES = 6;

/** Texts that are longer are compared by the engine, block by block. */
const LONG = 32;

/** What became of the epochs: clear, one choice of several, against all orders, or against the choice. */
export type Outcome = "certain" | "guessed" | "impossible" | "stuck";

export class Chains {
  /** Whether the last read that was asked about could belong to another epoch. */
  isAmbiguous = false;
  private accesses: Accesses | null = null;
  private writers: Writers | null = null;
  /** By text: the last append of it; `before` leads to the one before. */
  private readonly latest = new Map<string, number>();
  private before: Int32Array = new Int32Array(0);
  /** The lengths that texts and written values have. */
  private readonly textLengths = new Few<number>();
  private readonly baseLengths = new Few<number>();
  /** The different written texts, if there are no more than FEW_BASES. */
  private readonly bases = new Few<string>();
  /** Whether the cell is absent at the start, or some write makes it so. */
  private hasAbsence = false;
  /** By epoch, named as its first stage: its reads in call order, linked through `next`, and its longest read. */
  private first: Int32Array = new Int32Array(0);
  private last: Int32Array = new Int32Array(0);
  private next: Int32Array = new Int32Array(0);
  private longest: Int32Array = new Int32Array(0);
  private readonly epochs: number[] = [];
  private epochCount = 0;
  /** Of the epoch in hand. By stage: where its value ends, and the last append of its text. */
  private stages = 0;
  private ends: Int32Array = new Int32Array(0);
  private heads: Int32Array = new Int32Array(0);
  /** By stage: its value or null, its last read, and the earliest return and the latest barrier from there on. */
  private readonly values: CellValue[] = [];
  private latestReader: Int32Array = new Int32Array(0);
  private earliestReturn: Int32Array = new Int32Array(0);
  private latestBarrier: Int32Array = new Int32Array(0);
  /** By stage its operation, and by read its stage. */
  private makers: Int32Array = new Int32Array(0);
  private stageOfRead: Int32Array = new Int32Array(0);
  private isGuess = false;
  /** After a failure: the return of the read that could not be placed; negative if nobody knows. */
  suspect = -1;

  load(accesses: Accesses, writers: Writers): void {
    this.empty();
    this.accesses = accesses;
    this.writers = writers;
    if (!accesses.hasAppends) return;
    const { kinds, values, count, initial } = accesses;
    this.before = atLeast(this.before, count);
    this.next = atLeast(this.next, count);
    this.stageOfRead = atLeast(this.stageOfRead, count);
    this.last = atLeast(this.last, count + 1);
    this.longest = atLeast(this.longest, count + 1);
    this.first = atLeast(this.first, count + 1).fill(NONE, 0, count + 1);
    this.hasAbsence = false;
    this.noteBase(initial);
    for (let operation = 0; operation < count; operation++) {
      if (kinds[operation] === WRITE) this.noteBase(values[operation]!);
      if (kinds[operation] !== APPEND) continue;
      const text = values[operation] as string;
      this.textLengths.note(text.length);
      this.before[operation] = this.latest.get(text) ?? NOBODY;
      this.latest.set(text, operation);
    }
  }

  /** Keeps no history alive. */
  clear(): void {
    this.empty();
    if (this.values.length > 0) this.values.length = 0;
    this.bases.clear();
    this.accesses = null;
    this.writers = null;
  }

  private empty(): void {
    emptied(this.latest);
    this.textLengths.empty();
    this.baseLengths.empty();
    this.bases.empty();
    this.epochCount = 0;
  }

  /** The write whose epoch the read belongs to, or START, or NOBODY. Reads must be asked about in call order. */
  baseOf(read: number): number {
    const value = this.accesses!.values[read]!;
    const found = this.collect(value, read, false);
    // Only where several bases are possible it is worth looking at what follows them.
    return this.isAmbiguous && typeof value === "string" ? this.collect(value, read, true) : found;
  }

  enter(read: number, writer: number): void {
    const { values, count } = this.accesses!;
    const epoch = writer === START ? count : writer;
    this.next[read] = NONE;
    if (this.first[epoch] === NONE) {
      this.epochs[this.epochCount++] = epoch;
      this.first[epoch] = read;
      this.longest[epoch] = read;
    } else {
      this.next[this.last[epoch]!] = read;
      if (lengthOf(values[read]!) > lengthOf(values[this.longest[epoch]!]!)) this.longest[epoch] = read;
    }
    this.last[epoch] = read;
  }

  /** Finds the stages of all epochs, and enters them. */
  resolve(order: Order): Outcome {
    this.isGuess = false;
    this.suspect = -1;
    for (let i = 0; i < this.epochCount; i++) {
      const epoch = this.epochs[i]!;
      if (!this.split(epoch) || !this.place(epoch, order)) return this.isGuess ? "stuck" : "impossible";
    }
    return this.isGuess ? "guessed" : "certain";
  }

  private noteBase(value: CellValue): void {
    if (value === null) this.hasAbsence = true;
    if (typeof value !== "string") return;
    this.baseLengths.note(value.length);
    if (this.bases.length <= FEW_BASES) this.bases.note(value);
  }

  /** The last of the possible bases; if asked to look, only of those that a text follows. */
  private collect(value: CellValue, read: number, looks: boolean): number {
    const writers = this.writers!;
    this.isAmbiguous = false;
    if (typeof value !== "string") {
      const found = writers.find(value, read);
      this.isAmbiguous = found !== NOBODY && writers.isAmbiguous;
      return found;
    }
    let found = NOBODY;
    if (this.bases.length <= FEW_BASES) {
      for (let i = 0; i < this.bases.length; i++) {
        const base = this.bases.get(i);
        if (startsWith(value, base)) found = this.consider(base, value, read, looks, found);
      }
    } else {
      for (let i = 0; i < this.baseLengths.length; i++) {
        const length = this.baseLengths.get(i);
        // To look a long text up is to read it.
        if (length <= value.length) found = this.consider(value.slice(0, length), value, read, looks, found);
      }
    }
    if (!this.hasAbsence || value === "") return found;
    const other = writers.find(null, read);
    return other !== NOBODY && (!looks || this.isText(value, 0)) ? this.later(found, other) : found;
  }

  private consider(base: string, value: string, read: number, looks: boolean, found: number): number {
    const other = this.writers!.find(base, read);
    if (other === NOBODY) return found;
    if (looks && base.length < value.length && !this.isText(value, base.length)) return found;
    return this.later(found, other);
  }

  private later(found: number, other: number): number {
    if (found !== NOBODY || this.writers!.isAmbiguous) this.isAmbiguous = true;
    return Math.max(found, other);
  }

  /** Whether some text stands in the value from there on. */
  private isText(value: string, from: number): boolean {
    for (let i = 0; i < this.textLengths.length; i++) {
      if (this.latest.has(value.slice(from, from + this.textLengths.get(i)))) return true;
    }
    return false;
  }

  /** Finds where the texts of the epoch's longest read end. */
  private split(epoch: number): boolean {
    const { values, initial, count } = this.accesses!;
    const base = epoch === count ? initial : values[epoch]!;
    const value = values[this.longest[epoch]!]!;
    this.stages = 0;
    let end = lengthOf(base);
    this.addStage(end, NOBODY);
    while (typeof value === "string" && end < value.length) {
      let next = end;
      let head = NOBODY;
      for (let i = 0; i < this.textLengths.length; i++) {
        const after = end + this.textLengths.get(i);
        if (after > value.length) continue;
        const last = this.latest.get(value.slice(end, after));
        if (last === undefined) continue;
        if (next !== end) this.isGuess = true;
        if (after < next) continue;
        next = after;
        head = last;
      }
      if (next === end) return false;
      this.addStage(next, head);
      end = next;
    }
    return true;
  }

  private addStage(end: number, head: number): void {
    const stage = this.stages++;
    this.ends = grown(this.ends, this.stages);
    this.heads = grown(this.heads, this.stages);
    this.ends[stage] = end;
    this.heads[stage] = head;
  }

  /** Finds the reads' stages, and then an append for each stage. */
  private place(epoch: number, order: Order): boolean {
    const { values, callAt, returnAt, count } = this.accesses!;
    this.widen(this.stages);
    const { stages, heads, earliestReturn, latestBarrier, latestReader, makers, stageOfRead } = this;
    for (let stage = 0; stage < stages; stage++) {
      earliestReturn[stage] = NEVER;
      latestBarrier[stage] = -1;
      latestReader[stage] = NONE;
      this.values[stage] = null;
    }
    const longest = values[this.longest[epoch]!]!;
    for (let read = this.first[epoch]!; read !== NONE; read = this.next[read]!) {
      const stage = this.stageOf(values[read]!, longest);
      if (stage < 0) {
        this.suspect = returnAt[read]!;
        return false;
      }
      stageOfRead[read] = stage;
      earliestReturn[stage] = Math.min(earliestReturn[stage]!, returnAt[read]!);
      latestBarrier[stage] = Math.max(latestBarrier[stage]!, this.writers!.barrier[read]!);
      // In call order.
      latestReader[stage] = read;
    }
    for (let stage = stages - 2; stage >= 0; stage--) {
      earliestReturn[stage] = Math.min(earliestReturn[stage]!, earliestReturn[stage + 1]!);
      latestBarrier[stage] = Math.max(latestBarrier[stage]!, latestBarrier[stage + 1]!);
    }
    makers[0] = epoch;
    let passed = epoch === count ? -1 : callAt[epoch]!;
    let passer = epoch;
    for (let stage = 1; stage < stages; stage++) {
      const reader = latestReader[stage - 1]!;
      if (reader !== NONE && callAt[reader]! > passed) {
        passed = callAt[reader]!;
        passer = reader;
      }
      const maker = this.append(
        heads[stage]!,
        earliestReturn[stage]!,
        Math.max(passed, latestBarrier[stage]!),
        order,
      );
      if (maker === NOBODY || !order.follow(makers[stage - 1]!, maker)) {
        this.suspect = passer === count ? -1 : returnAt[passer]!;
        return false;
      }
      makers[stage] = maker;
      if (callAt[maker]! > passed) {
        passed = callAt[maker]!;
        passer = maker;
      }
    }
    for (let read = this.first[epoch]!; read !== NONE; read = this.next[read]!) {
      order.read(read, makers[stageOfRead[read]!]!);
    }
    return true;
  }

  private widen(stages: number): void {
    this.latestReader = atLeast(this.latestReader, stages);
    this.earliestReturn = atLeast(this.earliestReturn, stages);
    this.latestBarrier = atLeast(this.latestBarrier, stages);
    this.makers = atLeast(this.makers, stages);
  }

  /** An append of the text whose last append is `head`, called before `end` and not returned before `start`. */
  private append(head: number, end: number, start: number, order: Order): number {
    const { callAt, returnAt } = this.accesses!;
    let found = NOBODY;
    let asked = 0;
    for (let append = head; append !== NOBODY; append = this.before[append]!) {
      if (++asked > MOST_ASKED) {
        this.isGuess = true;
        break;
      }
      if (callAt[append]! > end || returnAt[append]! < start) continue;
      if (found !== NOBODY) this.isGuess = true;
      // Of several, the one that has to take effect first, unless an epoch took it before.
      const isFree = !order.isTaken(append);
      if (found === NOBODY || (isFree && (order.isTaken(found) || returnAt[append]! < returnAt[found]!))) {
        found = append;
      }
    }
    return found;
  }

  /** The stage whose value this is, or a negative number. */
  private stageOf(value: CellValue, longest: CellValue): number {
    const { ends, values, stages } = this;
    if (typeof value !== "string") return value === null || stages === 1 ? 0 : -1;
    if (typeof longest !== "string") return -1;
    let low = 0;
    let high = stages - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ends[middle]! < value.length) low = middle + 1;
      else high = middle;
    }
    if (ends[low] !== value.length) return -1;
    // Most reads saw what another one saw, and to compare equal texts is cheaper than to cut one out.
    if (values[low] === value) return low;
    // Engines compare equal lengths by blocks, and beginnings letter by letter.
    if (longest.slice(0, value.length) !== value) return -1;
    values[low] = value;
    return low;
  }
}

/** The engine's own does more than that, and cutting a text out to look it up in a map still more. */
function startsWith(value: string, start: string): boolean {
  if (start.length > value.length) return false;
  if (start.length > LONG) return value.slice(0, start.length) === start;
  for (let i = 0; i < start.length; i++) if (value.charCodeAt(i) !== start.charCodeAt(i)) return false;
  return true;
}

function lengthOf(value: unknown): number {
  return typeof value === "string" ? value.length : 0;
}
