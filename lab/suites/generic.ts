/**
 * The Go labs' GenericTest on virtual time: clients append to keys of their own and read them back, while the network
 * loses messages, servers are cut from one another at random, and all of them crash. Three rounds; then every key is
 * read through a fresh clerk, and the whole history must be linearizable.
 */

import { check, kv } from "porcupine-ts";
import {
  assert,
  type Duration,
  type Instant,
  MILLISECOND,
  type NodeId,
  Random,
  SECOND,
} from "../../src/base/index.ts";
import { defaultClerkTiming, type Operation } from "../../src/kv/index.ts";
import { Cluster, guarded, intendedSystem, type System, type Watchers, watch } from "../run/index.ts";
import { perfectConditions } from "../sim/index.ts";
import { AppendGenerator, type ClientOptions, type Generator, type KvHistory } from "../workload/index.ts";

export interface GenericOptions {
  readonly clients: number;
  readonly servers: number;
  readonly unreliable: boolean;
  /** All servers crash at the end of each round and come back. */
  readonly crashes: boolean;
  /** A partitioner splits the servers anew about every 1.1 s. */
  readonly partitions: boolean;
}

export interface SuiteResult {
  /** What went wrong, in sentences; empty if nothing did. */
  readonly problems: readonly string[];
  readonly virtualSeconds: number;
  readonly servers: number;
  readonly rpcs: number;
  readonly operations: number;
  readonly history: KvHistory;
  readonly digest: string;
}

const ROUNDS = 3;
const LOAD: Duration = 5 * SECOND;
/** How long the rest may take: the Go labs allow 120 s for a whole test. */
const LIMIT: Duration = 30 * SECOND;
const THINK_TIME: Duration = 10 * MILLISECOND;

/** The same seed gives the same result. `system` may be a mutant, which the suite should notice. */
export function genericTest(
  seed: number,
  options: GenericOptions,
  system: System = intendedSystem,
): SuiteResult {
  return guarded(() => new GenericTest(seed, options, system).run());
}

class GenericTest {
  private readonly options: GenericOptions;
  private readonly random: Random;
  private readonly cluster: Cluster;
  private readonly watchers: Watchers;
  private readonly problems: string[] = [];
  /** This round's generators, by client. */
  private readonly generators = new Map<NodeId, AppendGenerator | KeyReader>();
  private stopAt: Instant = 0;

  constructor(seed: number, options: GenericOptions, system: System) {
    this.options = options;
    this.random = new Random(seed).fork("generic");
    this.cluster = new Cluster({
      random: this.random.fork("cluster"),
      servers: options.servers,
      // One more than ask: the fresh clerk that reads the keys at the end of a round.
      clients: options.clients + 1,
      conditions: { ...perfectConditions, reliable: !options.unreliable },
      encode: false,
      system,
      client: (boot) => this.clientOptions(boot),
    });
    this.watchers = watch(this.cluster);
  }

  run(): SuiteResult {
    const { world, serverIds } = this.cluster;
    for (const id of serverIds) world.start(id);
    for (let round = 1; round <= ROUNDS; round++) this.round();
    const { recorder, invariants } = this.watchers;
    if (invariants.broken !== null) this.problems.push(invariants.broken.message);
    const { verdict } = check(kv, recorder.history);
    if (verdict !== "ok") this.problems.push(`the history is ${verdict}, expected ok`);
    return {
      problems: this.problems,
      virtualSeconds: world.now / SECOND,
      servers: this.options.servers,
      rpcs: world.network.counters.rpcs,
      operations: recorder.operations,
      history: recorder.history,
      digest: world.trace.digest.hex(),
    };
  }

  private round(): void {
    const { world } = this.cluster;
    this.stopAt = world.now + LOAD;
    for (const id of this.writers) world.start(id);
    if (this.options.partitions) world.at(world.now + SECOND, () => this.partition([]));
    world.run(this.stopAt);
    // The partitioner healed its last cut at stopAt; the Go labs then wait for a new term.
    if (this.options.partitions) world.run(world.now + SECOND);
    if (this.options.crashes) this.crashAll();
    this.waitForAnswers("the clients");
    for (const id of this.writers) world.crash(id);
    this.readAll();
  }

  /** Each server goes to one of two sides by a coin; all on one side is possible. */
  private partition(before: readonly (readonly [NodeId, NodeId])[]): void {
    const { world, serverIds } = this.cluster;
    for (const [from, to] of before) world.network.heal(from, to);
    if (world.now >= this.stopAt) return;
    const side = new Map(serverIds.map((id) => [id, this.random.below(2)]));
    const cuts = serverIds.flatMap((from) =>
      serverIds.filter((to) => side.get(from) !== side.get(to)).map((to) => [from, to] as const),
    );
    for (const [from, to] of cuts) world.network.cut(from, to);
    const next = world.now + SECOND + this.random.below(200) * MILLISECOND;
    world.at(Math.min(next, this.stopAt), () => this.partition(cuts));
  }

  private crashAll(): void {
    const { world, serverIds } = this.cluster;
    for (const id of serverIds) world.crash(id);
    world.run(world.now + SECOND);
    for (const id of serverIds) world.start(id);
  }

  private waitForAnswers(who: string): void {
    const { world } = this.cluster;
    const { recorder } = this.watchers;
    world.run(world.now + LIMIT, () => recorder.outstanding === 0);
    if (recorder.outstanding === 0) return;
    this.problems.push(`${who} still wait after ${LIMIT / SECOND} s: ${recorder.waiting.join(", ")}`);
  }

  /** Every key through a fresh clerk: each append exactly once, each client's in the order of its calls. */
  private readAll(): void {
    const { world } = this.cluster;
    this.stopAt = Number.POSITIVE_INFINITY;
    world.start(this.reader);
    const reader = this.generators.get(this.reader)!;
    assert(reader instanceof KeyReader, `${this.reader} is the reader`);
    world.run(world.now + LIMIT, () => reader.done);
    if (!reader.done) this.problems.push(`the keys could not be read within ${LIMIT / SECOND} s`);
    world.crash(this.reader);
    for (const [i, id] of this.writers.entries()) {
      const writer = this.generators.get(id);
      assert(writer instanceof AppendGenerator, `${id} appends`);
      if (writer.surprise !== null) this.problems.push(writer.surprise);
      const problem = appendProblem(i, reader.values.get(String(i)) ?? null, writer.count);
      if (problem !== null) this.problems.push(problem);
    }
  }

  private clientOptions(boot: {
    id: NodeId;
    number: number;
    incarnation: number;
    servers: readonly NodeId[];
  }) {
    const { id, number, incarnation, servers } = boot;
    const random = this.random.fork(id, incarnation);
    const generator =
      id === this.reader
        ? new KeyReader(this.options.clients)
        : new AppendGenerator(random.fork("ops"), number);
    this.generators.set(id, generator);
    const options: ClientOptions = {
      clerk: { ...defaultClerkTiming, client: id, incarnation, servers, random: random.fork("clerk") },
      generator,
      random: random.fork("thinking"),
      thinkTime: THINK_TIME,
      roaming: 0,
      stopAt: this.stopAt,
    };
    return options;
  }

  private get writers(): readonly NodeId[] {
    return this.cluster.clientIds.slice(0, -1);
  }

  private get reader(): NodeId {
    return this.cluster.clientIds.at(-1)!;
  }
}

/** Gets each key once. */
class KeyReader implements Generator {
  readonly values = new Map<string, string | null>();
  private readonly keys: number;
  private asked = 0;

  constructor(keys: number) {
    this.keys = keys;
  }

  get done(): boolean {
    return this.values.size === this.keys;
  }

  next(): Operation | null {
    return this.asked < this.keys ? { kind: "get", key: String(this.asked++) } : null;
  }

  learn(operation: Operation, result: { kind: string; value?: string | null }): void {
    this.values.set(operation.key, result.value ?? null);
  }
}

/** Why this value is not "x <client> 0 y", "x <client> 1 y", ... once each and in order; null if it is. */
export function appendProblem(client: number, value: string | null, count: number): string | null {
  const expected = Array.from({ length: count }, (_, j) => `x ${client} ${j} y`);
  const whole = expected.join("");
  if (value === whole) return null;
  for (const token of expected) {
    const first = (value ?? "").indexOf(token);
    if (first < 0) return `key ${client} lost ${JSON.stringify(token)}`;
    if ((value ?? "").indexOf(token, first + 1) >= 0)
      return `key ${client} has ${JSON.stringify(token)} twice`;
  }
  return `key ${client} has its ${count} appends in another order, or more than them`;
}
