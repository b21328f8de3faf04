/** What a script sees of a cluster, and the words in which it says what happens: to servers, links and messages. */

import {
  type Duration,
  type Instant,
  MILLISECOND,
  type NodeId,
  type Random,
  SECOND,
} from "../../../src/base/index.ts";
import type { KvMessage } from "../../../src/kv/index.ts";
import type { Raft, RaftImage } from "../../../src/raft/index.ts";
import type { Passing } from "../../sim/index.ts";
import type { Fault } from "../index.ts";
import type { Which } from "./meant.ts";
import type { Rule, Rules } from "./rules.ts";
import { Missed, type Script } from "./script.ts";

/** A fault that lasts until somebody ends it. */
export interface Wound {
  heal(): void;
}

/** The cluster that a script plays with. */
export interface Host {
  readonly now: Instant;
  readonly servers: readonly NodeId[];
  readonly clients: readonly NodeId[];
  readonly rules: Rules;
  /** Null while the server is down. */
  raft(id: NodeId): Raft | null;
  /** What is durable on its disk. */
  image(id: NodeId): RaftImage;
  /** Null if there was nobody to strike. */
  strike(fault: Fault): Wound | null;
}

/** What does not happen in this time will not. */
const PATIENCE: Duration = 2 * SECOND;

/** As good as for ever: longer than any run. */
const ALL = Number.POSITIVE_INFINITY;

export class Stage {
  readonly servers: readonly NodeId[];
  readonly clients: readonly NodeId[];
  readonly random: Random;
  private readonly host: Host;
  private readonly wounds = new Set<Wound>();

  constructor(host: Host, random: Random) {
    this.host = host;
    this.random = random;
    this.servers = host.servers;
    this.clients = host.clients;
  }

  // --- What is to be seen ---

  get now(): Instant {
    return this.host.now;
  }

  /** More than half of the servers are at least so many. */
  get majority(): number {
    return Math.floor(this.servers.length / 2) + 1;
  }

  raft(id: NodeId): Raft | null {
    return this.host.raft(id);
  }

  disk(id: NodeId): RaftImage {
    return this.host.image(id);
  }

  /** Who leads the highest term; null if nobody does. */
  leader(): NodeId | null {
    let leader: Raft | null = null;
    for (const id of this.servers) {
      const raft = this.raft(id);
      if (raft?.role === "leader" && raft.currentTerm > (leader?.currentTerm ?? 0)) leader = raft;
    }
    return leader?.id ?? null;
  }

  others(...ids: readonly NodeId[]): readonly NodeId[] {
    return this.servers.filter((id) => !ids.includes(id));
  }

  /** On whose disks the entry with this index has this term. */
  holders(index: number, term: number): readonly NodeId[] {
    return this.servers.filter((id) => {
      const { log } = this.disk(id);
      return index > log.snapshotIndex && log.has(index) && log.termAt(index) === term;
    });
  }

  // --- Waiting ---

  /** Throws Missed if it does not come true. */
  *until(what: string, so: () => boolean, within: Duration = PATIENCE): Script {
    if (yield { kind: "wait", until: so, within }) return;
    throw new Missed(`${what}: not within ${within / MILLISECOND} ms`);
  }

  /** Whether it comes true in this time. */
  *within(length: Duration, so: () => boolean): Script<boolean> {
    return yield { kind: "wait", until: so, within: length };
  }

  *pause(length: Duration): Script {
    yield { kind: "wait", until: () => false, within: length };
  }

  /** Until one of these leads the highest term. Returns who. */
  *led(among: readonly NodeId[] = this.servers): Script<NodeId> {
    const leader = () => among.find((id) => id === this.leader());
    yield* this.until(`one of ${among.join(" ")} leads`, () => leader() !== undefined);
    return leader()!;
  }

  // --- Servers and links ---

  /** Power loss, of all at once; to heal is to restart them. */
  *crash(...ids: readonly NodeId[]): Script<Wound> {
    return yield* this.strike(ids.map((id): Fault => ({ kind: "crash", target: { kind: "node", id } })));
  }

  *pauseServer(id: NodeId): Script<Wound> {
    return yield* this.strike([{ kind: "pause", target: { kind: "node", id } }]);
  }

  /** Nothing passes between these groups. Who is in none reaches all. */
  *cut(...groups: readonly (readonly NodeId[])[]): Script<Wound> {
    return yield* this.strike([{ kind: "partition", cut: { kind: "groups", groups } }]);
  }

  /** It hears no other server, and is heard. */
  *deafen(id: NodeId): Script<Wound> {
    const target = { kind: "node", id } as const;
    return yield* this.strike([{ kind: "partition", cut: { kind: "oneWay", target, direction: "in" } }]);
  }

  /** The leader is told to hand over to this server. There is nothing to heal. */
  *transfer(to: NodeId): Script {
    yield* this.strike([{ kind: "transfer", to }]);
  }

  private *strike(faults: readonly Fault[]): Script<Wound> {
    const struck: Wound[] = [];
    const wound: Wound = {
      heal: () => {
        if (this.wounds.delete(wound)) for (const each of struck) each.heal();
      },
    };
    yield {
      kind: "deed",
      deed: () => {
        this.wounds.add(wound);
        for (const fault of faults) {
          const each = this.host.strike(fault);
          if (each !== null) struck.push(each);
        }
      },
    };
    return wound;
  }

  *heal(...wounds: readonly Wound[]): Script {
    for (const wound of wounds) yield { kind: "deed", deed: () => wound.heal() };
  }

  // --- Messages ---

  /** Looks at these messages, from now on. */
  watch<Payload extends KvMessage>(which: Which<Payload>): Rule<Payload> {
    return this.host.rules.add("watch", which, ALL);
  }

  /** Loses these messages, from now on. */
  lose<Payload extends KvMessage>(which: Which<Payload>, most = ALL): Rule<Payload> {
    return this.host.rules.add("lose", which, most);
  }

  /** Holds these messages back, from now on, until they are released. */
  hold<Payload extends KvMessage>(which: Which<Payload>, most = ALL): Rule<Payload> {
    return this.host.rules.add("hold", which, most);
  }

  /** Keeps a copy of these messages, from now on, to let them arrive again. */
  copy<Payload extends KvMessage>(which: Which<Payload>, most = ALL): Rule<Payload> {
    return this.host.rules.add("copy", which, most);
  }

  /** What it holds, or has copies of, arrives, one after the other: all of it, or the messages that are meant. */
  *release(rule: Pick<Rule, "kept">, which: (message: Passing<KvMessage>) => boolean = () => true): Script {
    const kept = rule.kept.filter(({ message }) => which(message));
    rule.kept = rule.kept.filter((each) => !kept.includes(each));
    for (const each of kept) yield { kind: "deed", deed: () => each.deliver() };
  }

  // --- The end ---

  /** All is as if nothing had been done: what is held arrives, what is broken is whole. */
  *calm(): Script {
    for (const kept of this.host.rules.clear()) yield { kind: "deed", deed: () => kept.deliver() };
    yield* this.heal(...this.wounds);
  }
}
