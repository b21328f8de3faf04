/**
 * The recorder: turns what clients tell into the history. The history's order is the world's event sequence; no
 * node's clock ever orders it. An operation ends in a response, or its outcome is unknown: "failed" cannot be said.
 */

import type { History, HistoryEvent } from "porcupine-ts";
import { assert, type Instant, type NodeId } from "../../src/base/index.ts";
import type { Operation, Result } from "../../src/kv/index.ts";
import type { Notice } from "./caller.ts";

export type KvHistory = History<Operation, Result>;

/** Of the KV store's clients, if not said. */
export class Recorder<Asked = Operation, Answered = Result> {
  private readonly events: HistoryEvent<Asked, Answered>[] = [];
  /** The operation that each client waits for, and since when. */
  private readonly open = new Map<NodeId, { readonly operation: number; readonly since: Instant }>();
  /** Whether each client that has asked has had an answer. */
  private readonly asked = new Map<NodeId, boolean>();
  private invoked = 0;
  private responses = 0;

  get history(): History<Asked, Answered> {
    return this.events;
  }

  /** How many operations have begun. */
  get operations(): number {
    return this.invoked;
  }

  /** How many operations somebody waits for now. */
  get outstanding(): number {
    return this.open.size;
  }

  /** The clients that wait. */
  get waiting(): readonly NodeId[] {
    return [...this.open.keys()];
  }

  /** Since when a client waits for its operation; null if it does not. */
  waitingSince(client: NodeId): Instant | null {
    return this.open.get(client)?.since ?? null;
  }

  /** Whether this client has ever had an answer; null if it has never asked. */
  hadAnswer(client: NodeId): boolean | null {
    return this.asked.get(client) ?? null;
  }

  /** Operations that were answered. */
  get acknowledged(): number {
    return this.responses;
  }

  record(time: Instant, client: NodeId, notice: Notice<Asked, Answered>): void {
    switch (notice.kind) {
      case "invoke": {
        assert(
          !this.open.has(client),
          () => `${client} has operation ${this.open.get(client)?.operation} open already`,
        );
        const operation = this.invoked++;
        this.open.set(client, { operation, since: time });
        if (!this.asked.has(client)) this.asked.set(client, false);
        this.events.push({ kind: "invoke", operation, client, input: notice.operation, time });
        break;
      }
      case "response":
        this.responses++;
        this.asked.set(client, true);
        this.events.push({ kind: "response", operation: this.close(client), output: notice.result, time });
        break;
      case "indeterminate":
        this.events.push({ kind: "indeterminate", operation: this.close(client), time });
        break;
    }
  }

  /** A client that crashes forgets what it asked; nobody will ever know the outcome. */
  crashed(time: Instant, client: NodeId): void {
    if (this.open.has(client)) this.record(time, client, { kind: "indeterminate" });
  }

  private close(client: NodeId): number {
    const open = this.open.get(client);
    assert(open !== undefined, () => `${client} got an answer but has no operation open`);
    this.open.delete(client);
    return open.operation;
  }
}
