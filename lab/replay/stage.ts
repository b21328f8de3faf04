/**
 * Runs a script: its decisions are taken when their time has come, and beyond them nothing happens. They are found by
 * time and not by number, so that one that is taken out of a script leaves the others where they are: what was the
 * second message from n1 to n2 may be the first then, but it is still the first appendEntries since that instant.
 */

import {
  type Duration,
  type Instant,
  MILLISECOND,
  type NodeId,
  type Random,
  unreachable,
} from "../../src/base/index.ts";
import { defaultClerkTiming, type KvMessage, type Operation, type Result } from "../../src/kv/index.ts";
import {
  type Decider,
  defaultSettings,
  type Manners,
  type RunWorld,
  type Settings,
} from "../cluster/index.ts";
import {
  type Conditions,
  type Fate,
  HOP,
  HOP_JITTER,
  LABRPC,
  perfectConditions,
  type Way,
} from "../sim/index.ts";
import type { ClientAgenda, ClientErrand } from "../workload/index.ts";
import {
  type CommandDecision,
  type ConditionsDecision,
  type Decision,
  type DiskDecision,
  type DrawDecision,
  type LeaderDecision,
  type MannersDecision,
  type MessageDecision,
  type RestDecision,
  type SettingsDecision,
  timeOf,
  type UnansweredDecision,
} from "./decision.ts";
import { fateOf } from "./recording.ts";
import { DecidedRandom } from "./streams.ts";
import { type Divergence, Trail } from "./trail.ts";

/** Thrown out of a run of which only a short one would have been of use. */
export class TooLong extends Error {
  override readonly name = "TooLong";
}

/** Who calls a server that it cannot reach is told as late as labrpc may tell it, so that it does not ask all the time. */
const PLAIN_DEAD_DELAY = HOP + (LABRPC.deadDelay - 1) * MILLISECOND;

/** A decision that was taken, and what it was about. */
export interface Taken {
  readonly decision: Decision;
  readonly at: Instant;
  /** Of a decision about a message. */
  readonly payload: KvMessage | null;
}

/** Decisions that wait to be taken one after the other, in order of time. */
interface Line {
  readonly decisions: Decision[];
  /** The index of the first that was not taken. */
  next: number;
}

export class Stage implements Decider {
  world: RunWorld | null = null;
  readonly taken: Taken[] = [];
  private readonly jitter: boolean;
  private readonly trail: Trail;
  /** What has not been taken yet, by what is asked for it. */
  private readonly pending = new Map<string, Line>();
  private readonly serverCount: number;
  private readonly mostEvents: number;

  /** Ends a run with more events than that by throwing `TooLong`. */
  constructor(
    decisions: readonly Decision[],
    servers: number,
    jitter: boolean,
    mostEvents: number = Number.POSITIVE_INFINITY,
  ) {
    this.mostEvents = mostEvents;
    this.jitter = jitter;
    this.serverCount = servers;
    this.trail = new Trail(decisions);
    for (const decision of [...decisions].sort((a, b) => timeOf(a) - timeOf(b))) {
      const asker = askerOf(decision);
      const line = this.pending.get(asker);
      if (line === undefined) this.pending.set(asker, { decisions: [decision], next: 0 });
      else line.decisions.push(decision);
    }
  }

  /** Where this run left the script; null if nowhere. Ask after the run. */
  divergence(): Divergence | null {
    this.trail.end();
    return this.trail.divergence;
  }

  watch(world: RunWorld): void {
    this.world = world;
  }

  settings(): Settings {
    return this.take<SettingsDecision>("settings")?.settings ?? defaultSettings;
  }

  conditions(): Conditions {
    return this.take<ConditionsDecision>("conditions")?.conditions ?? perfectConditions;
  }

  manners(client: NodeId, life: number): Manners {
    const manners = this.take<MannersDecision>(`manners ${client}.${life}`);
    if (manners === null) return defaultClerkTiming;
    return { attemptTimeout: manners.attemptTimeout, patience: manners.patience };
  }

  random(node: NodeId, _life: number, drawn: Random): Random {
    const plain = plainDraw(node, this.serverCount);
    const asker = `draw ${node}`;
    return new DecidedRandom(drawn, (n) => {
      const draw = this.takeDue<DrawDecision>(asker);
      return draw === null ? plain(n) : draw.value % n;
    });
  }

  agenda(client: NodeId): ClientAgenda {
    const asker = `command ${client}`;
    return new ToldAgenda(
      () => this.first<CommandDecision>(asker),
      () => this.take<CommandDecision>(asker),
    );
  }

  leader(drawn: NodeId | null): NodeId | null {
    const leader = this.takeDue<LeaderDecision>("leader");
    return leader === null ? drawn : leader.node;
  }

  rest(): readonly NodeId[] {
    return this.take<RestDecision>("rest")?.nodes ?? [];
  }

  fate({ from, to }: Way, drawn: Fate, payload: KvMessage): Fate {
    const world = this.world!;
    if (world.trace.count > this.mostEvents) throw new TooLong();
    const decided = this.takeDue<MessageDecision>(`message ${from}>${to} ${payload.kind}`, payload);
    if (decided !== null && isPossible(decided, world.network.conditions)) return fateOf(decided, drawn);
    const hop = this.jitter ? drawn.hop : HOP;
    const { nth } = drawn;
    return { nth, lost: false, delay: hop, hop, delayed: false, reordered: false, copyDelay: null };
  }

  unanswered({ from, to }: Way): Duration {
    return this.takeDue<UnansweredDecision>(`unanswered ${from}>${to}`)?.delay ?? PLAIN_DEAD_DELAY;
  }

  syncJitter(drawn: Duration): Duration {
    return this.jitter ? drawn : 0;
  }

  survivors(node: NodeId, _nth: number, unsynced: number): number {
    if (unsynced === 0) return 0;
    return Math.min(unsynced, this.takeDue<DiskDecision>(`disk ${node}`)?.kept ?? 0);
  }

  /** The first that waits for this, if its time has come. */
  private takeDue<Kind extends Decision>(asker: string, payload: KvMessage | null = null): Kind | null {
    const first = this.first(asker);
    return first === null || timeOf(first) > this.now ? null : this.take(asker, payload);
  }

  private take<Kind extends Decision>(asker: string, payload: KvMessage | null = null): Kind | null {
    const decision = this.first<Kind>(asker);
    if (decision === null) return null;
    this.pending.get(asker)!.next++;
    this.trail.asked(decision);
    this.taken.push({ decision, at: this.now, payload });
    return decision;
  }

  private first<Kind extends Decision>(asker: string): Kind | null {
    const line = this.pending.get(asker);
    return line === undefined ? null : ((line.decisions[line.next] as Kind | undefined) ?? null);
  }

  private get now(): Instant {
    return this.world?.now ?? 0;
  }
}

/** Does what it is told, when it is told or as soon as it is free after that. */
class ToldAgenda implements ClientAgenda {
  private readonly next: () => CommandDecision | null;
  private readonly take: () => CommandDecision | null;

  constructor(next: () => CommandDecision | null, take: () => CommandDecision | null) {
    this.next = next;
    this.take = take;
  }

  after(now: Instant): Instant | null {
    const next = this.next();
    return next === null ? null : Math.max(now, next.at);
  }

  begin(): ClientErrand | null {
    const command = this.take();
    return command === null ? null : { operation: command.operation, roam: command.roam };
  }

  learn(_operation: Operation, _result: Result): void {}
}

/**
 * Whether such a network does that to a message. The liveness oracles take it at its word: what must come in time over
 * a reliable network, and after the healing, may do so.
 */
function isPossible({ lost, delay, copyDelay }: MessageDecision, conditions: Conditions): boolean {
  const { reliable, longReordering, loss, duplication, reordering, extraDelay } = conditions;
  if (lost && reliable && loss === 0) return false;
  if (copyDelay !== null && duplication === 0) return false;
  const isLate = delay > HOP + HOP_JITTER;
  return !isLate || !reliable || longReordering || reordering > 0 || extraDelay > 0;
}

/**
 * What a node draws where the script says nothing: servers time out one after the other, in the order of their names,
 * so that elections are not disputed. Clients ask the first server, and between two rounds of asking in vain they pause
 * for as long as they may: then the least happens.
 */
function plainDraw(node: NodeId, servers: number): (n: number) => number {
  if (!node.startsWith("n")) return (n) => (n <= servers ? 0 : n - 1);
  const share = Number(node.slice(1)) - 1;
  return (n) => Math.floor((n * share) / servers);
}

/** What is asked for a decision: those for the same wait in one line. */
function askerOf(decision: Decision): string {
  const { kind } = decision;
  switch (kind) {
    case "settings":
    case "conditions":
    case "leader":
    case "rest":
      return kind;
    case "manners":
      return `${kind} ${decision.client}.${decision.life}`;
    case "command":
      return `${kind} ${decision.client}`;
    case "draw":
    case "disk":
      return `${kind} ${decision.node}`;
    case "message":
      return `${kind} ${decision.from}>${decision.to} ${decision.what}`;
    case "unanswered":
      return `${kind} ${decision.from}>${decision.to}`;
    default:
      return unreachable(decision);
  }
}
