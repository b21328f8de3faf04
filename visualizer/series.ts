/** Columns of numbers as few characters: what stands next to each other differs little, and few values need no digits. */

/** One small number per row: a character each while they are few, since a digit and a comma are two. */
export type Digits = string | readonly number[];

/** From # on there is a stretch of characters that neither JSON nor HTML escapes; it ends before the backslash. */
const FIRST = 0x23;
const LAST = 0x5b;
const LESS_THAN = 0x3c;

/** The values are whole numbers below `size`. */
export function digits(values: readonly number[], size: number): Digits {
  if (size > LAST - FIRST) return values;
  return values
    .map((value) => String.fromCharCode(FIRST + value + (FIRST + value < LESS_THAN ? 0 : 1)))
    .join("");
}

export function readDigits(packed: Digits): (index: number) => number {
  if (typeof packed !== "string") return (index) => packed[index]!;
  return (index) => {
    const code = packed.charCodeAt(index);
    return code - FIRST - (code > LESS_THAN ? 1 : 0);
  };
}

export function differences(values: readonly number[]): number[] {
  return values.map((value, index) => (index === 0 ? value : value - values[index - 1]!));
}

/** The inverse. */
export function sums(values: readonly number[]): number[] {
  const all = new Array<number>(values.length);
  let sum = 0;
  // Not by map: a sum that a closure holds is a new object for every one of a million values.
  for (let index = 0; index < values.length; index++) {
    sum += values[index]!;
    all[index] = sum;
  }
  return all;
}

/** Rows that recur, in the order of their first use. */
export class Table<T> {
  readonly rows: T[] = [];
  private readonly places = new Map<string, number>();

  /** Where the row of this key stands. */
  place(key: string, row: T): number {
    const known = this.places.get(key);
    if (known !== undefined) return known;
    this.places.set(key, this.rows.length);
    return this.rows.push(row) - 1;
  }
}
