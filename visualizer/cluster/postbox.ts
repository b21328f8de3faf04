/**
 * Follows every message from its sender to wherever it gets. The world's events tell of a message when it leaves, when
 * it arrives, and when the network stops it; that nobody was there to get it is told by nobody and concluded here.
 */

import { type Duration, type Instant, MILLISECOND, type NodeId } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import type { Fate, Flight } from "./film.ts";

type Draft = { -readonly [Key in keyof Flight]: Flight[Key] };

/** Where in the film something happens. */
export interface Place {
  readonly moment: number;
  readonly time: Instant;
}

/** What was sent longer ago than this has arrived, or will not. */
const LONGEST_WAY: Duration = 400 * MILLISECOND;

export class Postbox {
  private readonly flights: Draft[] = [];
  /** Not yet arrived, by message: the same one may go to several. */
  private readonly open = new Map<KvMessage, Draft[]>();
  private readonly down = new Set<NodeId>();
  /** By "server>client": of the AppendEntries that arrived there and have no answer, whether each was a heartbeat. */
  private readonly unanswered = new Map<string, boolean[]>();

  sent(from: NodeId, to: NodeId, reply: boolean, payload: KvMessage, at: Place): void {
    const heartbeat = this.isHeartbeat(from, to, payload);
    const { moment: sent, time: sentAt } = at;
    // One literal with numbers that fit every later value: engines make such objects fast, and there are many.
    const flight: Draft = {
      from,
      to,
      reply,
      payload,
      heartbeat,
      copy: false,
      sent,
      sentAt,
      fate: "open",
      ended: sent,
      endedAt: sentAt,
    };
    this.flights.push(flight);
    if (this.down.has(to)) {
      end(flight, "missed", at);
      return;
    }
    const same = this.open.get(payload);
    if (same === undefined) this.open.set(payload, [flight]);
    else same.push(flight);
  }

  /** The message that was sent last goes no further. */
  stopped(fate: "lost" | "blocked", at: Place): void {
    const flight = this.flights.at(-1);
    if (flight === undefined || flight.fate !== "open") return;
    end(flight, fate, at);
    this.forget(flight);
  }

  arrived(from: NodeId, to: NodeId, payload: KvMessage, at: Place): void {
    if (payload.kind === "appendEntries") this.await(to, from, payload.entries.length === 0);
    const flight = this.open.get(payload)?.find((each) => each.from === from && each.to === to);
    if (flight !== undefined) {
      end(flight, "arrived", at);
      this.forget(flight);
      return;
    }
    const original = this.flights.findLast((each) => each.payload === payload && each.to === to);
    if (original === undefined) return;
    const copy: Draft = { ...original, copy: true };
    end(copy, "arrived", at);
    this.flights.push(copy);
  }

  /** What was on its way to this node finds nobody. */
  crashed(id: NodeId, at: Place): void {
    this.down.add(id);
    for (const flights of [...this.open.values()]) {
      for (const flight of flights.filter(({ to }) => to === id)) {
        if (isUnwanted(flight, at)) drop(flight);
        else end(flight, "missed", at);
        this.forget(flight);
      }
    }
    for (const way of this.unanswered.keys()) if (way.startsWith(`${id}>`)) this.unanswered.delete(way);
  }

  started(id: NodeId): void {
    this.down.delete(id);
  }

  /** All flights, in the order in which they left. `until`: how many moments there were, and when the last one was. */
  end(until: Place): readonly Flight[] {
    for (const flight of this.flights) {
      if (flight.fate !== "open") continue;
      if (isUnwanted(flight, until)) drop(flight);
      else end(flight, "open", until);
    }
    return this.flights.sort((a, b) => a.sent - b.sent);
  }

  private forget(flight: Draft): void {
    const others = this.open.get(flight.payload)?.filter((each) => each !== flight) ?? [];
    if (others.length === 0) this.open.delete(flight.payload);
    else this.open.set(flight.payload, others);
  }

  private isHeartbeat(from: NodeId, to: NodeId, payload: KvMessage): boolean {
    if (payload.kind === "appendEntries") return payload.entries.length === 0;
    // Answers wait for the disk in the order in which they were given.
    if (payload.kind === "appendEntriesReply") return this.unanswered.get(`${from}>${to}`)?.shift() ?? false;
    return false;
  }

  private await(server: NodeId, leader: NodeId, heartbeat: boolean): void {
    const way = `${server}>${leader}`;
    const waiting = this.unanswered.get(way);
    if (waiting === undefined) this.unanswered.set(way, [heartbeat]);
    else waiting.push(heartbeat);
  }
}

/** The network drops an answer for which nobody waits without a word: it would have come by now. */
function isUnwanted({ reply, sentAt }: Flight, now: Place): boolean {
  return reply && sentAt < now.time - LONGEST_WAY;
}

function drop(flight: Draft): void {
  end(flight, "unwanted", { moment: flight.sent, time: flight.sentAt });
}

function end(flight: Draft, fate: Fate, { moment, time }: Place): void {
  flight.fate = fate;
  flight.ended = moment;
  flight.endedAt = time;
}
