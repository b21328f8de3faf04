/** The decisions in linear time, or nearly: for which histories there is one, and what their verdicts rest on. */
import type { Calls } from "../intake/calls.ts";
import type { Pooled } from "../intake/pool.ts";
import type { Model } from "../model/model.ts";
import { Epochs } from "./epochs.ts";
import { Sequence } from "./sequence.ts";
import { Versions } from "./versions.ts";

type AnyCalls = Calls<unknown, unknown>;
type AnyModel = Model<unknown, unknown, unknown>;

export type Decision = "sequence" | "epochs" | "versions";

/** Places of failure that are asked about before the halving begins. */
const MOST_TIPS = 8;

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
   * explained can be explained, so the length can be found by halving. But where a decision failed is most often
   * where the beginning ends: that is asked first.
   */
  longestPartial(algorithm: Decision, calls: AnyCalls, model: AnyModel): number[] {
    const judge = this.algorithms[algorithm];
    let asked = -1;
    const isGood = (length: number): boolean => {
      asked = length;
      return judge.decide(calls, model, length) === "ok";
    };
    let good = 0;
    let bad = calls.history.length;
    if (isGood(bad)) return judge.order();
    for (let tips = MOST_TIPS; bad - good > 1; tips--) {
      // The reply at that position, and what came before it; then without that reply.
      const tip = Math.min(judge.suspect + 1, bad - 1);
      const middle = tips > 0 && tip > good ? tip : (good + bad) >>> 1;
      if (isGood(middle)) good = middle;
      else bad = middle;
    }
    return asked === good || isGood(good) ? judge.order() : [];
  }
}
