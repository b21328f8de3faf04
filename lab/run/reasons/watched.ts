/** The system under test in classes whose steps can be seen from both ends. They do what they did before. */

import type { Instant, NodeId } from "../../../src/base/index.ts";
import type { Command, Server, ServerEffect, ServerInput } from "../../../src/kv/index.ts";
import type { Raft, RaftEffect, RaftInput } from "../../../src/raft/index.ts";
import type { System } from "../../cluster/index.ts";

/** Sees the steps of Raft: what it sees before the step, it is handed back after it. */
export interface RaftEyes<Before> {
  before(raft: Raft, input: RaftInput): Before;
  after(raft: Raft, input: RaftInput, effects: readonly RaftEffect[], before: Before): void;
  /** In the middle of a step it found itself in a state that it holds to be impossible. */
  gaveUp(raft: Raft): void;
}

export interface ServerEyes {
  before(id: NodeId, input: ServerInput): void;
  after(id: NodeId, input: ServerInput, effects: readonly ServerEffect[]): void;
  /** `apply` is the server's own. */
  applying(id: NodeId, index: number, command: Command, server: Watched, apply: () => void): void;
}

/** A server that lets itself be looked into. */
export interface Watched extends Server {
  /** What its state machine holds; null if the key is absent. */
  peek(key: string): string | null;
}

/** A server that can be looked into. */
export function isWatched(server: Server): server is Watched {
  return "peek" in server;
}

export function watched<Before>(system: System, raft: RaftEyes<Before>, server: ServerEyes): System {
  return { ...system, Raft: watchedRaft(system.Raft, raft), Server: watchedServer(system.Server, server) };
}

function watchedRaft<Before>(RaftClass: typeof Raft, eyes: RaftEyes<Before>): typeof Raft {
  return class extends RaftClass {
    override step(now: Instant, input: RaftInput): readonly RaftEffect[] {
      const before = eyes.before(this, input);
      try {
        const effects = super.step(now, input);
        eyes.after(this, input, effects, before);
        return effects;
      } catch (error) {
        eyes.gaveUp(this);
        throw error;
      }
    }
  };
}

function watchedServer(ServerClass: typeof Server, eyes: ServerEyes): typeof Server {
  return class extends ServerClass {
    override step(now: Instant, input: ServerInput): readonly ServerEffect[] {
      eyes.before(this.raft.id, input);
      const effects = super.step(now, input);
      eyes.after(this.raft.id, input, effects);
      return effects;
    }

    protected override apply(index: number, command: Command): void {
      eyes.applying(this.raft.id, index, command, this as Watched, () => super.apply(index, command));
    }

    peek(key: string): string | null {
      const result = this.machine.get(key);
      return result.kind === "value" ? result.value : null;
    }
  };
}
