/** The stages of a value with a version, and what times say about them: see `versions.ts`. */

const NONE = -1;

export class Stages {
  private top = 0;
  private callAt: Int32Array = new Int32Array(0);
  private returnOf: (operation: number) => number = () => 0;
  private readonly makers: number[] = [];
  private readonly members: number[][] = [];
  /** By version: the earliest return from its stage on, and the latest call up to it. */
  private readonly returns: number[] = [];
  private readonly calls: number[] = [];
  private readonly making = new Set<number>();

  clear(): void {
    this.makers.length = 0;
    this.members.length = 0;
    this.making.clear();
  }

  /** Versions from 0 to `top`, with nothing in their stages. */
  reset(top: number, callAt: Int32Array, returnOf: (operation: number) => number): void {
    this.clear();
    this.top = top;
    this.callAt = callAt;
    this.returnOf = returnOf;
    for (let version = 0; version <= top; version++) {
      this.makers.push(NONE);
      this.members.push([]);
    }
  }

  /** Negative if it is not known. */
  makerOf(version: number): number {
    return this.makers[version]!;
  }

  make(version: number, operation: number): void {
    this.makers[version] = operation;
    this.making.add(operation);
  }

  isMaker(operation: number): boolean {
    return this.making.has(operation);
  }

  add(version: number, operation: number): void {
    this.members[version]!.push(operation);
  }

  /** Works out the bounds, from what is in the stages now. */
  bound(): void {
    const { returns, calls, top } = this;
    let latest = -1;
    for (let version = 0; version <= top; version++) {
      for (const operation of this.stage(version)) latest = Math.max(latest, this.callAt[operation]!);
      calls[version] = latest;
    }
    let earliest = Number.POSITIVE_INFINITY;
    returns[top + 1] = earliest;
    for (let version = top; version >= 0; version--) {
      for (const operation of this.stage(version)) earliest = Math.min(earliest, this.returnOf(operation));
      returns[version] = earliest;
    }
  }

  earliestReturn(version: number): number {
    return this.returns[version]!;
  }

  latestCall(version: number): number {
    return this.calls[version]!;
  }

  /** The first version that what is called then may see: of all later ones nothing has returned. */
  firstFor(call: number): number {
    let low = 0;
    let high = this.top;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.returns[middle + 1]! > call) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The last version that what returns then may see: its maker, and all of earlier versions, have been called. */
  lastFor(end: number): number {
    let low = 0;
    let high = this.top;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      const isCalled = this.calls[middle - 1]! < end && this.callAt[this.makers[middle]!]! < end;
      if (isCalled) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Whether each operation returned after all before it were called. */
  isInOrder(): boolean {
    let latest = -1;
    for (const operation of this.list()) {
      if (this.returnOf(operation) < latest) return false;
      latest = Math.max(latest, this.callAt[operation]!);
    }
    return true;
  }

  list(): number[] {
    const order: number[] = [];
    for (let version = 0; version <= this.top; version++) {
      const maker = this.makers[version]!;
      if (maker !== NONE) order.push(maker);
      for (const operation of this.members[version]!.sort((a, b) => a - b)) order.push(operation);
    }
    return order;
  }

  private stage(version: number): readonly number[] {
    const maker = this.makers[version]!;
    return maker === NONE ? this.members[version]! : [maker, ...this.members[version]!];
  }
}
