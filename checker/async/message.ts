/** What callers and workers tell each other: plain data, because functions do not travel. */
import type { CheckOptions, HistoryEvent, ObjectResult } from "../index.ts";

/** Where a worker imports a model from. */
export interface ModelSource {
  /** Its module's absolute URL, such as `new URL("./model.js", import.meta.url).href`. */
  readonly module: string;
  /** The name under which the module exports it. */
  readonly name: string;
}

/** Some objects of one history, to be checked one after the other. */
export interface Task {
  readonly batch: number;
  /** A model's name, if the worker knows it by that. */
  readonly model: string | ModelSource;
  /** Each object's subhistory. */
  readonly objects: readonly (readonly HistoryEvent<unknown, unknown>[])[];
  readonly options: Pick<CheckOptions, "budget" | "memory" | "optimisations">;
  /** Whether to say now and then how it goes. */
  readonly isTold: boolean;
}

export type Answer =
  /** Configurations explored for the batch so far. */
  | { readonly kind: "progress"; readonly batch: number; readonly steps: number }
  | { readonly kind: "checked"; readonly batch: number; readonly results: readonly ObjectResult[] }
  | { readonly kind: "failed"; readonly message: string; readonly stack: string };
