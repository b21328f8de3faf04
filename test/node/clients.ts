/** Clients of a network of nodes, at the same time, and the history of what they saw. */

import { setTimeout as sleep } from "node:timers/promises";
import type { KvInput, KvOutput } from "porcupine-ts";
import { Recording } from "porcupine-ts/record";
import { Random } from "../../src/base/index.ts";
import { type Body, ERROR } from "../../src/node/index.ts";
import type { Network } from "./network.ts";

const KEYS = ["x", "y", "z"];

/** Errors after which a request has not happened and never will. */
const REFUSALS: readonly unknown[] = [ERROR.temporarilyUnavailable];

export class Clients {
  readonly recording = new Recording<KvInput, KvOutput>();
  /** Answered so far. */
  answered = 0;
  private readonly network: Network;
  private isOver = false;
  private values = 0;
  private readonly working: Promise<void>[];

  constructor(network: Network, count: number) {
    this.network = network;
    this.working = Array.from({ length: count }, (_, i) => this.work(`c${i + 1}`));
  }

  /** So many more answers. */
  async answers(more: number): Promise<void> {
    const goal = this.answered + more;
    while (this.answered < goal) await sleep(5);
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.working);
  }

  /** Every key, from every node. */
  async readAll(): Promise<void> {
    for (const node of this.network.ids) {
      for (const key of KEYS) {
        // A cluster that has just come back may have no leader yet.
        while (!(await this.call("reader", node, { kind: "get", key }))) await sleep(20);
      }
    }
  }

  private async work(client: string): Promise<void> {
    const random = new Random(client);
    while (!this.isOver) {
      const { running } = this.network;
      if (running.length > 0) await this.call(client, random.pick(running), this.draw(random));
      await sleep(random.below(20));
    }
  }

  /** A cas expects one of the latest values, so some succeed. */
  private draw(random: Random): KvInput {
    const key = random.pick(KEYS);
    const value = String(++this.values);
    switch (random.below(4)) {
      case 0:
        return { kind: "put", key, value };
      case 1:
        return { kind: "get", key };
      default:
        return { kind: "cas", key, expected: String(Math.max(1, this.values - random.between(1, 6))), value };
    }
  }

  /** Returns whether it was answered. */
  private async call(client: string, node: string, input: KvInput): Promise<boolean> {
    const operation = this.recording.invoke(client, input);
    const body = await this.network.ask(client, node, bodyOf(input));
    const output = body === null ? null : outputOf(input, body);
    if (output !== null) {
      this.recording.respond(operation, output);
      this.answered++;
    } else if (body !== null && REFUSALS.includes(body.code)) {
      this.recording.fail(operation);
    } else {
      this.recording.abandon(operation);
    }
    return output !== null;
  }
}

function bodyOf(input: KvInput): Body {
  switch (input.kind) {
    case "get":
      return { type: "read", key: input.key };
    case "put":
      return { type: "write", key: input.key, value: Number(input.value) };
    case "cas":
      return { type: "cas", key: input.key, from: Number(input.expected), to: Number(input.value) };
    default:
      throw new Error(`Maelstrom has no ${input.kind}`);
  }
}

/** Null: nobody knows what came of it. */
function outputOf(input: KvInput, body: Body): KvOutput | null {
  switch (body.type) {
    case "read_ok":
      return { kind: "value", value: String(body.value) };
    case "write_ok":
      return { kind: "done" };
    case "cas_ok":
      return { kind: "swapped", swapped: true };
    default:
      if (body.code === ERROR.keyDoesNotExist && input.kind === "get") return { kind: "value", value: null };
      if (body.code === ERROR.keyDoesNotExist || body.code === ERROR.preconditionFailed)
        return { kind: "swapped", swapped: false };
      return null;
  }
}
