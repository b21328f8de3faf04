/**
 * Recording what the callers of any asynchronous client see, as a history: `porcupine-ts/record`.
 *
 * A call that throws may have happened all the same, so its outcome is unknown: unless the author knows that it
 * failed, and says so, nothing may be concluded from an error. This stands apart from the checker, which is synchronous.
 */
import { type Annotation, type AnnotationInput, annotationOf, type HistoryEvent } from "../index.ts";

export interface RecordOptions<Input, Output> {
  /** Where the events go, of all clients of one system; made by `new Recording()`. */
  readonly recording: Recording<Input, Output>;
  /** This client's name in the history. */
  readonly client: string;
  /** The call as the model has it; null leaves the call out of the history. It must stay as it is. */
  input(method: string, args: readonly unknown[]): Input | null;
  /** The answer as the model has it; null if the result tells nothing but that it happened. */
  output(input: Input, result: unknown): Output | null;
  /**
   * Whether an error proves that the call had no effect and never will: it was refused before it was sent, say. A
   * timeout or a lost connection proves nothing. By default nothing does.
   */
  failed?(error: unknown, input: Input): boolean;
}

/** What several recorded clients of one system saw, in the order in which it happened in this process. */
export class Recording<Input, Output> {
  private readonly events: HistoryEvent<Input, Output>[] = [];
  private readonly failures = new Set<number>();
  private readonly notes: Annotation[] = [];
  private readonly now: () => number;
  private operations = 0;

  /** The clock is for display only and gives microseconds. */
  constructor(now: () => number = () => Date.now() * 1000) {
    this.now = now;
  }

  /** Everything so far, without what failed. Calls that are under way are pending. */
  get history(): readonly HistoryEvent<Input, Output>[] {
    return this.events.filter(({ operation }) => !this.failures.has(operation));
  }

  /** What was said about it so far. A history file carries them as `annotations` in its first line. */
  get annotations(): readonly Annotation[] {
    return this.notes;
  }

  /**
   * Says something about the run where whoever looks at it will see it: about now, about the instant `at`, or about
   * the stretch `from` ... `until`, by the recording's clock.
   */
  annotate(annotation: AnnotationInput): void {
    this.notes.push(annotationOf(annotation, this.now));
  }

  /** A call begins; its number. */
  invoke(client: string, input: Input): number {
    const operation = this.operations++;
    this.events.push({ kind: "invoke", operation, client, input, time: this.now() });
    return operation;
  }

  respond(operation: number, output: Output | null): void {
    // Null: it took effect by now, and the answer says nothing.
    this.events.push({ kind: "response", operation, output: output as Output, time: this.now() });
  }

  /** Nobody will know what came of it. */
  abandon(operation: number): void {
    this.events.push({ kind: "indeterminate", operation, time: this.now() });
  }

  /** It had no effect and never will have. */
  fail(operation: number): void {
    this.failures.add(operation);
  }
}

/**
 * The same client, whose calls are recorded. What its methods return and throw reaches the caller unchanged, but
 * always as a promise.
 */
export function record<Client extends object, Input, Output>(
  client: Client,
  options: RecordOptions<Input, Output>,
): Client {
  return new Proxy(client, {
    get(target, name) {
      // With the client itself as `this`, so that private fields work, and its own calls are not recorded.
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function" || typeof name !== "string") return member;
      return (...args: unknown[]) => call(() => Reflect.apply(member, target, args), name, args, options);
    },
  });
}

function call<Input, Output>(
  run: () => unknown,
  method: string,
  args: readonly unknown[],
  options: RecordOptions<Input, Output>,
): unknown {
  const input = options.input(method, args);
  return input === null ? run() : watch(run, input, options);
}

async function watch<Input, Output>(
  run: () => unknown,
  input: Input,
  { recording, client, output, failed }: RecordOptions<Input, Output>,
): Promise<unknown> {
  const operation = recording.invoke(client, input);
  let result: unknown;
  try {
    result = await run();
  } catch (error) {
    if (failed?.(error, input) === true) recording.fail(operation);
    else recording.abandon(operation);
    throw error;
  }
  recording.respond(operation, output(input, result));
  return result;
}
