/**
 * A few different things, in the order of their first appearance: found by looking at all of them. Emptying keeps the
 * memory, which an array with its length set to 0 gives away and asks for again.
 */
export class Few<Item> {
  length = 0;
  private readonly items: Item[] = [];

  get(place: number): Item {
    return this.items[place]!;
  }

  note(item: Item): void {
    for (let i = 0; i < this.length; i++) if (this.items[i] === item) return;
    this.items[this.length++] = item;
  }

  empty(): void {
    this.length = 0;
  }

  /** Keeps nothing alive. */
  clear(): void {
    this.length = 0;
    this.items.length = 0;
  }
}
