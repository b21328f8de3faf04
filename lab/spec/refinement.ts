/**
 * The refinement oracle. The specification runs along: every step that a server takes is explained by actions of the
 * specification, in the order in which one step may take several (UpdateTerm, a handler, then what the server does by
 * itself). An action that is not enabled, or a server that afterwards is not what the actions make of it, is a bug, be
 * it one that nobody has thought of: while every step is an action, what is proven of the specification holds.
 */

import { assert, type NodeId, unreachable } from "../../src/base/index.ts";
import type { Raft, RaftEffect, RaftImage, RaftInput, RaftMessage } from "../../src/raft/index.ts";
import { differenceOf, isWitnessed, logDifference, matchDifference } from "./abstraction.ts";
import { send } from "./durability.ts";
import { becomeLeader, stepDown, timeout } from "./election.ts";
import { produced } from "./produced.ts";
import { received } from "./received.ts";
import { advanceCommitIndex } from "./replication.ts";
import { type History, type Reason, restart } from "./state.ts";
import type { Step } from "./step.ts";

/** Servers of a simulated world, built from `witnessed` classes. */
export interface Servers {
  readonly serverIds: readonly NodeId[];
  readonly world: { image(id: NodeId): RaftImage };
  /** Null while the server is down. */
  raft(id: NodeId): Raft | null;
}

/** Is told of the first step that is no action: that it is none and why, and whose it was. */
type Alarm = (message: string, nodes: readonly NodeId[]) => void;

export class Refinement {
  private readonly cluster: Servers;
  private readonly alarm: Alarm;
  private readonly lives = new Map<NodeId, Step>();
  private readonly history: History = { committed: [] };
  private isBroken = false;

  constructor(cluster: Servers, alarm: Alarm) {
    this.cluster = cluster;
    this.alarm = alarm;
  }

  /** A server that has started has taken no step yet. */
  turned(id: NodeId): void {
    if (!this.cluster.serverIds.includes(id)) return;
    const server = this.cluster.raft(id);
    if (server === null) return;
    assert(isWitnessed(server), () => `nobody sees the steps of ${id}: its class is not witnessed`);
    // A pause ends no life.
    if (this.lives.get(id)?.server === server) return;
    const s = restart(id, this.cluster.serverIds, this.cluster.world.image(id), this.history);
    const life: Step = { s, server, input: { kind: "deadline" }, action: "", refusal: null };
    this.lives.set(id, life);
    server.witness = (input, effects) => this.stepped(life, input, effects);
    this.judge(id, "Restart", differenceOf(s, server) ?? logDifference(s, server, 1));
  }

  private stepped(step: Step, input: RaftInput, effects: readonly RaftEffect[]): void {
    if (this.isBroken) return;
    step.input = input;
    step.action = "a stuttering step";
    step.refusal = null;
    const reason =
      received(step) ?? movedOn(step) ?? produced(step, effects) ?? differenceOf(step.s, step.server);
    if (reason !== null) this.judge(step.s.id, step.action, reason);
  }

  /** A message leaves its sender, which may be long after the step that wrote it. */
  sent(from: NodeId, to: NodeId, message: RaftMessage): void {
    const life = this.lives.get(from);
    if (life === undefined || this.isBroken) return;
    const reason = send(life.s, to, message);
    if (reason !== null) this.judge(from, "Send", reason);
  }

  private judge(id: NodeId, action: string, reason: Reason | null): void {
    if (reason === null || this.isBroken) return;
    this.isBroken = true;
    this.alarm(`${id}'s step is no action of the specification: ${action}, because ${reason}`, [id]);
  }
}

/** What a server does by itself: the actions that are always enabled if their guards hold, seen by what has changed. */
function movedOn(step: Step): Reason | null {
  const { s, server } = step;
  let reason: Reason | null = null;
  if (server.currentTerm > s.currentTerm) {
    step.action = "Timeout";
    reason = timeout(s);
  }
  if (reason === null && server.role !== s.role) reason = roleChanged(step);
  if (reason === null && server.commitIndex > s.commitIndex) reason = committed(step);
  return reason;
}

function committed(step: Step): Reason | null {
  const { s, server } = step;
  // Who follows commits on its leader's word, and the handler has done so.
  if (server.role !== "leader") return step.refusal ?? differenceOf(s, server);
  step.action = "AdvanceCommitIndex";
  return advanceCommitIndex(s, server.commitIndex);
}

function roleChanged(step: Step): Reason | null {
  const { s, server } = step;
  switch (server.role) {
    case "leader":
      step.action = "BecomeLeader";
      return becomeLeader(s) ?? logDifference(s, server, 1) ?? followersDifference(step);
    case "follower":
      step.action = "StepDown";
      return stepDown(s);
    case "candidate":
      // Only Timeout makes one.
      return null;
    default:
      return unreachable(server.role);
  }
}

function followersDifference({ s, server }: Step): Reason | null {
  for (const id of s.servers) {
    const reason = id === s.id ? null : matchDifference(s, server, id);
    if (reason !== null) return reason;
  }
  return null;
}
