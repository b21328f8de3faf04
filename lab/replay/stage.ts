/**
 * Runs a script: its decisions are taken when their time has come, and beyond them nothing happens. They are found by
 * time and not by number, so that one that is taken out of a script leaves the others where they are: what was the
 * second message from n1 to n2 may be the first then, but it is still the first appendEntries since that instant.
 */

import { type Duration, type Instant, type NodeId, type Random, unreachable } from "../../src/base/index.ts";
import { defaultClerkTiming, type KvMessage, type Operation, type Result } from "../../src/kv/index.ts";
import { type Decider, defaultSettings, type Manners, type RunWorld, type Settings } from "../run/index.ts";
import { type Conditions, type Fate, HOP, perfectConditions, type Way } from "../sim/index.ts";
import type { Agenda, Errand } from "../workload/index.ts";
import type { CommandDecision, Decision } from "./decision.ts";
import { fateOf } from "./recording.ts";
import { DecidedRandom } from "./streams.ts";
import { type Divergence, Trail } from "./trail.ts";

/** A decision that was taken, and what it was about. */
export interface Taken {
  readonly decision: Decision;
  readonly at: Instant;
  /** Of a decision about a message. */
  readonly payload: KvMessage | null;
}

export class Stage implements Decider {
  world: RunWorld | null = null;
  readonly taken: Taken[] = [];
  private readonly jitter: boolean;
  private readonly trail: Trail;
  /** What has not been taken yet, by who asks for it, in order of time. */
  private readonly pending = new Map<string, Decision[]>();
  private readonly serverCount: number;

  constructor(decisions: readonly Decision[], servers: number, jitter: boolean) {
    this.jitter = jitter;
    this.serverCount = servers;
    this.trail = new Trail(decisions);
    for (const decision of decisions) {
      const asker = askerOf(decision);
      const waiting = this.pending.get(asker);
      if (waiting === undefined) this.pending.set(asker, [decision]);
      else waiting.push(decision);
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
    return this.take("settings")?.settings ?? defaultSettings;
  }

  conditions(): Conditions {
    return this.take("conditions")?.conditions ?? perfectConditions;
  }

  manners(client: NodeId, life: number): Manners {
    const manners = this.take("manners", client, ({ life: of }) => of === life);
    if (manners === null) return defaultClerkTiming;
    return { attemptTimeout: manners.attemptTimeout, patience: manners.patience };
  }

  random(node: NodeId, _life: number, drawn: Random): Random {
    const plain = plainDraw(node, this.serverCount);
    return new DecidedRandom(drawn, (n) => {
      const draw = this.takeDue("draw", node);
      return draw === null ? plain(n) : draw.value % n;
    });
  }

  agenda(client: NodeId): Agenda {
    return new ToldAgenda(
      () => (this.waiting("command", client)[0] as CommandDecision | undefined) ?? null,
      () => this.take("command", client),
    );
  }

  leader(drawn: NodeId | null): NodeId | null {
    const leader = this.takeDue("leader");
    return leader === null ? drawn : leader.node;
  }

  rest(): readonly NodeId[] {
    return this.take("rest")?.nodes ?? [];
  }

  fate({ from, to }: Way, drawn: Fate, payload: KvMessage): Fate {
    const what = payload.kind;
    const decided = this.takeDue("message", `${from}>${to}`, (message) => message.what === what, payload);
    const hop = this.jitter ? drawn.hop : HOP;
    if (decided !== null) return fateOf(decided, drawn);
    return { lost: false, delay: hop, hop, delayed: false, reordered: false, copyDelay: null };
  }

  unanswered({ from, to }: Way): Duration {
    return this.takeDue("unanswered", `${from}>${to}`)?.delay ?? HOP;
  }

  syncJitter(drawn: Duration): Duration {
    return this.jitter ? drawn : 0;
  }

  survivors(node: NodeId, _nth: number, unsynced: number): number {
    if (unsynced === 0) return 0;
    return Math.min(unsynced, this.takeDue("disk", node)?.kept ?? 0);
  }

  /** The first one that waits for this asker and whose time has come. */
  private takeDue<Kind extends Decision["kind"]>(
    kind: Kind,
    asker = "",
    fits: (decision: Decision & { kind: Kind }) => boolean = () => true,
    payload: KvMessage | null = null,
  ): (Decision & { kind: Kind }) | null {
    if (!this.pending.has(`${kind} ${asker}`)) return null;
    const now = this.now;
    return this.take(kind, asker, (each) => "at" in each && each.at <= now && fits(each), payload);
  }

  private take<Kind extends Decision["kind"]>(
    kind: Kind,
    asker = "",
    fits: (decision: Decision & { kind: Kind }) => boolean = () => true,
    payload: KvMessage | null = null,
  ): (Decision & { kind: Kind }) | null {
    const waiting = this.waiting(kind, asker);
    const decision = waiting.find((each) => fits(each as Decision & { kind: Kind }));
    if (decision === undefined) return null;
    waiting.splice(waiting.indexOf(decision), 1);
    this.trail.asked(decision);
    this.taken.push({ decision, at: this.now, payload });
    return decision as Decision & { kind: Kind };
  }

  private waiting(kind: Decision["kind"], asker: string): Decision[] {
    return this.pending.get(`${kind} ${asker}`) ?? [];
  }

  private get now(): Instant {
    return this.world?.now ?? 0;
  }
}

/** Does what it is told, when it is told or as soon as it is free after that. */
class ToldAgenda implements Agenda {
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

  begin(): Errand | null {
    const command = this.take();
    return command === null ? null : { operation: command.operation, roam: command.roam };
  }

  learn(_operation: Operation, _result: Result): void {}
}

/**
 * What a node draws where the script says nothing: servers time out one after the other, in the order of their names,
 * so that elections are not disputed; clients ask the first server and do not pause for longer than they must.
 */
function plainDraw(node: NodeId, servers: number): (n: number) => number {
  if (!node.startsWith("n")) return () => 0;
  const share = Number(node.slice(1)) - 1;
  return (n) => Math.floor((n * share) / servers);
}

/** Who asks for a decision: those of one asker wait in one line. */
function askerOf(decision: Decision): string {
  const { kind } = decision;
  switch (kind) {
    case "settings":
    case "conditions":
    case "leader":
    case "rest":
      return `${kind} `;
    case "manners":
    case "command":
      return `${kind} ${decision.client}`;
    case "draw":
    case "disk":
      return `${kind} ${decision.node}`;
    case "message":
    case "unanswered":
      return `${kind} ${decision.from}>${decision.to}`;
    default:
      return unreachable(decision);
  }
}
