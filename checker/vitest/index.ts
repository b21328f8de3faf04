/**
 * `expect(history).toBeLinearizable(model)` for vitest: importing `porcupine-ts/vitest` registers it. A test that fails
 * says why in the explanation's words. An undecided check fails as well, and `.not` does not make it pass: nobody
 * knows, so the test has shown nothing.
 */
import { expect } from "vitest";
import type { Annotation, CheckOptions, Model } from "../index.ts";
import { type Asked, type Judged, judged } from "./judged.ts";

export { type Asked, type Judged, judged };

/** Annotations are for those who draw what a test complains about; no verdict depends on them. */
export interface MatcherOptions extends CheckOptions {
  readonly annotations?: readonly Annotation[];
}

declare module "vitest" {
  interface Matchers<T> {
    /**
     * The value is a history, as `check` takes it, and some order of its operations explains every answer. Options
     * are those of `check`. Throws HistoryError if the history could not have been recorded.
     */
    toBeLinearizable<State, Input, Output>(
      model: Model<State, Input, Output>,
      options?: MatcherOptions,
    ): void;
  }
}

expect.extend({
  toBeLinearizable(history: unknown, model: Model<unknown, unknown, unknown>, options?: MatcherOptions) {
    // Without `not` it is undefined, whatever its type says.
    const { pass, message } = judged({ history, model, options }, this.isNot === true);
    return { pass, message };
  },
});
