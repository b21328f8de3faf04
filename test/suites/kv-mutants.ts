/** Deliberate bugs in the KV server and its snapshots that the Go labs' KV suites are there to notice. */

import type { Instant } from "../../src/base/index.ts";
import {
  type ClerkRequest,
  type Command,
  Server,
  type ServerEffect,
  type ServerInput,
  type ServerOptions,
  type Session,
  Sessions,
} from "../../src/kv/index.ts";
import { Raft, type RaftImage } from "../../src/raft/index.ts";

/** Its log grows for ever. */
export class NeverCompacts extends Server {
  constructor(options: ServerOptions, image: RaftImage, now: Instant, RaftClass?: typeof Raft) {
    super({ ...options, maxRaftState: null }, image, now, RaftClass);
  }
}

/** Nobody asked for snapshots, and it cuts them all the same. */
export class AlwaysCompacts extends Server {
  constructor(options: ServerOptions, image: RaftImage, now: Instant, RaftClass?: typeof Raft) {
    super({ ...options, maxRaftState: 1000 }, image, now, RaftClass);
  }
}

/** Takes snapshots, but drops one entry of the log where it could drop all that the snapshot stands for. */
export class KeepsItsLog extends Raft {
  protected override compact(index: number, data: Uint8Array): void {
    super.compact(Math.min(index, this.log.snapshotIndex + 1), data);
  }
}

/** Losing office, it lets those wait who waited, and takes their retries for what its log has already. */
export class ForgetsWhoWaits extends Server {
  protected override sendElsewhere(): void {}
}

/** Takes whatever is applied at the index of a request for that request, and tells its client that it is done. */
export class AnswersByIndex extends Server {
  /** By log index. */
  private readonly asked = new Map<number, { from: string; call: number; message: ClerkRequest }>();

  protected override sendElsewhere(): void {}

  protected override handleClerkRequest(from: string, call: number, message: ClerkRequest): void {
    const { lastIndex } = this.raft.log;
    super.handleClerkRequest(from, call, message);
    if (this.raft.log.lastIndex > lastIndex) this.asked.set(lastIndex + 1, { from, call, message });
  }

  override step(now: Instant, input: ServerInput): readonly ServerEffect[] {
    const effects = [...super.step(now, input)];
    for (const [index, { from, call, message }] of this.asked) {
      if (index > this.raft.lastApplied) continue;
      this.asked.delete(index);
      if (effects.some((effect) => effect.kind === "reply" && effect.to === from && effect.call === call))
        continue;
      const { request, operation } = message;
      const result = operation.kind === "get" ? this.machine.get(operation.key) : ({ kind: "done" } as const);
      effects.push({ kind: "reply", to: from, call, payload: { kind: "result", request, result } });
    }
    return effects;
  }
}

/** Keeps what it has answered for ever, and so do its snapshots. */
export class HoardsSessions extends Server {
  override readonly sessions = new Hoard(1_000_000);
}

class Hoard extends Sessions {
  private kept = 0;

  override store(session: number, request: number, result: Session["result"]): void {
    super.store(session, request, result);
    // No entry has such an index.
    super.store(1_000_000 + this.kept++, request, result);
  }
}

/** Tells a client that its append is done, and has done nothing, once in a while. */
export class LosesAppends extends Server {
  private applied = 0;

  protected override applyOnce(command: Command & { kind: "operation" }) {
    const { request, operation } = command;
    if (operation.kind === "append" && ++this.applied % 40 === 0) {
      return { kind: "result", request, result: { kind: "done" } } as const;
    }
    return super.applyOnce(command);
  }
}

/** Answers only with the next heartbeat: the slow way that Speed is there for. */
export class ReplicatesByHeartbeat extends Raft {
  protected override appendAsLeader(command: unknown): void {
    this.append({ term: this.currentTerm, command });
  }
}
