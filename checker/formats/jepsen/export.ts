/** From a history to Jepsen's: one EDN map a line, as `history.edn` of Jepsen 0.2 and later. */
import { HistoryError } from "../../history/error.ts";
import type { History, HistoryEvent } from "../../history/history.ts";
import type { Data } from "../edn.ts";
import { dialectOf } from "./guess.ts";

/**
 * The file's text. An answer that nobody saw becomes `:info`, which says less: that it may not have happened yet.
 * Reads of what is absent become `:ok` with nil: `nilReads: "absent"` reads them again.
 * Throws HistoryError if Jepsen's spelling has no words for the model.
 */
export function writeJepsen(model: string, history: History<unknown, unknown>): string {
  const dialect = dialectOf(model);
  if (dialect === null) throw new HistoryError(`no Jepsen spelling is known for the model ${model}`, null);
  const processes = new Processes();
  const open = new Map<number, { readonly input: unknown; readonly process: number }>();
  const lines = history.map((event, index) => {
    const begun = event.kind === "invoke" ? processes.begin(event) : open.get(event.operation);
    if (begun === undefined) {
      throw new HistoryError(
        `event ${index}: ${event.kind} for operation ${event.operation}, which was not invoked`,
        index,
      );
    }
    const { input, process } = begun;
    open.set(event.operation, begun);
    const { key } = input as { key?: string };
    const { f, value } = dialect.say(input);
    const line = (type: string, content: Data, error?: string) =>
      printLine({ index, time: event.time * 1000, type, process, f, key, value: content, error });
    if (event.kind === "invoke") return line("invoke", value);
    processes.end(process, event);
    if (event.kind === "indeterminate" || event.output === null) return line("info", value);
    const reply = dialect.reply(input, event.output);
    return line(reply.type ?? (reply.error === undefined ? "ok" : "fail"), reply.value, reply.error);
  });
  return lines.map((line) => `${line}\n`).join("");
}

/** Jepsen's processes do one thing at a time, and one that does not know what came of it never returns. */
class Processes {
  private readonly idle = new Map<string, number[]>();
  private readonly clients: string[] = [];

  begin({ client, input }: Extract<HistoryEvent<unknown, unknown>, { kind: "invoke" }>): {
    readonly input: unknown;
    readonly process: number;
  } {
    const process = this.idle.get(client)?.pop() ?? this.clients.push(client) - 1;
    return { input, process };
  }

  end(process: number, event: HistoryEvent<unknown, unknown>): void {
    if (event.kind !== "response" || event.output === null) return;
    const client = this.clients[process]!;
    const idle = this.idle.get(client);
    if (idle === undefined) this.idle.set(client, [process]);
    else idle.push(process);
  }
}

interface Line {
  readonly index: number;
  readonly time: number;
  readonly type: string;
  readonly process: number;
  readonly f: string;
  readonly key: string | undefined;
  readonly value: Data;
  readonly error: string | undefined;
}

function printLine({ index, time, type, process, f, key, value, error }: Line): string {
  const named = key === undefined ? "" : `, :key ${printEdn(key)}`;
  const reason = error === undefined ? "" : `, :error :${error}`;
  return `{:index ${index}, :time ${time}, :type :${type}, :process ${process}, :f :${f}${named}, :value ${f === "txn" ? printSteps(value) : printEdn(value)}${reason}}`;
}

/** The steps of a transaction begin with names of calls. */
function printSteps(steps: Data): string {
  const parts = (steps as readonly (readonly Data[])[]).map(([f, ...rest]) => {
    return `[:${f} ${rest.map(printEdn).join(" ")}]`;
  });
  return `[${parts.join(" ")}]`;
}

function printEdn(data: Data): string {
  if (data === null) return "nil";
  if (Array.isArray(data)) return `[${data.map(printEdn).join(" ")}]`;
  // Texts and numbers are written as in JSON.
  return JSON.stringify(data);
}
