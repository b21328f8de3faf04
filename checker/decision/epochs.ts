/**
 * Deciding a cell that is read, written and appended to, in nearly linear time.
 *
 * An *epoch* is a write, or the start, with everything up to the next write: the appends that its reads saw, and those
 * reads. Who wrote what a read saw follows from values and times (see `writers.ts`, `chains.ts`). Where that leaves
 * no choice, neither do the stages of an epoch: the write, its reads, the first append, the reads that saw it, and so
 * on. What no read saw is an epoch by itself, which an append may be too: behind the last read of whichever epoch.
 *
 * What is left to choose is the order of the epochs (Gibbons & Korach, "Testing shared memories", 1997). Let f be the
 * earliest return in an epoch and s its latest call: epoch A must come before B exactly if f(A) < s(B). In a circle of
 * such demands take the A with the least f, and the X that A follows: f(A) <= f(what X follows) < s(X), so A must come
 * before X too. So there is a circle only if two epochs demand to be before each other, and if there are none,
 * the order by min(f, s) meets all demands: let f(A) < s(B) but not f(B) < s(A), so s(A) <= f(B). Then
 * min(f(A), s(A)) <= min(f(B), s(B)), because f(A) < s(B) and s(A) <= f(B). The start comes before everything.
 *
 * So one order is as good as any: if each operation in it returns after all before it were called, it is a
 * linearization, and if not there is none.
 *
 * Pending operations return never; those that no read saw are dropped. Where reads-from leaves a choice, one is made:
 * then the order may prove the history right, but its failure says nothing. A guess never says "illegal".
 */
import type { Calls } from "../intake/calls.ts";
import { NEVER_RETURNS } from "../intake/intake.ts";
import type { Pooled } from "../intake/pool.ts";
import type { Model } from "../model/model.ts";
import { Accesses, APPEND, READ, WRITE } from "./accesses.ts";
import { Chains } from "./chains.ts";
import { Order } from "./order.ts";
import { NOBODY, START, Writers } from "./writers.ts";

export class Epochs implements Pooled {
  private readonly accesses = new Accesses();
  private readonly writers = new Writers();
  private readonly chains = new Chains();
  private readonly line = new Order();
  /** After "illegal": the position of the reply at which it went wrong, as it seems; negative if nobody knows. */
  suspect = -1;

  get words(): number {
    return this.accesses.count * 16;
  }

  clear(): void {
    this.accesses.clear();
    this.writers.clear();
    this.chains.clear();
  }

  /** The verdict on the events before the position `cut`; null if this cannot tell. */
  decide(
    calls: Calls<unknown, unknown>,
    model: Model<unknown, unknown, unknown>,
    cut = NEVER_RETURNS,
  ): "ok" | "illegal" | null {
    const { accesses, writers, chains, line } = this;
    this.suspect = -1;
    const obstacle = accesses.load(calls, model, cut);
    if (obstacle !== null) return obstacle === "never" ? "illegal" : null;
    writers.load(accesses, calls.events, calls.from, calls.to);
    line.load(accesses);
    chains.load(accesses, writers);
    const { kinds, values, count } = accesses;
    let isExact = true;
    for (let read = 0; read < count; read++) {
      if (kinds[read] !== READ) continue;
      const writer = accesses.hasAppends ? chains.baseOf(read) : writers.find(values[read]!, read);
      if (writer === NOBODY) {
        this.suspect = accesses.returnAt[read]!;
        return "illegal";
      }
      if (accesses.hasAppends ? chains.isAmbiguous : writers.isAmbiguous) isExact = false;
      if (accesses.hasAppends) chains.enter(read, writer);
      else line.read(read, writer === START ? count : writer);
    }
    if (accesses.hasAppends) {
      const outcome = chains.resolve(line);
      if (outcome === "stuck") return null;
      this.suspect = chains.suspect;
      if (outcome === "impossible") return isExact ? "illegal" : null;
      if (outcome === "guessed") isExact = false;
    }
    this.leaveUnseen();
    if (line.isLinearization()) return "ok";
    this.suspect = line.suspect;
    return isExact ? "illegal" : null;
  }

  /** The linearization after "ok", as operation numbers. */
  order(): number[] {
    return this.line.list();
  }

  /** What returned and was not seen by anybody is an epoch by itself. */
  private leaveUnseen(): void {
    const { kinds, returnAt, count } = this.accesses;
    for (let operation = 0; operation < count; operation++) {
      const kind = kinds[operation];
      if (kind !== WRITE && kind !== APPEND) continue;
      if (returnAt[operation]! < NEVER_RETURNS) this.line.addUnseen(operation);
    }
  }
}
