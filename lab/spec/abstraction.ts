/**
 * The abstraction function: what of a Raft server the specification's variables are. It only reads. Almost every step
 * changes almost nothing, so it compares the ends of logs, and whole logs only where a server starts or takes office.
 */

import type { Instant, NodeId } from "../../src/base/index.ts";
import type { Raft, RaftEffect, RaftInput } from "../../src/raft/index.ts";
import type { Reason, ServerState } from "./state.ts";

/** A Raft server, as far as the specification speaks of it, that tells of its steps. */
export interface Concrete
  extends Pick<
    Raft,
    | "id"
    | "hasLeases"
    | "currentTerm"
    | "role"
    | "votedFor"
    | "log"
    | "commitIndex"
    | "lastApplied"
    | "matchIndexOf"
  > {
  /** Is told of each step when it is over; null: nobody. */
  witness: ((input: RaftInput, effects: readonly RaftEffect[]) => void) | null;
}

/** One class for one class, always: engines are slow with objects of many classes. */
const witnessedClasses = new WeakMap<typeof Raft, typeof Raft>();

/** The same Raft, with steps that can be seen from both ends. */
export function witnessed(RaftClass: typeof Raft): typeof Raft {
  const known = witnessedClasses.get(RaftClass);
  if (known !== undefined) return known;
  class Witnessed extends RaftClass implements Concrete {
    witness: Concrete["witness"] = null;

    override step(now: Instant, input: RaftInput): readonly RaftEffect[] {
      const effects = super.step(now, input);
      this.witness?.(input, effects);
      return effects;
    }
  }
  witnessedClasses.set(RaftClass, Witnessed);
  return Witnessed;
}

/** Whether this server's class comes from `witnessed`. */
export function isWitnessed(raft: Raft): raft is Raft & Concrete {
  return "witness" in raft;
}

/** In what a server differs from the specification; null if in nothing. */
export function differenceOf(s: ServerState, server: Concrete): Reason | null {
  if (server.currentTerm !== s.currentTerm) return unlike("currentTerm", server.currentTerm, s.currentTerm);
  if (server.role !== s.role) return unlike("role", server.role, s.role);
  if (server.votedFor !== s.votedFor) return unlike("votedFor", server.votedFor, s.votedFor);
  const { log } = server;
  if (log.snapshotIndex !== s.snapshotIndex)
    return unlike("snapshot's index", log.snapshotIndex, s.snapshotIndex);
  if (server.commitIndex !== s.commitIndex) return unlike("commitIndex", server.commitIndex, s.commitIndex);
  if (server.lastApplied !== s.lastApplied) return unlike("lastApplied", server.lastApplied, s.lastApplied);
  return logDifference(s, server, log.lastIndex);
}

/** The same of its log from an index on, as far as no snapshot stands for it. */
export function logDifference(s: ServerState, { log }: Concrete, from: number): Reason | null {
  if (log.lastIndex !== s.log.length) return unlike("last index", log.lastIndex, s.log.length);
  for (let index = Math.max(from, log.snapshotIndex + 1); index <= log.lastIndex; index++) {
    if (log.entryAt(index) !== s.log[index - 1]) return `its entry ${index} is another one`;
  }
  return null;
}

/** The same of what a leader believes a follower to have. */
export function matchDifference(s: ServerState, server: Concrete, follower: NodeId): Reason | null {
  if (s.role !== "leader" || server.role !== "leader") return null;
  const known = s.matchIndex.get(follower) ?? 0;
  const believed = server.matchIndexOf(follower);
  return believed === known ? null : unlike(`matchIndex of ${follower}`, believed, known);
}

function unlike(variable: string, is: number | string | null, should: number | string | null): Reason {
  return `its ${variable} is ${is ?? "none"}, and not ${should ?? "none"}`;
}
