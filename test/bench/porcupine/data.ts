/** Reads Porcupine's test data the way Porcupine's own tests read it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CasRegisterInput, CasRegisterOutput, HistoryEvent, KvInput, KvOutput } from "porcupine-ts";

export interface Recorded<Input, Output> {
  readonly file: string;
  readonly history: readonly HistoryEvent<Input, Output>[];
}

/** The etcd logs, of one cas-register each. */
export function etcdLogs(testData: string): Recorded<CasRegisterInput, CasRegisterOutput>[] {
  const folder = join(testData, "jepsen");
  return files(folder, ".log").map((file) => ({ file, history: etcdLog(lines(folder, file)) }));
}

/** The histories of string keys, which start as "". */
export function kvFiles(testData: string): Recorded<KvInput, KvOutput>[] {
  const folder = join(testData, "kv");
  return files(folder, ".txt").map((file) => ({ file, history: kvFile(lines(folder, file)) }));
}

function files(folder: string, ending: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .sort();
}

function lines(folder: string, file: string): string[] {
  return readFileSync(join(folder, file), "utf8").split("\n");
}

/** Numbers the operations: at most one of a process is open. */
class Numbering<Input, Output> {
  readonly history: HistoryEvent<Input, Output>[] = [];
  private readonly open = new Map<string, number>();
  private next = 0;

  invoke(client: string, input: Input): void {
    this.open.set(client, this.next);
    this.history.push({ kind: "invoke", operation: this.next++, client, input, time: this.history.length });
  }

  respond(client: string, output: Output): void {
    const operation = this.open.get(client)!;
    this.history.push({ kind: "response", operation, output, time: this.history.length });
  }
}

function etcdLog(text: readonly string[]): HistoryEvent<CasRegisterInput, CasRegisterOutput>[] {
  const numbering = new Numbering<CasRegisterInput, CasRegisterOutput>();
  for (const line of text) {
    const [, client = "", type, call, rest = ""] =
      /jepsen\.util - (\d+)\s+:(\w+)\s+:(\w+)\s+(.*)$/.exec(line) ?? [];
    const numbers = (rest.match(/\d+/g) ?? []).map(Number);
    if (type === "invoke") {
      if (call === "read") numbering.invoke(client, { kind: "read" });
      else if (call === "write") numbering.invoke(client, { kind: "write", value: numbers[0]! });
      else numbering.invoke(client, { kind: "cas", from: numbers[0]!, to: numbers[1]! });
    } else if (type === "ok" || (type === "fail" && call === "cas")) {
      if (call === "read")
        numbering.respond(client, { kind: "value", value: rest === "nil" ? null : numbers[0]! });
      else if (call === "write") numbering.respond(client, { kind: "done" });
      else numbering.respond(client, { kind: "swapped", swapped: type === "ok" });
    }
  }
  return numbering.history;
}

function kvFile(text: readonly string[]): HistoryEvent<KvInput, KvOutput>[] {
  const numbering = new Numbering<KvInput, KvOutput>();
  for (const line of text) {
    const [, client = "", type, call, key = "", value = ""] =
      /:process (\d+), :type :(\w+), :f :(\w+), :key "(.*)", :value (?:nil|"(.*)")}/.exec(line) ?? [];
    if (type === "invoke") {
      if (call === "get") numbering.invoke(client, { kind: "get", key });
      else numbering.invoke(client, { kind: call === "put" ? "put" : "append", key, value });
    } else if (type === "ok")
      numbering.respond(client, call === "get" ? { kind: "value", value } : { kind: "done" });
  }
  return numbering.history;
}
