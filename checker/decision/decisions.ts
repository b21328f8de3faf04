/** The nearly linear decisions: for which models there is one, and what their verdicts rest on. */
import type { Calls } from "../calls.ts";
import type { Model } from "../model.ts";
import type { Pooled } from "../pool.ts";
import { Epochs } from "./epochs.ts";

type AnyCalls = Calls<unknown, unknown>;
type AnyModel = Model<unknown, unknown, unknown>;

export class Decisions implements Pooled {
  private readonly epochs = new Epochs();

  get words(): number {
    return this.epochs.words;
  }

  clear(): void {
    this.epochs.clear();
  }

  /** The algorithm that takes this model; null if none does. */
  algorithmFor(model: AnyModel): "epochs" | null {
    return model.traits?.cell === undefined ? null : "epochs";
  }

  /** The verdict; null if it takes a search. The model must be one that an algorithm takes. */
  decide(calls: AnyCalls, model: AnyModel): "ok" | "illegal" | null {
    return this.epochs.decide(calls, model);
  }

  /** After "ok": the linearization, as operation numbers. */
  linearization(): number[] {
    return this.epochs.order();
  }

  /**
   * After "illegal": a linearization of the longest beginning of the history that has one. Beginnings of what can be
   * explained can be explained, so the length can be found by halving.
   */
  longestPartial(calls: AnyCalls, model: AnyModel): number[] {
    let good = 0;
    let bad = calls.history.length;
    while (bad - good > 1) {
      const middle = (good + bad) >>> 1;
      if (this.epochs.decide(calls, model, middle) === "ok") good = middle;
      else bad = middle;
    }
    return this.epochs.decide(calls, model, good) === "ok" ? this.epochs.order() : [];
  }
}
