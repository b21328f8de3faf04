/**
 * From Jepsen's events to a history. `:ok` happened, `:info` means that nobody knows, and so does no completion at
 * all; what `:fail` says did not happen is taken out, unless it is itself an observation of the state.
 */
import type { HistoryEvent } from "../../history/history.ts";
import { type Data, nameOf } from "../edn.ts";
import type { Feed } from "../feed.ts";
import type { Hearing, Spoken } from "./dialect.ts";
import { type AnyDialect, dialectOf, guessDialect, isIndependent } from "./guess.ts";
import type { JepsenEvent } from "./spelling.ts";

export interface JepsenOptions extends Partial<Hearing> {
  /** The name of the model to read for; by default it is guessed. */
  readonly model?: string;
  /**
   * What becomes of a cas that failed for its condition and of a read of what does not exist. They tell something of
   * the state and are kept as observations by default; Knossos drops them with all that failed.
   */
  readonly refusals?: "keep" | "drop";
}

export interface JepsenHistory {
  readonly model: string;
  /** What the file says of the state before everything; undefined if nothing. */
  readonly initial: unknown;
  readonly history: HistoryEvent<unknown, unknown>[];
  /** By event, its line. */
  readonly lines: readonly number[];
}

/** Throws HistoryError, with file and line, for what no clients can have recorded. */
export function fromJepsen(
  feed: Feed,
  events: readonly JepsenEvent[],
  options: JepsenOptions,
): JepsenHistory {
  const dialect = dialectFor(feed, events, options.model);
  const translation = new Translation(feed, dialect, isIndependent(events), options);
  for (const event of events) translation.take(event);
  return { model: dialect.model, initial: initialOf(dialect, events), ...translation.finish() };
}

function dialectFor(feed: Feed, events: readonly JepsenEvent[], model: string | undefined): AnyDialect {
  const dialect = model === undefined ? guessDialect(events) : dialectOf(model);
  if (dialect !== null) return dialect;
  const calls = [...new Set(events.map(({ f }) => f))].join(", ");
  const advice = "name the model that it is about";
  return feed.refuse(
    `calls that belong to one model (${advice})`,
    calls === "" ? "none" : calls,
    events[0]?.line ?? 1,
  );
}

/**
 * Go's maps answer "" for an absent key, and so do the files of Porcupine's tests: absence is told apart only where
 * something else speaks of it.
 */
function initialOf({ model }: AnyDialect, events: readonly JepsenEvent[]): unknown {
  if (model !== "kv") return undefined;
  const speaksOfAbsence = events.some(({ f, type, value }) => {
    if (f === "get") return type === "fail" || (type === "ok" && value === null);
    return f === "delete" || (f === "cas" && Array.isArray(value) && value.includes(null));
  });
  return speaksOfAbsence ? null : "";
}

interface Open {
  readonly operation: number;
  /** Where the invocation stands among the events. */
  readonly at: number;
  readonly call: Spoken;
  readonly line: number;
}

class Translation {
  private readonly feed: Feed;
  private readonly dialect: AnyDialect;
  private readonly isIndependent: boolean;
  private readonly hearing: Hearing;
  private readonly dropsRefusals: boolean;
  private readonly history: (HistoryEvent<unknown, unknown> | null)[] = [];
  private readonly lines: number[] = [];
  /** By process, what it waits for. */
  private readonly open = new Map<number, Open>();
  private operations = 0;

  constructor(feed: Feed, dialect: AnyDialect, isIndependent: boolean, options: JepsenOptions) {
    this.feed = feed;
    this.dialect = dialect;
    this.isIndependent = isIndependent;
    this.hearing = { nilReads: options.nilReads ?? "unseen" };
    this.dropsRefusals = options.refusals === "drop";
  }

  take(event: JepsenEvent): void {
    if (event.type === "invoke") this.invoke(event);
    else this.complete(event);
  }

  finish(): Pick<JepsenHistory, "history" | "lines"> {
    const lines = this.lines.filter((_, at) => this.history[at] !== null);
    return { history: this.history.filter((event) => event !== null), lines };
  }

  private invoke(event: JepsenEvent): void {
    const { process, line } = event;
    const open = this.open.get(process);
    if (open !== undefined) {
      const expected = `a completion of what process ${process} began in line ${open.line}`;
      this.feed.refuse(expected, `a second invocation by it`, line);
    }
    if (!this.dialect.calls.includes(event.f)) {
      const expected = `${this.dialect.calls.join(", ")} as "f" of the model ${this.dialect.model}`;
      this.feed.refuse(expected, JSON.stringify(event.f), line);
    }
    const call = this.spoken(event);
    const input = this.dialect.hear(call) as object;
    const operation = this.operations++;
    this.open.set(process, { operation, at: this.history.length, call, line });
    const key = call.key === undefined ? {} : { key: nameOf(call.key) };
    const time = this.timeOf(event);
    this.push(
      { kind: "invoke", operation, client: String(process), input: { ...input, ...key }, time },
      line,
    );
  }

  private complete(event: JepsenEvent): void {
    const { process, line, type } = event;
    const open = this.open.get(process);
    if (open === undefined) {
      this.feed.refuse(`an invocation by process ${process} before this ${type}`, "none", line);
    } else {
      this.open.delete(process);
      const { operation } = open;
      const time = this.timeOf(event);
      const output = type === "info" ? null : this.outputOf(event, open.call);
      if (type === "info") this.push({ kind: "indeterminate", operation, time }, line);
      else if (type === "fail" && output === null) this.history[open.at] = null;
      else this.push({ kind: "response", operation, output, time }, line);
    }
  }

  private outputOf(event: JepsenEvent, call: Spoken): unknown {
    const completion = this.spoken(event);
    if (event.type === "ok") return this.dialect.answer(call, completion, this.hearing);
    return this.dropsRefusals ? null : this.dialect.refusal(call, completion);
  }

  private push(event: HistoryEvent<unknown, unknown>, line: number): void {
    this.history.push(event);
    this.lines.push(line);
  }

  private spoken({ f, value, key, error }: JepsenEvent): Spoken {
    if (!this.isIndependent) return { f, value, key, error };
    // A completion may carry something else in place of the pair: a reason for not knowing.
    const [name, inner] =
      Array.isArray(value) && value.length === 2 ? (value as readonly Data[]) : [undefined, value];
    return { f, value: inner ?? null, key: name, error };
  }

  /** Microseconds; where a file says nothing, no time has passed, so that nobody is told how much. */
  private timeOf({ time }: JepsenEvent): number {
    return time === null ? (this.history.at(-1)?.time ?? 0) : Math.floor(time / 1000);
  }
}
