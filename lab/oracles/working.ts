/** Which servers can get something done by themselves, where the members change: a quorum of whatever anybody counts by. */

import type { NodeId, Random } from "../../src/base/index.ts";
import { isQuorum, type Raft } from "../../src/raft/index.ts";

type Rafts = (id: NodeId) => Raft | null;

/** True if these would be a quorum for whoever of them leads: for each of them, by its own configuration. */
export function canWork(servers: ReadonlySet<NodeId>, raft: Rafts): boolean {
  for (const id of servers) {
    const server = raft(id);
    if (server !== null && !isQuorum(servers, server.configuration)) return false;
  }
  return true;
}

/**
 * As many as can be spared, in random order: the rest stays a quorum of every configuration that any server has. Nobody,
 * while a change is under way that may yet need any of them.
 */
export function spared(random: Random, servers: readonly NodeId[], raft: Rafts): readonly NodeId[] {
  const order = random.shuffle(servers);
  const rafts = servers.flatMap((id) => raft(id) ?? []);
  if (rafts.some(({ goal, configuration }) => goal !== configuration.voters)) return [];
  const rest: NodeId[] = [];
  const core = new Set(servers);
  for (const id of order) {
    core.delete(id);
    if (rafts.every(({ configuration }) => isQuorum(core, configuration))) rest.push(id);
    else core.add(id);
  }
  return rest;
}
