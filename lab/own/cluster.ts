/** The members of a system of one's own: its servers, and callers that carry out a workload. */

import { type Actor, AssertionError, type Instant, type NodeId, Random } from "../../src/base/index.ts";
import { diskTimingOf, Members, serverNames } from "../cluster/index.ts";
import type { Boot as SimBoot, Storage } from "../sim/index.ts";
import { type Agenda, Caller, type Errand, type Notice } from "../workload/index.ts";
import { Direct } from "./direct.ts";
import { copyOf, plainWire, textOf } from "./plain.ts";
import type { Scenario } from "./scenario.ts";
import { type Boot, type OwnSystem, type ServerActor, scaleOf } from "./system.ts";

export class OwnCluster<Operation, Result, Payload, DiskRecord> extends Members<
  Payload,
  DiskRecord,
  DiskRecord[],
  Notice<Operation, Result>
> {
  private readonly system: OwnSystem<Operation, Result, Payload, DiskRecord>;
  private readonly random: Random;
  private readonly servers = new Map<NodeId, ServerActor<Payload, DiskRecord>>();
  /** By client. It goes on where it was when its client comes back from a crash. */
  private readonly agendas: ReadonlyMap<NodeId, PlannedAgenda<Operation>>;

  constructor(system: OwnSystem<Operation, Result, Payload, DiskRecord>, scenario: Scenario<Operation>) {
    const random = new Random(scenario.seed);
    const { servers, clients } = scaleOf(system);
    super({
      servers,
      clients,
      random: random.fork("world"),
      wire: plainWire<Payload>(),
      storage: recordList(),
      diskTiming: (id) => diskTimingOf(id, serverNames(servers), scenario),
      conditions: scenario.conditions,
    });
    this.system = system;
    this.random = random;
    this.agendas = new Map(
      this.clientIds.map((id) => [id, new PlannedAgenda(id, scenario, scaleOf(system).duration)]),
    );
  }

  override leader(): NodeId | null {
    let leader: { id: NodeId; term: number } | null = null;
    for (const [id, server] of this.servers) {
      const term = this.world.condition(id) === "down" ? null : (server.leads ?? null);
      if (term !== null && (leader === null || term > leader.term)) leader = { id, term };
    }
    return leader?.id ?? null;
  }

  override isAnswer(from: NodeId, to: NodeId): boolean {
    return this.serverIds.includes(from) && this.clientIds.includes(to);
  }

  protected override bootServer(boot: SimBoot<DiskRecord[]>) {
    return shielded(boot.id, () => {
      const server = this.system.server({ ...this.bootFor(boot), disk: boot.image.map(copyOf) });
      this.servers.set(boot.id, server);
      return server;
    });
  }

  protected override bootClient(boot: SimBoot<DiskRecord[]>) {
    return shielded(boot.id, () => {
      const agenda = this.agendas.get(boot.id)!;
      const own = this.bootFor(boot);
      const protocol = this.system.client?.(own) ?? new Direct<Payload, Operation, Result>(own);
      return new Caller<Payload, Operation, Result>({ protocol, agenda }, boot.now);
    });
  }

  private bootFor({ id, incarnation, now }: SimBoot<DiskRecord[]>): Boot {
    return { id, incarnation, now, servers: this.serverIds, random: this.random.fork(id, incarnation) };
  }
}

/** A client's part of the workload. */
class PlannedAgenda<Operation> implements Agenda<Operation, unknown> {
  private readonly planned: Scenario<Operation>["workload"];
  private readonly stopAt: Instant;
  private done = 0;

  constructor(client: NodeId, { workload }: Scenario<Operation>, stopAt: Instant) {
    this.planned = workload.filter((each) => each.client === client).sort((a, b) => a.at - b.at);
    this.stopAt = stopAt;
  }

  after(now: Instant): Instant | null {
    const next = this.planned[this.done];
    return next === undefined || next.at >= this.stopAt ? null : Math.max(next.at, now);
  }

  begin(now: Instant): Errand<Operation> | null {
    if (now >= this.stopAt) return null;
    const next = this.planned[this.done++];
    return next === undefined ? null : { operation: next.operation, roam: false };
  }

  learn(): void {}
}

/** Records are kept in order, as copies. */
function recordList<DiskRecord>(): Storage<DiskRecord, DiskRecord[]> {
  return {
    empty: () => [],
    write: (image, record) => {
      image.push(JSON.parse(textOf(record, "a disk record")) as DiskRecord);
    },
  };
}

/** What the system's code throws is a finding about the system, and says where. */
function shielded<Input, Effect>(id: NodeId, boot: () => Actor<Input, Effect>): Actor<Input, Effect> {
  const actor = blaming(id, boot);
  return {
    get deadline() {
      return actor.deadline;
    },
    step: (now: Instant, input: Input) => blaming(id, () => actor.step(now, input)),
  };
}

function blaming<T>(id: NodeId, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw blamed(id, error);
  }
}

/** Whatever a node's code has thrown, as the assertion that it did not hold. */
export function blamed(id: NodeId, error: unknown): AssertionError {
  if (!(error instanceof Error)) return new AssertionError(`${id} threw ${String(error)}`);
  if (error instanceof AssertionError) return new AssertionError(`${id}: ${error.message}`);
  const where = error.stack?.split("\n").find((line) => line.trimStart().startsWith("at "));
  return new AssertionError(
    `${id} threw ${error.name}: ${error.message}${where === undefined ? "" : ` (${where.trim()})`}`,
  );
}
