/**
 * Toy nodes for the simulated world: each answers every request with the same word and an exclamation mark, and calls
 * whom the test tells it to call. The world runs them as it runs Raft, because it knows actors and nothing else.
 */

import { type Boot, type Conditions, perfectConditions, type Wire, World } from "../../lab/sim/index.ts";
import {
  type Actor,
  assert,
  type Duration,
  type Effect,
  type Input,
  type Instant,
  type NodeId,
  Random,
} from "../../src/base/index.ts";

/** A call as its caller sees it. */
export interface Call {
  readonly sentAt: Instant;
  state: "open" | "answered" | "unanswered";
  /** When it was answered, or was told to be unanswered; the first time if it ended twice. */
  endedAt: Instant;
  answer: string | null;
  /** How often the caller heard of its end. */
  endings: number;
}

/** A request as its server sees it. */
export interface Served {
  readonly at: Instant;
  readonly server: NodeId;
  readonly incarnation: number;
  readonly from: NodeId;
  readonly word: string;
}

export interface ToyOptions {
  readonly seed?: number;
  readonly conditions?: Partial<Conditions>;
}

export type ToyEffect = Effect<string, string>;
export type ToyActor = Actor<Input<string>, ToyEffect>;
export type ToyWorld = World<string, string, string[]>;

/** A world of whatever actors a test makes up; all are started. */
export function worldOf(
  nodes: readonly NodeId[],
  boot: (boot: Boot<string[]>) => ToyActor,
  seed = 1,
): ToyWorld {
  const world = new World<string, string, string[]>({
    random: new Random(seed),
    nodes,
    wire: words,
    storage: list,
    boot,
  });
  for (const id of nodes) world.start(id);
  return world;
}

/** One letter is one byte. */
const words: Wire<string> = {
  weigh(word, digest) {
    digest.text(word);
    return word.length;
  },
  carry: (word) => word,
};

/** A disk that is a list of records. */
const list = {
  empty: (): string[] => [],
  write: (image: string[], record: string) => {
    image.push(record);
  },
};

export class Toys {
  readonly world: ToyWorld;
  /** Every request that reached a server, in order. */
  readonly served: Served[] = [];
  /** How long a server works on a request; with null it never answers. */
  work: Duration | null = 0;
  /** What the test knows of the calls of each life of each node. */
  private readonly calls = new Map<string, Call>();
  private readonly toys = new Map<NodeId, Toy>();

  constructor(nodes: readonly NodeId[], { seed = 1, conditions = {} }: ToyOptions = {}) {
    this.world = new World<string, string, string[]>({
      random: new Random(seed),
      nodes,
      wire: words,
      storage: list,
      boot: (boot) => {
        const toy = new Toy(boot, this);
        this.toys.set(boot.id, toy);
        return toy;
      },
    });
    this.setConditions(conditions);
    for (const id of nodes) this.world.start(id);
  }

  get network() {
    return this.world.network;
  }

  setConditions(conditions: Partial<Conditions>): void {
    this.world.setConditions({ ...perfectConditions, ...conditions });
  }

  /** `from` calls `to` now. */
  call(from: NodeId, to: NodeId, word = "hello"): Call {
    const toy = this.toys.get(from);
    assert(toy !== undefined && this.world.condition(from) === "up", `${from} cannot call`);
    const number = toy.plan(to, word);
    const call: Call = { sentAt: this.world.now, state: "open", endedAt: 0, answer: null, endings: 0 };
    this.calls.set(`${from} ${toy.incarnation} ${number}`, call);
    // A wake-up that no deadline asked for is a nudge to send what was planned.
    this.world.deliver(from, { kind: "deadline" });
    return call;
  }

  /** `count` calls, all sent now. */
  callMany(count: number, from: NodeId, to: NodeId): Call[] {
    return Array.from({ length: count }, (_, i) => this.call(from, to, `w${i}`));
  }

  /** Runs the world for so long. */
  pass(duration: Duration): void {
    this.world.run(this.world.now + duration);
  }

  /** Runs the world until nothing is going on any more. */
  settle(): void {
    while (this.world.step(Number.MAX_SAFE_INTEGER));
  }

  ended(from: NodeId, incarnation: number, number: number, answer: string | null): void {
    const call = this.calls.get(`${from} ${incarnation} ${number}`);
    assert(call !== undefined, `life ${incarnation} of ${from} never made call ${number}`);
    call.endings++;
    if (call.state !== "open") return;
    call.state = answer === null ? "unanswered" : "answered";
    call.answer = answer;
    call.endedAt = this.world.now;
  }
}

class Toy implements Actor<Input<string>, ToyEffect> {
  readonly incarnation: number;
  private readonly id: NodeId;
  private readonly toys: Toys;
  private readonly planned: ToyEffect[] = [];
  private readonly jobs: { due: Instant; effect: ToyEffect }[] = [];
  private calls = 0;

  constructor({ id, incarnation }: Boot<string[]>, toys: Toys) {
    this.id = id;
    this.incarnation = incarnation;
    this.toys = toys;
  }

  plan(to: NodeId, payload: string): number {
    this.planned.push({ kind: "request", to, call: ++this.calls, payload });
    return this.calls;
  }

  get deadline(): Instant | null {
    return this.jobs.length === 0 ? null : Math.min(...this.jobs.map((job) => job.due));
  }

  step(now: Instant, input: Input<string>): readonly ToyEffect[] {
    const { id, incarnation, toys } = this;
    if (input.kind === "request") {
      toys.served.push({ at: now, server: id, incarnation, from: input.from, word: input.payload });
      const effect = {
        kind: "reply",
        to: input.from,
        call: input.call,
        payload: `${input.payload}!`,
      } as const;
      if (toys.work === 0) return [effect];
      if (toys.work !== null) this.jobs.push({ due: now + toys.work, effect });
    } else if (input.kind === "reply") {
      toys.ended(id, incarnation, input.call, input.payload);
    } else if (input.kind === "unanswered") {
      toys.ended(id, incarnation, input.call, null);
    }
    const due = this.jobs.filter((job) => job.due <= now);
    for (const job of due) this.jobs.splice(this.jobs.indexOf(job), 1);
    return [...this.planned.splice(0), ...due.map((job) => job.effect)];
  }
}
