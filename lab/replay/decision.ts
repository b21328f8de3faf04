/**
 * What a run decided beyond its options and its schedule, one decision at a time, as data. A seed promises nothing once
 * the code has changed: its recorded decisions do. A script is a list of them, written down or cut down.
 */

import { type Duration, type Instant, type NodeId, unreachable } from "../../src/base/index.ts";
import type { Operation } from "../../src/kv/index.ts";
import type { Settings } from "../cluster/index.ts";
import type { Conditions } from "../sim/index.ts";

export type Decision =
  | SettingsDecision
  | ConditionsDecision
  | MannersDecision
  | DrawDecision
  | CommandDecision
  | MessageDecision
  | UnansweredDecision
  | LeaderDecision
  | DiskDecision
  | RestDecision;

/** How the servers are set up. */
export interface SettingsDecision {
  readonly kind: "settings";
  readonly settings: Settings;
}

/** The network between faults. */
export interface ConditionsDecision {
  readonly kind: "conditions";
  readonly conditions: Conditions;
}

/** How long a client waits for one server, and for all; null: for ever. */
export interface MannersDecision {
  readonly kind: "manners";
  readonly client: NodeId;
  readonly life: number;
  readonly attemptTimeout: Duration;
  readonly patience: Duration | null;
}

/** What a node drew: a server how much longer its election timeout is than the least, a client whom to ask first. */
export interface DrawDecision {
  readonly kind: "draw";
  readonly node: NodeId;
  readonly life: number;
  /** Of this life, from 1. */
  readonly nth: number;
  readonly at: Instant;
  readonly value: number;
}

/** What a client asked for. */
export interface CommandDecision {
  readonly kind: "command";
  readonly client: NodeId;
  /** Of this client in all its lives, from 1. */
  readonly nth: number;
  readonly at: Instant;
  readonly operation: Operation;
  /** It asked any server first, not the one that answered last. */
  readonly roam: boolean;
}

/** A message to which something happened. */
export interface MessageDecision {
  readonly kind: "message";
  readonly from: NodeId;
  readonly to: NodeId;
  /** Of all messages on this link, from 1. */
  readonly nth: number;
  readonly at: Instant;
  /** The kind of message, such as appendEntries. */
  readonly what: string;
  readonly lost: boolean;
  readonly delay: Duration;
  /** When a second copy arrives; null for none. */
  readonly copyDelay: Duration | null;
}

/** A call that found the way cut or nobody at its end: how long until its caller was told. */
export interface UnansweredDecision {
  readonly kind: "unanswered";
  readonly from: NodeId;
  readonly to: NodeId;
  readonly nth: number;
  readonly at: Instant;
  readonly delay: Duration;
}

/** Whom a fault meant by "the leader". */
export interface LeaderDecision {
  readonly kind: "leader";
  readonly nth: number;
  readonly at: Instant;
  readonly node: NodeId | null;
}

/** What a crash left on a disk of what was not synced. */
export interface DiskDecision {
  readonly kind: "disk";
  readonly node: NodeId;
  /** Of the node's crashes, from 1. */
  readonly nth: number;
  readonly at: Instant;
  readonly kept: number;
}

/** Who stayed cut off while the others healed. */
export interface RestDecision {
  readonly kind: "rest";
  readonly at: Instant;
  readonly nodes: readonly NodeId[];
}

/** The same for the same decision of two runs, whatever was decided. */
export function keyOf(decision: Decision): string {
  switch (decision.kind) {
    case "settings":
    case "conditions":
    case "rest":
      return decision.kind;
    case "manners":
      return `manners ${decision.client}.${decision.life}`;
    case "draw":
      return `draw ${decision.node}.${decision.life} ${decision.nth}`;
    case "command":
      return `command ${decision.client} ${decision.nth}`;
    case "message":
    case "unanswered":
      return `message ${decision.from}>${decision.to} ${decision.nth}`;
    case "leader":
      return `leader ${decision.nth}`;
    case "disk":
      return `disk ${decision.node} ${decision.nth}`;
    default:
      return unreachable(decision);
  }
}

/** What somebody asked for who asked for this decision. */
export function questionOf(decision: Decision): string {
  switch (decision.kind) {
    case "settings":
      return "the servers asked for their settings";
    case "conditions":
      return "the network asked for its conditions";
    case "manners":
      return `${decision.client} asked how long to wait`;
    case "draw":
      return decision.node.startsWith("n")
        ? `${decision.node} asked for an election timeout`
        : `${decision.node} asked for a server or a pause`;
    case "command":
      return `${decision.client} asked for its command ${decision.nth}`;
    case "message":
      return `message ${decision.nth} from ${decision.from} to ${decision.to} asked for its fate`;
    case "unanswered":
      return `${decision.from} asked when it hears that ${decision.to} cannot be reached`;
    case "leader":
      return "a fault asked for the leader";
    case "disk":
      return `the disk of ${decision.node} asked what the crash left`;
    case "rest":
      return "the healing asked who stays cut off";
    default:
      return unreachable(decision);
  }
}

/** When it was taken; those before the run at its start. */
export function timeOf(decision: Decision): Instant {
  return "at" in decision ? decision.at : 0;
}
