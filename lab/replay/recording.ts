/**
 * Writes down what a run decides and, if it is given what an earlier run decided, decides the same. What nobody
 * recorded the seed draws. Decisions are found by name and number, so that one more or less does not shift the others.
 */

import type { Duration, Instant, NodeId, Random } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import type { Decider, Manners, RunWorld, Settings } from "../cluster/index.ts";
import type { Conditions, Fate, Way } from "../sim/index.ts";
import type { ClientAgenda, ClientErrand } from "../workload/index.ts";
import { type CommandDecision, type Decision, keyOf, type MessageDecision } from "./decision.ts";
import { DecidedRandom, RecordedAgenda } from "./streams.ts";
import { type Divergence, Trail } from "./trail.ts";

export class Recording implements Decider {
  world: RunWorld | null = null;
  /** In the order in which they were taken. */
  readonly taken: Decision[] = [];
  private readonly known = new Map<string, Decision>();
  private readonly trail: Trail | null;
  /** How many commands each client has begun. */
  private readonly begun = new Map<NodeId, number>();
  private leaders = 0;

  private readonly everyMessage: boolean;

  /**
   * `recorded`: what an earlier run decided; null to record only. `everyMessage`: write down messages to which nothing
   * happened, too. A script needs them where several leave at one instant, to tell which of them is meant.
   */
  constructor(recorded: readonly Decision[] | null = null, everyMessage = false) {
    this.everyMessage = everyMessage;
    this.trail = recorded === null ? null : new Trail(recorded);
    for (const decision of recorded ?? []) this.known.set(keyOf(decision), decision);
  }

  /** Where this run left the recorded one; null if nowhere. Ask after the run. */
  divergence(): Divergence | null {
    this.trail?.end();
    return this.trail?.divergence ?? null;
  }

  watch(world: RunWorld): void {
    this.world = world;
  }

  settings(drawn: Settings): Settings {
    return this.decide({ kind: "settings", settings: drawn }).settings;
  }

  conditions(drawn: Conditions): Conditions {
    return this.decide({ kind: "conditions", conditions: drawn }).conditions;
  }

  manners(client: NodeId, life: number, drawn: Manners): Manners {
    const { attemptTimeout, patience } = this.decide({ kind: "manners", client, life, ...drawn });
    return { attemptTimeout, patience };
  }

  random(node: NodeId, life: number, drawn: Random): Random {
    let nth = 0;
    return new DecidedRandom(drawn, (n, value) => {
      nth++;
      // Changed code may draw from fewer than it did.
      return this.decide({ kind: "draw", node, life, nth, at: this.now, value }).value % n;
    });
  }

  agenda(client: NodeId, _life: number, drawn: ClientAgenda): ClientAgenda {
    const next = () => (this.begun.get(client) ?? 0) + 1;
    return new RecordedAgenda(
      drawn,
      () => (this.known.get(`command ${client} ${next()}`) as CommandDecision | undefined)?.at ?? null,
      (at, { operation, roam }): ClientErrand => {
        const nth = next();
        this.begun.set(client, nth);
        return this.decide({ kind: "command", client, nth, at, operation, roam });
      },
    );
  }

  leader(drawn: NodeId | null): NodeId | null {
    return this.decide({ kind: "leader", nth: ++this.leaders, at: this.now, node: drawn }).node;
  }

  rest(drawn: readonly NodeId[]): readonly NodeId[] {
    return this.decide({ kind: "rest", at: this.now, nodes: drawn }).nodes;
  }

  fate(way: Way, drawn: Fate, payload: KvMessage): Fate {
    const { lost, delay, copyDelay, hop } = drawn;
    const isPlain = !lost && copyDelay === null && delay === hop;
    const isKnown = this.known.has(`message ${way.from}>${way.to} ${way.nth}`);
    if (isPlain && !isKnown && !this.everyMessage) return drawn;
    const what = payload.kind;
    const message: MessageDecision = { kind: "message", ...way, at: this.now, what, lost, delay, copyDelay };
    if (!isPlain || isKnown) return fateOf(this.decide(message), drawn);
    this.taken.push(message);
    return drawn;
  }

  unanswered(way: Way, drawn: Duration): Duration {
    return this.decide({ kind: "unanswered", ...way, at: this.now, delay: drawn }).delay;
  }

  syncJitter(drawn: Duration): Duration {
    return drawn;
  }

  survivors(node: NodeId, nth: number, unsynced: number, drawn: number): number {
    // Whether a crash found anything unsynced is no decision.
    if (unsynced === 0) return drawn;
    const { kept } = this.decide({ kind: "disk", node, nth, at: this.now, kept: drawn });
    return Math.min(kept, unsynced);
  }

  private get now(): Instant {
    return this.world?.now ?? 0;
  }

  private decide<Kind extends Decision>(drawn: Kind): Kind {
    this.trail?.asked(drawn);
    const known = this.known.get(keyOf(drawn));
    // A message that was lost may now find the way cut, and the other way round: then it is another decision.
    const decided = known?.kind === drawn.kind ? ({ ...drawn, ...known, ...when(drawn) } as Kind) : drawn;
    this.taken.push(decided);
    return decided;
  }
}

/** What changed code asks for sooner or later is decided then. */
function when(drawn: Decision): { readonly at?: Instant } {
  return "at" in drawn ? { at: drawn.at } : {};
}

/** What the network does to a message about which this was decided. */
export function fateOf({ lost, delay, copyDelay }: MessageDecision, drawn: Fate): Fate {
  const { nth, hop } = drawn;
  const isAsDrawn = lost === drawn.lost && delay === drawn.delay && copyDelay === drawn.copyDelay;
  if (isAsDrawn) return drawn;
  return { nth, lost, delay, hop, delayed: delay > hop, reordered: false, copyDelay };
}
