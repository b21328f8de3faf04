/**
 * The Go labs' GenericTest: three rounds of clients that append and read for five seconds, while servers are cut from
 * one another at random and, at the end of a round, all crash. Then every key is read through a fresh clerk.
 */

import { type Duration, MILLISECOND, type NodeId, SECOND } from "../../../src/base/index.ts";
import { fail } from "../suite.ts";
import { appendProblem, token } from "./appends.ts";
import { append, get, put } from "./call.ts";
import type { LabClerk } from "./clerk.ts";
import type { KvLab, KvScript } from "./lab.ts";
import { type KvSuite, kvSuite } from "./suite.ts";

export interface GenericOptions {
  readonly clients: number;
  readonly servers: number;
  readonly unreliable?: boolean;
  /** All servers crash at the end of each round and come back. */
  readonly crashes?: boolean;
  /** Every 1.1 s or so, servers are split anew; clerks too, or they reach both sides. */
  readonly partitions?: "servers" | "servers and clerks";
  readonly maxRaftState?: number;
  /** Clients use one another's keys; else each has a key of its own. */
  readonly randomKeys?: boolean;
}

const ROUNDS = 3;
/** Without this, a cluster that answers hardly anybody would pass. */
const LEAST = 100;
const LOAD: Duration = 5 * SECOND;
/** How long the Go labs wait for a new term after a heal, and with everything down after a crash. */
const PAUSE: Duration = SECOND;

/**
 * Clients of the Go labs do not think, but their clusters are slower: the handout's own figures are 30 operations a
 * second on an unreliable network and up to 430 on a reliable one, however many the clients. A think time in proportion
 * to their number makes some 200 at most here, which is in between and keeps all suites together within seconds.
 */
const THINK_TIME: Duration = 5 * MILLISECOND;

export function genericTest(name: string, options: GenericOptions): KvSuite {
  const { clients, servers, unreliable = false, maxRaftState } = options;
  const setup = { servers, clerks: clients + 1, unreliable, ...(maxRaftState && { maxRaftState }) };
  return kvSuite(name, setup, (lab) => {
    const writers = Array.from({ length: clients }, (_, number) => new Writer(number));
    for (let round = 1; round <= ROUNDS; round++) playRound(lab, options, writers);
    const { operations } = lab.recorder;
    if (operations < LEAST)
      fail(`${operations} operations in ${ROUNDS} rounds, at least ${LEAST} are expected`);
  });
}

/** What a client has appended. Its numbers go on from round to round, so that no value is ever written twice. */
class Writer {
  readonly number: number;
  private count = 0;
  /** Of this round. */
  tokens: string[] = [];

  constructor(number: number) {
    this.number = number;
  }

  nextToken(): string {
    const next = token(this.number, this.count++);
    this.tokens.push(next);
    return next;
  }
}

function playRound(lab: KvLab, options: GenericOptions, writers: readonly Writer[]): void {
  const { randomKeys = false, partitions, crashes = false } = options;
  let stopped = false;
  const isStopped = () => stopped;
  const clerks = writers.map(() => lab.clerk());
  const clients = writers.map((writer, i) =>
    lab.spawn((randomKeys ? useAnyKey : useOwnKey)(lab, clerks[i]!, writer, writers.length, isStopped)),
  );
  const members =
    partitions === "servers" ? lab.serverIds : [...lab.serverIds, ...clerks.map(({ id }) => id)];
  if (partitions !== undefined) lab.spawn(partitioner(lab, members, isStopped));

  lab.sleep(LOAD);
  stopped = true;
  // Clients may be in the middle of an operation during all this, and must get its answer afterwards.
  if (partitions !== undefined) {
    lab.connectAll();
    lab.sleep(PAUSE);
  }
  if (crashes) {
    lab.crashAll();
    lab.sleep(PAUSE);
    lab.restartAll();
  }
  lab.join(clients);
  for (const clerk of clerks) clerk.leave();

  const reader = lab.clerk();
  for (const { number, tokens } of writers) {
    const key = String(number);
    const value = reader.get(key);
    // Of keys that anybody may overwrite, the check of the whole history must tell.
    const problem = randomKeys ? null : appendProblem(key, value, tokens);
    if (problem !== null) fail(problem);
  }
  reader.leave();
  lab.checkSizes();
}

/** Appends to its own key or reads it, half and half, and always knows what it must read. */
function* useOwnKey(
  lab: KvLab,
  clerk: LabClerk,
  writer: Writer,
  clients: number,
  stopped: () => boolean,
): KvScript {
  const random = lab.random.fork(clerk.id, lab.now);
  const key = String(writer.number);
  writer.tokens = [];
  yield clerk.begin(put(key, ""));
  while (!stopped()) {
    if (random.chance(500)) yield clerk.begin(append(key, writer.nextToken()));
    else {
      const { value } = yield* clerk.begin(get(key));
      const problem = appendProblem(key, value, writer.tokens);
      if (problem !== null) fail(`${clerk.id} read its own key: ${problem}`);
    }
    yield random.below(2 * clients * THINK_TIME + 1);
  }
}

/** Appends, puts or reads, at any client's key. */
function* useAnyKey(
  lab: KvLab,
  clerk: LabClerk,
  writer: Writer,
  clients: number,
  stopped: () => boolean,
): KvScript {
  const random = lab.random.fork(clerk.id, lab.now);
  while (!stopped()) {
    const key = String(random.below(clients));
    if (random.chance(500)) yield clerk.begin(append(key, writer.nextToken()));
    else if (random.chance(100)) yield clerk.begin(put(key, writer.nextToken()));
    else yield clerk.begin(get(key));
    yield random.below(2 * clients * THINK_TIME + 1);
  }
}

/** Everybody goes to one of two sides by a coin; all on one side is possible. */
function* partitioner(lab: KvLab, members: readonly NodeId[], stopped: () => boolean): KvScript {
  const random = lab.random.fork("partitioner", lab.now);
  yield SECOND;
  while (!stopped()) {
    const heads = new Set(members.filter(() => random.chance(500)));
    lab.partition(
      members.filter((id) => heads.has(id)),
      members.filter((id) => !heads.has(id)),
    );
    yield SECOND + random.below(200) * MILLISECOND;
  }
}
