/** The keys by which states are told apart. */

/**
 * Equal if and only if the states are: a text, or the texts of a state's parts. Parts are compared one by one, which
 * saves writing a long state down anew where a step changes little of it.
 */
export type StateKey = string | readonly string[];

/** The key as one text. */
export function keyText<State>(model: { stateKey(state: State): StateKey }, state: State): string {
  const key = model.stateKey(state);
  return typeof key === "string" ? key : JSON.stringify(key);
}

/** Numbers the parts that keys have in common, and makes of each key a short text. */
export class Keys {
  private readonly numbers = new Map<string, number>();
  private units = new Uint16Array(32);

  clear(): void {
    if (this.numbers.size > 0) this.numbers.clear();
  }

  shortened(key: StateKey): string {
    if (typeof key === "string") return key;
    const { length } = key;
    if (this.units.length < 2 * length) this.units = new Uint16Array(4 * length);
    const { units } = this;
    for (let i = 0; i < length; i++) {
      const number = this.numberOf(key[i]!);
      units[2 * i] = number;
      units[2 * i + 1] = number >>> 16;
    }
    return String.fromCharCode.apply(null, units.subarray(0, 2 * length) as unknown as number[]);
  }

  private numberOf(part: string): number {
    const known = this.numbers.get(part);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.numbers.set(part, number);
    return number;
  }
}
