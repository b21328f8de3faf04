/**
 * Deciding a value with a version, in nearly linear time.
 *
 * Every version has one maker: the operation that replaced the version before it. A *stage* is a version with its
 * maker and the operations that saw it; stages come in the order of their numbers, so most of the order is given.
 * If an operation in it returned before one in front of it was called, there is no linearization.
 *
 * Which operation made a version is given too where its answer was seen. Else it is one whose answer was not, with the
 * value that was read, called before anything returned that came after, and not returned before anything was called
 * that came before. If the times leave one, it is the one.
 *
 * What is left is *loose*: refusals, and replacements that nobody knows of and nobody needs, which then found another
 * version. Each may go to any stage that its call and return leave, but to those that it rules out. Stages before what
 * returned later than its call, and after what was called before its return, form a range. Taken in call order, each
 * goes to the first stage of its range that is not before the stage of a loose one that returned before its call.
 * The first is best: whoever comes later is only kept from stages before it.
 *
 * A replacement that may have made a version beyond those that were seen would add stages. Where a loose operation
 * finds no place although one might be added, nothing is said; nor is "illegal" after a guess.
 */
import type { Calls } from "../intake/calls.ts";
import { NEVER_RETURNS, NOTHING } from "../intake/intake.ts";
import type { CellValue, Model, VersionAccess } from "../model/model.ts";
import { Stages } from "./stages.ts";

type Outcome = "ok" | "illegal" | null;

export class Versions {
  /** Nobody knows. */
  readonly suspect = -1;
  private readonly accesses: VersionAccess[] = [];
  private readonly stages = new Stages();
  private calls: Calls<unknown, unknown> | null = null;
  private cut = 0;
  private count = 0;
  /** By version: the value that reads saw, or undefined. */
  private readonly seen: (CellValue | undefined)[] = [];
  /** The highest version that was seen for certain. */
  private top = 0;
  /** By version: the operations without a seen answer that may have made it. */
  private readonly candidates = new Map<number, number[]>();
  private isGuess = false;

  clear(): void {
    if (this.calls === null) return;
    this.accesses.length = 0;
    this.seen.length = 0;
    this.candidates.clear();
    this.calls = null;
    this.stages.clear();
  }

  /** The verdict on the events before the position `cut`; null if this cannot tell. */
  decide(
    calls: Calls<unknown, unknown>,
    model: Model<unknown, unknown, unknown>,
    cut = NEVER_RETURNS,
  ): Outcome {
    this.clear();
    this.calls = calls;
    this.cut = cut;
    this.isGuess = false;
    if (!this.read(model) || !this.enter(model.initial as CellValue)) return "illegal";
    if (!this.findMakers()) return this.isGuess ? null : "illegal";
    const { stages } = this;
    if (!stages.isInOrder()) return this.isGuess ? null : "illegal";
    if (!this.placeLoose()) return this.isGuess || this.mayGrow() ? null : "illegal";
    return stages.isInOrder() ? "ok" : null;
  }

  /** The linearization after "ok", as operation numbers. */
  order(): number[] {
    return this.stages.list();
  }

  private returnOf(operation: number): number {
    const at = this.calls!.returnAt[operation]!;
    return at < this.cut ? at : NEVER_RETURNS;
  }

  /** False if an answer is impossible in every state. */
  private read(model: Model<unknown, unknown, unknown>): boolean {
    const calls = this.calls!;
    const { callAt } = calls;
    let count = 0;
    for (; count < calls.count && callAt[count]! < this.cut; count++) {
      const access = model.traits!.versions!(calls.inputOf(count), calls.outputOf(count));
      if (this.returnOf(count) < NEVER_RETURNS) {
        if (access.kind === "never") return false;
        this.accesses.push(access);
      } else this.accesses.push(pending(access));
    }
    this.count = count;
    return true;
  }

  /** Enters what is certain; false if it contradicts itself. */
  private enter(initial: CellValue): boolean {
    this.top = 0;
    for (const access of this.accesses) {
      const made =
        access.kind === "replaces" ? access.version + 1 : access.kind === "reads" ? access.version : 0;
      // Each version takes an operation that makes it.
      if (!(made >= 0 && made <= this.count) || !Number.isInteger(made)) return false;
      if (made > this.top) this.top = made;
    }
    const { stages, seen, accesses, calls } = this;
    stages.reset(this.top, calls!.callAt, (operation) => this.returnOf(operation));
    seen[0] = initial;
    for (const [operation, access] of accesses.entries()) {
      if (access.kind === "replaces") {
        if (stages.makerOf(access.version + 1) >= 0) return false;
        stages.make(access.version + 1, operation);
        if (!this.see(access.version + 1, access.value)) return false;
      } else if (access.kind === "reads") {
        stages.add(access.version, operation);
        if (access.value !== undefined && !this.see(access.version, access.value)) return false;
      } else if (access.kind === "tries") {
        const known = this.candidates.get(access.version + 1);
        if (known === undefined) this.candidates.set(access.version + 1, [operation]);
        else known.push(operation);
      }
    }
    return true;
  }

  private see(version: number, value: CellValue): boolean {
    const known = this.seen[version];
    this.seen[version] = value;
    return known === undefined || known === value;
  }

  private findMakers(): boolean {
    const { stages, seen, accesses, calls } = this;
    stages.bound();
    for (let version = 1; version <= this.top; version++) {
      if (stages.makerOf(version) >= 0) continue;
      let maker = -1;
      for (const operation of this.candidates.get(version) ?? []) {
        const { value } = accesses[operation] as { readonly value: CellValue };
        if (seen[version] !== undefined && seen[version] !== value) continue;
        if (calls!.callAt[operation]! > stages.earliestReturn(version)) continue;
        if (this.returnOf(operation) < stages.latestCall(version - 1)) continue;
        if (maker >= 0) this.isGuess = true;
        // Of several, the one that has to take effect first.
        if (maker < 0 || this.returnOf(operation) < this.returnOf(maker)) maker = operation;
      }
      if (maker < 0) return false;
      stages.make(version, maker);
    }
    stages.bound();
    return true;
  }

  /** False if one of them has no place. */
  private placeLoose(): boolean {
    const { stages, calls, count } = this;
    const { events, from, to } = calls!;
    const places = new Int32Array(count).fill(-1);
    let floor = 0;
    for (let i = from; i < to; i++) {
      const event = events[i]!;
      if (event === NOTHING) continue;
      if (event < 0) {
        if (this.returnOf(~event) < NEVER_RETURNS && places[~event]! > floor) floor = places[~event]!;
        continue;
      }
      if (event >= count) break;
      if (!this.isLoose(event)) continue;
      let place = Math.max(floor, stages.firstFor(calls!.callAt[event]!));
      const last = stages.lastFor(this.returnOf(event));
      while (place <= last && this.rulesOut(event, place)) place++;
      if (place > last) return false;
      places[event] = place;
    }
    for (let operation = 0; operation < count; operation++) {
      if (places[operation]! >= 0) stages.add(places[operation]!, operation);
    }
    return true;
  }

  private isLoose(operation: number): boolean {
    const { kind } = this.accesses[operation]!;
    if (kind === "differs") return true;
    if (this.returnOf(operation) === NEVER_RETURNS) return false;
    return kind === "nothing" || (kind === "tries" && !this.stages.isMaker(operation));
  }

  private rulesOut(operation: number, version: number): boolean {
    const access = this.accesses[operation]!;
    if (access.kind === "differs") return access.versions.includes(version);
    return access.kind === "tries" && access.version === version;
  }

  private mayGrow(): boolean {
    for (const version of this.candidates.keys()) if (version > this.top) return true;
    return false;
  }
}

/**
 * What an operation that has not returned may do. If it returns behind the cut, the answer that it will get is known:
 * an order of a beginning should not contradict it.
 */
function pending(access: VersionAccess): VersionAccess {
  if (access.kind === "tries") return access;
  return access.kind === "replaces" ? { ...access, kind: "tries" } : { kind: "nothing" };
}
