/** Keeps the messages that belong to a few operations, and what the servers were like when they answered them. */

import type { NodeId } from "../../../src/base/index.ts";
import type { Command, KvMessage } from "../../../src/kv/index.ts";
import type { AppendEntries } from "../../../src/raft/index.ts";
import type { TraceEvent } from "../../sim/index.ts";
import type { ServerStatus } from "../status.ts";
import type { SeenMessage, SeenServer, ServerAnswer } from "../why.ts";
import { numberOf } from "./number.ts";
import type { Scene } from "./scene.ts";
import { isWatched } from "./watched.ts";

/** The operations that are asked about. */
export interface Focus {
  readonly operations: ReadonlySet<number>;
  /** The key that they are about; null if there is none. */
  readonly key: string | null;
}

type Letter = { -readonly [Field in keyof SeenMessage]: SeenMessage[Field] };

type Answer = { -readonly [Field in keyof ServerAnswer]: ServerAnswer[Field] };

/** A client that is turned away asks again and again: of each kind and operation, so many tell enough beside what had an effect. */
const MOST_OF_A_KIND = 12;

export class Letters {
  private readonly scene: Scene;
  private readonly focus: Focus;
  private readonly operationOf: (message: KvMessage | string) => number | null;
  private readonly letters: Letter[] = [];
  /** By result. */
  private readonly given = new Map<unknown, Answer>();
  /** By message: on its way. */
  private readonly underWay = new Map<unknown, Letter[]>();
  /** By follower and leader: the operations whose entries came, with the index that acknowledges them. */
  private readonly owed = new Map<string, Map<number, number>>();

  /** `operationOf` knows results on their way, and requests by their numbers. */
  constructor(scene: Scene, focus: Focus, operationOf: (message: KvMessage | string) => number | null) {
    this.scene = scene;
    this.focus = focus;
    this.operationOf = operationOf;
  }

  get messages(): readonly SeenMessage[] {
    const told = new Map<string, number>();
    return this.letters.filter(({ kind, operation, entry }) => {
      const name = `${kind} ${operation}`;
      const count = (told.get(name) ?? 0) + 1;
      told.set(name, count);
      return entry !== undefined || count <= MOST_OF_A_KIND || kind === "answer";
    });
  }

  get answers(): readonly ServerAnswer[] {
    return [...this.given.values()];
  }

  hear({ kind, from, to, payload }: TraceEvent): void {
    if (this.focus.operations.size === 0) return;
    if (kind === "request" || kind === "reply") this.sent(from, to, payload as KvMessage);
    else if (kind === "deliver") this.delivered(from, to, payload as KvMessage);
  }

  /** The client goes on with this result. */
  taken(result: KvMessage): void {
    const answer = this.given.get(result);
    if (answer !== undefined) answer.isTaken = true;
  }

  /** The server has put the request into its log. */
  became(request: unknown, server: NodeId, entry: number): void {
    for (const letter of this.underWay.get(request) ?? []) {
      if (letter.to === server) letter.entry ??= entry;
    }
  }

  /** All servers as they are now. */
  servers(): readonly SeenServer[] {
    return this.scene.cluster.serverIds.map((id) => this.see(id));
  }

  private sent(from: NodeId, to: NodeId, message: KvMessage): void {
    switch (message.kind) {
      case "clerkRequest":
        this.write(
          "request",
          this.operationOf(numberOf(message.session, message.request)),
          from,
          to,
          message,
        );
        break;
      case "result": {
        const operation = this.operationOf(message);
        if (!this.write("answer", operation, from, to, message)) break;
        const at = this.scene.cluster.world.now;
        const servers = this.servers();
        this.given.set(message, { operation: operation!, server: from, at, isTaken: false, servers });
        break;
      }
      case "appendEntries":
        for (const { operation } of this.carriedBy(message)) {
          const isFirst = !this.letters.some((each) => isAppend(each, operation, from, to));
          if (isFirst) this.write("append", operation, from, to, message);
        }
        break;
      case "appendEntriesReply":
        if (message.success) this.acknowledged(from, to, message, message.matchIndex);
        break;
      default:
    }
  }

  private delivered(from: NodeId, to: NodeId, message: KvMessage): void {
    for (const letter of this.underWay.get(message) ?? []) {
      if (letter.to === to) letter.received ??= this.scene.cluster.world.now;
    }
    if (message.kind !== "appendEntries") return;
    for (const { operation, index } of this.carriedBy(message)) {
      const link = `${to} ${from}`;
      const owed = this.owed.get(link) ?? new Map<number, number>();
      this.owed.set(link, owed);
      if (!owed.has(operation)) owed.set(operation, index);
    }
  }

  private acknowledged(from: NodeId, to: NodeId, message: KvMessage, matchIndex: number): void {
    const owed = this.owed.get(`${from} ${to}`);
    for (const [operation, index] of owed ?? []) {
      if (index > matchIndex || index < 0) continue;
      // Once is enough; what comes later acknowledges it again and again.
      owed!.set(operation, -1);
      this.write("acknowledge", operation, from, to, message);
    }
  }

  private carriedBy({ prevLogIndex, entries }: AppendEntries): readonly {
    readonly operation: number;
    readonly index: number;
  }[] {
    return entries.flatMap((entry, i) => {
      const command = entry.command as Command;
      if (command.kind !== "operation") return [];
      const operation = this.operationOf(numberOf(command.session, command.request));
      if (operation === null || !this.focus.operations.has(operation)) return [];
      return [{ operation, index: prevLogIndex + 1 + i }];
    });
  }

  private write(
    kind: SeenMessage["kind"],
    operation: number | null,
    from: NodeId,
    to: NodeId,
    message: KvMessage,
  ): boolean {
    if (operation === null || !this.focus.operations.has(operation)) return false;
    const sent = this.scene.cluster.world.now;
    const letter: Letter = { kind, operation, from, to, sent, received: null };
    this.letters.push(letter);
    this.underWay.set(message, [...(this.underWay.get(message) ?? []), letter]);
    return true;
  }

  private see(id: NodeId): SeenServer {
    const { cluster } = this.scene;
    const server = cluster.server(id);
    const { key } = this.focus;
    const onDisk = cluster.world.image(id).log.lastIndex;
    if (server === null) {
      const { currentTerm: term, votedFor, log } = cluster.world.image(id);
      const { snapshotIndex: known, lastIndex, lastTerm } = log;
      return {
        id,
        status: "crashed",
        term,
        commitIndex: known,
        lastApplied: known,
        lastIndex,
        lastTerm,
        onDisk,
        votedFor,
        value: null,
      };
    }
    const { role, currentTerm: term, commitIndex, lastApplied, log, votedFor } = server.raft;
    const status: ServerStatus = cluster.world.condition(id) === "paused" ? "paused" : role;
    const { lastIndex, lastTerm } = log;
    const value = key === null || !isWatched(server) ? null : server.peek(key);
    return { id, status, term, commitIndex, lastApplied, lastIndex, lastTerm, onDisk, votedFor, value };
  }
}

function isAppend(letter: SeenMessage, operation: number, from: NodeId, to: NodeId): boolean {
  return (
    letter.kind === "append" && letter.operation === operation && letter.from === from && letter.to === to
  );
}
