/** The decisions in linear time, or nearly: for which histories there is one, and what their verdicts rest on. */
import type { Calls } from "../calls.ts";
import type { Model } from "../model.ts";
import type { Pooled } from "../pool.ts";
import { Epochs } from "./epochs.ts";
import { Sequence } from "./sequence.ts";
import { Versions } from "./versions.ts";

type AnyCalls = Calls<unknown, unknown>;
type AnyModel = Model<unknown, unknown, unknown>;

export type Decision = "sequence" | "epochs" | "versions";

export class Decisions implements Pooled {
  private readonly algorithms = { sequence: new Sequence(), epochs: new Epochs(), versions: new Versions() };

  get words(): number {
    return this.algorithms.epochs.words;
  }

  clear(): void {
    this.algorithms.epochs.clear();
    this.algorithms.versions.clear();
  }

  /** The algorithm that takes these operations of this model; null if none does. */
  algorithmFor(calls: AnyCalls, model: AnyModel): Decision | null {
    if (Sequence.takes(calls)) return "sequence";
    if (model.traits?.cell !== undefined) return "epochs";
    return model.traits?.versions === undefined ? null : "versions";
  }

  /** The verdict; null if it takes a search. */
  decide(algorithm: Decision, calls: AnyCalls, model: AnyModel): "ok" | "illegal" | null {
    return this.algorithms[algorithm].decide(calls, model);
  }

  /** After "ok": the linearization, as operation numbers. */
  linearization(algorithm: Decision): number[] {
    return this.algorithms[algorithm].order();
  }

  /**
   * After "illegal": a linearization of the longest beginning of the history that has one. Beginnings of what can be
   * explained can be explained, so the length can be found by halving.
   */
  longestPartial(algorithm: Decision, calls: AnyCalls, model: AnyModel): number[] {
    const judge = this.algorithms[algorithm];
    let good = 0;
    let bad = calls.history.length;
    while (bad - good > 1) {
      const middle = (good + bad) >>> 1;
      if (judge.decide(calls, model, middle) === "ok") good = middle;
      else bad = middle;
    }
    return judge.decide(calls, model, good) === "ok" ? judge.order() : [];
  }
}
