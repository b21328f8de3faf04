/**
 * Sessions make retries harmless: the table remembers each one's latest request and *what it was answered*, and a
 * duplicate gets that answer (section 8 of the paper). It is part of the replicated state, so what begins and ends a
 * session must be the same everywhere: entries of the log, and nothing else (thesis, section 6.3).
 */

import { assert } from "../base/index.ts";
import type { Result } from "./operation.ts";
import type { KvSnapshot } from "./snapshot.ts";

export interface Session {
  readonly request: number;
  readonly result: Result;
}

/** To make room for a new session, another one ended. */
export interface Ending {
  readonly opened: number;
  readonly ended: number;
}

/** A session's opening counts as its request 0. */
const OPENED: Session = { request: 0, result: { kind: "done" } };

export class Sessions {
  /** The latest that this server has seen; null if none since it started. */
  lastEnding: Ending | null = null;
  private readonly limit: number;
  /** By the index of the entry that opened it, which no other session can have; the least recently used is first. */
  private readonly latest = new Map<number, Session>();

  /** At most `limit` at a time. */
  constructor(limit: number) {
    assert(limit >= 1, () => `a table of ${limit} sessions can serve nobody`);
    this.limit = limit;
  }

  /** Opens the session of the entry at this index. Where there is no room, the least recently used one ends. */
  open(session: number): void {
    if (this.latest.size >= this.limit) {
      const [ended] = this.latest.keys();
      this.latest.delete(ended!);
      this.lastEnding = { opened: session, ended: ended! };
    }
    this.latest.set(session, OPENED);
  }

  /** The session's latest applied request; null if there is no such session, or not any more. Looking is no use of it. */
  find(session: number): Session | null {
    return this.latest.get(session) ?? null;
  }

  /** A clerk has one operation in flight, so its latest answer is the only one that can still be asked for. */
  store(session: number, request: number, result: Result): void {
    // A key that is set again keeps its place, one that is set anew goes last: the most recently used.
    this.latest.delete(session);
    this.latest.set(session, { request, result });
  }

  /** The whole table, in the order in which its sessions will end. */
  save(): KvSnapshot["sessions"] {
    return Array.from(this.latest, ([session, { request, result }]) => ({ session, request, result }));
  }

  restore(sessions: KvSnapshot["sessions"]): void {
    this.latest.clear();
    for (const { session, request, result } of sessions) this.latest.set(session, { request, result });
  }
}
