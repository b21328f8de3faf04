/** Sees what entries do to the state machines, and compares every server with the first that applied an index. */

import { kv } from "porcupine-ts";
import type { Instant, NodeId } from "../../../src/base/index.ts";
import type { Command } from "../../../src/kv/index.ts";
import type { Applied, Resumed } from "./deed.ts";
import { numberOf } from "./number.ts";
import { nowIn, type Scene } from "./scene.ts";
import { isWatched, type Watched } from "./watched.ts";

/** What the first server that applied an index made of it. */
interface First {
  readonly by: NodeId;
  readonly command: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Each session with its latest request, in the order in which they will end. */
  readonly sessions: readonly string[];
}

/** Where a request took effect, and who was the first to apply it there. */
interface Effect {
  readonly at: Instant;
  readonly by: NodeId;
  readonly index: number;
  readonly number: string;
}

/** Whoever knows what clients ask. */
interface Clients {
  /** The operation that a request stands for; null if it is not known. */
  operationOf(number: string): number | null;
}

export class MachineWitness {
  private readonly scene: Scene;
  private readonly clients: Clients;
  private readonly first: First[] = [];
  /** By key: what it became at which index. */
  private readonly values = new Map<string, { readonly index: number; readonly value: string | null }[]>();
  /** By operation, or by number where no client is known: where it took effect. */
  private readonly effects = new Map<string, Effect>();
  /** By server: the latest index that its present state has seen. */
  private readonly reached = new Map<NodeId, number>();
  /** By number of a request: the first index at which anybody applied it. */
  private readonly places = new Map<string, number>();
  /** What this server has applied in the step under way. */
  private inStep: { readonly by: NodeId; readonly numbers: string[] } = { by: "", numbers: [] };

  constructor(scene: Scene, clients: Clients) {
    this.scene = scene;
    this.clients = clients;
  }

  /** The server begins from what its disk kept. */
  started(id: NodeId): void {
    this.resumed(id, "restart");
  }

  /** The server's state was replaced by a leader's snapshot. */
  installed(id: NodeId): void {
    this.resumed(id, "install");
  }

  stepBegins(id: NodeId): void {
    this.inStep = { by: id, numbers: [] };
  }

  /** Whose entry was applied in the step under way; null if nobody's, or only this request's. */
  appliedInstead(id: NodeId, number: string): number | null {
    const other = this.inStep.by === id ? this.inStep.numbers.find((each) => each !== number) : undefined;
    return other === undefined ? null : this.clients.operationOf(other);
  }

  /** Where the request was applied; null if this server has not applied it. */
  placeOf(id: NodeId, number: string): number | null {
    const place = this.places.get(number);
    return place !== undefined && place <= (this.reached.get(id) ?? 0) ? place : null;
  }

  applying(id: NodeId, index: number, command: Command, server: Watched, apply: () => void): void {
    const operation = command.kind === "operation" ? command.operation : null;
    const key = operation?.key ?? null;
    const session = command.kind === "operation" ? command.session : null;
    const number = command.kind === "operation" ? numberOf(command.session, command.request) : "";
    const before = key === null ? null : server.peek(key);
    const remembered = session === null ? null : (server.sessions.find(session)?.request ?? null);
    const sessionsBefore = sessionsOf(server);
    if (number !== "") {
      this.inStep.numbers.push(number);
      if (!this.places.has(number)) this.places.set(number, index);
    }
    const isRepeated = index <= (this.reached.get(id) ?? 0);
    this.reached.set(id, Math.max(index, this.reached.get(id) ?? 0));
    // Answers leave with the step, but what they tell is decided here.
    apply();
    const after = key === null ? null : server.peek(key);
    const seen: First = {
      by: id,
      command: JSON.stringify(command),
      before,
      after,
      sessions: sessionsOf(server),
    };
    this.scene.deeds.push({
      kind: "applied",
      at: nowIn(this.scene),
      by: id,
      index,
      key,
      words: operation === null ? "" : kv.describe(operation, null).replace(/ -> \?$/, ""),
      session,
      request: command.kind === "operation" ? command.request : 0,
      operation: this.clients.operationOf(number),
      before,
      after,
      remembered,
      earlier: before === after ? null : this.tookEffect(id, number, index),
      isRepeated,
      difference: this.compare(index, seen, sessionsBefore),
    });
    if (key !== null && this.first[index] === seen) this.note(key, index, after);
  }

  private compare(index: number, seen: First, sessionsBefore: readonly string[]): Applied["difference"] {
    const first = this.first[index];
    if (first === undefined) {
      this.first[index] = seen;
      return null;
    }
    const from = first.by;
    if (first.command !== seen.command) return { from, in: "entry" };
    const previous = this.first[index - 1]?.sessions;
    if (previous !== undefined && previous.join() !== sessionsBefore.join()) return { from, in: "sessions" };
    if (first.before !== seen.before) return { from, in: "state" };
    return first.after === seen.after ? null : { from, in: "effect" };
  }

  /** Where it had taken effect before; null if it is the first time. */
  private tookEffect(by: NodeId, number: string, index: number): Applied["earlier"] {
    if (number === "") return null;
    const operation = this.clients.operationOf(number);
    const key = operation === null ? number : `operation ${operation}`;
    const earlier = this.effects.get(key);
    if (earlier === undefined) {
      this.effects.set(key, { at: nowIn(this.scene), by, index, number });
      return null;
    }
    if (earlier.index === index) return null;
    const { number: known, ...where } = earlier;
    return { ...where, sameNumber: known === number };
  }

  private note(key: string, index: number, value: string | null): void {
    const history = this.values.get(key) ?? [];
    this.values.set(key, history);
    if (history.at(-1)?.value !== value) history.push({ index, value });
  }

  private resumed(id: NodeId, how: Resumed["how"]): void {
    const server = this.scene.cluster.server(id);
    if (server === null || !isWatched(server)) return;
    const index = server.raft.log.snapshotIndex;
    this.reached.set(id, index);
    const at = nowIn(this.scene);
    const sessions = sessionsOf(server).length;
    this.scene.deeds.push({
      kind: "resumed",
      at,
      by: id,
      how,
      index,
      sessions,
      ...this.lackOf(server, index),
    });
  }

  private lackOf(server: Watched, index: number): Pick<Resumed, "lacks" | "key"> {
    for (const [key, history] of this.values) {
      const known = history.filter((each) => each.index <= index).at(-1);
      if (server.peek(key) !== (known?.value ?? null)) return { lacks: "values", key };
    }
    const should = index === 0 ? [] : this.first[index]?.sessions;
    const has = sessionsOf(server);
    if (should === undefined || should.join() === has.join()) return { lacks: null, key: null };
    const isSameSet = [...should].sort().join() === [...has].sort().join();
    return { lacks: isSameSet ? "order of sessions" : "sessions", key: null };
  }
}

function sessionsOf({ sessions }: Watched): readonly string[] {
  return sessions.save().map(({ session, request }) => numberOf(session, request));
}
