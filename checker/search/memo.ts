/**
 * Remembered steps as (state, class + 1, result), each at the one place that its hash gives it, where a newer one
 * replaces it: forgetting costs a call of the model and bounds the memory, which all pairs would not.
 */

const ENTRY = 3;
const FEWEST_ENTRIES = 256;
const MOST_ENTRIES = 65_536;

export class StepMemo {
  static readonly MISSING = -2;
  private words = new Int32Array(FEWEST_ENTRIES * ENTRY);
  private misses = 0;

  clear(): void {
    if (this.misses > 0) this.words.fill(0);
    this.misses = 0;
  }

  get(state: number, classId: number): number {
    const at = this.placeOf(state, classId);
    const { words } = this;
    return words[at] === state && words[at + 1] === classId + 1 ? words[at + 2]! : StepMemo.MISSING;
  }

  set(state: number, classId: number, result: number): void {
    if (++this.misses * ENTRY > this.words.length && this.words.length < MOST_ENTRIES * ENTRY) this.grow();
    const at = this.placeOf(state, classId);
    this.words[at] = state;
    this.words[at + 1] = classId + 1;
    this.words[at + 2] = result;
  }

  /** What it held is forgotten. */
  private grow(): void {
    this.words = new Int32Array(this.words.length * 8);
    this.misses = 1;
  }

  private placeOf(state: number, classId: number): number {
    const hash = Math.imul(state, 0x9e3779b1) ^ Math.imul(classId, 0x85ebca6b);
    return ((hash ^ (hash >>> 15)) & (this.words.length / ENTRY - 1)) * ENTRY;
  }
}
