/** Which 64-bit digests were met, numbered in the order of their first meeting: open addressing, 12 bytes and a bit each. */
export class Table {
  size = 0;
  private mask = 1023;
  /** Number + 1 of the digest in this slot; 0 if it is free. */
  private slots = new Int32Array(1024);
  private high = new Int32Array(512);
  private low = new Int32Array(512);

  /** The digest's number, and `size` has grown if it is new. */
  add(high: number, low: number): number {
    let at = (high ^ Math.imul(low, 0x9e3779b1)) & this.mask;
    for (;;) {
      const number = this.slots[at]! - 1;
      if (number < 0) break;
      if (this.high[number] === high && this.low[number] === low) return number;
      at = (at + 1) & this.mask;
    }
    if (this.size === this.high.length) {
      this.grow();
      return this.add(high, low);
    }
    this.high[this.size] = high;
    this.low[this.size] = low;
    this.slots[at] = this.size + 1;
    return this.size++;
  }

  private grow(): void {
    const { high, low, size } = this;
    this.high = new Int32Array(2 * size);
    this.low = new Int32Array(2 * size);
    this.slots = new Int32Array(4 * size);
    this.mask = 4 * size - 1;
    this.size = 0;
    for (let i = 0; i < size; i++) this.add(high[i]!, low[i]!);
  }
}
