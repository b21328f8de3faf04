/**
 * Judging a history while it happens: every event is told as it comes, and the first reply that no order explains is
 * known when it arrives. Linearizability is prefix-closed, so that verdict is final.
 *
 * What is kept are the configurations in which the system may be now, per object, and nothing of the past (Wing &
 * Gong, 1993, going forward; Lowe, 2017: an operation is linearized no sooner than some reply needs it).
 */
import { HistoryError } from "../history/error.ts";
import type { HistoryEvent } from "../history/history.ts";
import type { Model } from "../model/model.ts";
import type { Verdict } from "../verdict.ts";
import { LiveObject } from "./live.ts";

export interface IncrementalOptions {
  /**
   * Configurations of one object that are explored for one reply, and kept after it, at most; 20,000 by default.
   * Where more are needed the object is unknown from then on. It is no total: a monitor may run for ever.
   */
  readonly budget?: number;
}

/** The reply that no order explains. */
export interface Impossible {
  /** Position of the reply among all events, from 0. */
  readonly event: number;
  readonly operation: number;
  readonly object: string;
}

const DEFAULT_BUDGET = 20_000;

/**
 * Takes the events of one history, in order. The model's answers must not decide about effects (`modelLaws` tells):
 * an operation may have to take effect before its answer is known.
 */
export class IncrementalChecker<State, Input, Output> {
  private readonly model: Model<State, Input, Output>;
  private readonly budget: number;
  private readonly objects = new Map<string, LiveObject<State, Input, Output>>();
  /** By operation in flight: its object. Finished ones are forgotten, whatever the number of events. */
  private readonly open = new Map<number, string>();
  private readonly abandoned = new Set<number>();
  private isUnknown = false;
  private events = 0;
  private found: Impossible | null = null;

  constructor(model: Model<State, Input, Output>, options: IncrementalOptions = {}) {
    this.model = model;
    this.budget = options.budget ?? DEFAULT_BUDGET;
  }

  /** Of all events so far: as `check` would say, but unknown only where a budget ended. */
  get verdict(): Verdict {
    if (this.found !== null) return "illegal";
    return this.isUnknown ? "unknown" : "ok";
  }

  /** What made it illegal; null if it is not. */
  get impossible(): Impossible | null {
    return this.found;
  }

  /** Configurations that are kept now, over all objects. */
  get live(): number {
    let live = 0;
    for (const object of this.objects.values()) live += object.live;
    return live;
  }

  /** The verdict of everything up to this event. Throws HistoryError if it cannot have been recorded. */
  push(event: HistoryEvent<Input, Output>): Verdict {
    const at = this.events++;
    if (event.kind === "invoke") {
      if (this.open.has(event.operation)) {
        refuse(
          at,
          `operation ${event.operation} is invoked again; give every call an id of its own, a retry too`,
        );
      }
      const object = this.model.objectOf(event.input);
      this.open.set(event.operation, object);
      this.objectNamed(object).invoke(event.operation, event.input);
      return this.verdict;
    }
    const object = this.open.get(event.operation);
    if (object === undefined || this.abandoned.has(event.operation)) {
      const what =
        object === undefined ? "which was not invoked before, or has returned" : "which was given up before";
      refuse(
        at,
        `${event.kind} for operation ${event.operation}, ${what}; record one outcome for each operation`,
      );
    }
    const live = this.objects.get(object)!;
    if (event.kind === "indeterminate") {
      live.abandon(event.operation);
      this.abandoned.add(event.operation);
      return this.verdict;
    }
    this.open.delete(event.operation);
    const verdict = live.respond(event.operation, event.output);
    if (verdict === "illegal" && this.found === null) {
      this.found = { event: at, operation: event.operation, object };
    }
    if (verdict === "unknown") this.isUnknown = true;
    return this.verdict;
  }

  private objectNamed(name: string): LiveObject<State, Input, Output> {
    let object = this.objects.get(name);
    if (object === undefined) {
      object = new LiveObject(this.model, this.budget);
      this.objects.set(name, object);
    }
    return object;
  }
}

function refuse(at: number, message: string): never {
  throw new HistoryError(`event ${at}: ${message}`, at);
}
