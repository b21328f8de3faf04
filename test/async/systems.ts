/** A system of one async class, in which every client only watches what the class does. */

import type { AsyncSystem, Context } from "linlab/async";
import { makeSchedule, perfectConditions, type Scenario } from "linlab/lab";
import { type RegisterInput, type RegisterOutput, register } from "porcupine-ts";

export type Handle = (context: Context, request: { readonly kind: string }) => unknown;

/** `start` runs when a server is constructed; `handle` handles its requests, and answers reads with null if not said. */
export function observed(
  start: (context: Context) => unknown,
  handle: Handle = async () => ({ kind: "value", value: null }),
): AsyncSystem<RegisterInput, RegisterOutput> {
  return {
    model: register,
    operations: [() => ({ kind: "read" })],
    server: class {
      private readonly context: Context;

      constructor(context: Context) {
        this.context = context;
        void start(context);
      }

      handle(request: { readonly kind: string }) {
        return handle(this.context, request);
      }
    },
  };
}

/** Nobody asks for anything, and nothing goes wrong. */
export const quiet: Scenario<RegisterInput> = {
  seed: 1,
  conditions: perfectConditions,
  slowDisks: "none",
  schedule: makeSchedule([]),
  workload: [],
};
