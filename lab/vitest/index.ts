/**
 * `expect(history).toBeLinearizable(model)` as in `porcupine-ts/vitest`, and a page: importing `linlab/vitest` registers
 * it. Where an assertion fails, the history is drawn into linlab-out/, and the message ends with the file's name. What
 * the test said meanwhile is drawn with it: `toBeLinearizable(model, { annotations: recording.annotations })`.
 */

import type { Model } from "porcupine-ts";
import { judged, type MatcherOptions } from "porcupine-ts/vitest";
import { expect } from "vitest";
import { pageBundle } from "../cli/index.ts";
import { drawInto } from "./drawing.ts";

// Once, here, so that the matcher need not be awaited: a forgotten await is a test that cannot fail.
const bundle = await pageBundle();

expect.extend({
  toBeLinearizable(history: unknown, model: Model<unknown, unknown, unknown>, options?: MatcherOptions) {
    // Without `not` it is undefined, whatever its type says.
    const isNot = this.isNot === true;
    const { result, pass, message } = judged({ history, model, options }, isNot);
    if (pass !== isNot) return { pass, message };
    const test = { file: this.testPath ?? "", name: this.currentTestName ?? "" };
    const annotations = options?.annotations ?? [];
    const page = drawInto("linlab-out", { history, model, result, annotations, test }, bundle);
    return { pass, message: () => `${message()}\n\nThe history as a page: ${page}` };
  },
});
