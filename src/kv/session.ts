/**
 * Sessions make retries harmless: the table remembers each client's latest request and *what it was answered*, and a
 * duplicate gets that answer (section 8 of the paper; thesis, section 6.3). It is part of the replicated state.
 */

import type { Result } from "./operation.ts";
import type { KvSnapshot } from "./snapshot.ts";

export interface Session {
  readonly request: number;
  readonly result: Result;
}

export class Sessions {
  private readonly latest = new Map<string, Session>();

  /** The client's latest applied request; null if it never had one. */
  find(client: string): Session | null {
    return this.latest.get(client) ?? null;
  }

  /** A client has one operation in flight, so its latest answer is the only one that can still be asked for. */
  store(client: string, request: number, result: Result): void {
    this.latest.set(client, { request, result });
  }

  /** The whole table. */
  save(): KvSnapshot["sessions"] {
    return Array.from(this.latest, ([client, { request, result }]) => ({ client, request, result }));
  }

  restore(sessions: KvSnapshot["sessions"]): void {
    this.latest.clear();
    for (const { client, request, result } of sessions) this.latest.set(client, { request, result });
  }
}
