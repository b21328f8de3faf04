/** Who was what when: each server's role, term and condition over the run, for the page. */

import type { Instant, NodeId } from "../../src/base/index.ts";
import type { Cluster, Sight, Watcher } from "../cluster/index.ts";
import type { ServerRow, ServerSpan } from "./report.ts";
import type { ServerStatus } from "./status.ts";

interface Row {
  readonly closed: ServerSpan[];
  from: Instant;
  status: ServerStatus;
  term: number;
}

export class Timeline implements Watcher {
  private readonly cluster: Cluster;
  private readonly rows = new Map<NodeId, Row>();

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    for (const id of cluster.serverIds)
      this.rows.set(id, { closed: [], from: 0, status: "follower", term: 0 });
  }

  changed(id: NodeId, _before: Sight, now: Sight): void {
    const row = this.rows.get(id)!;
    const status = statusOf(now);
    if (status === row.status && now.term === row.term) return;
    this.close(row);
    row.status = status;
    row.term = now.term;
  }

  /** The rows up to now. */
  servers(): readonly ServerRow[] {
    return Array.from(this.rows, ([id, row]) => {
      this.close(row);
      return { id, spans: row.closed };
    });
  }

  private close(row: Row): void {
    const { now } = this.cluster.world;
    // What lasted no time at all cannot be drawn.
    if (now > row.from) row.closed.push({ from: row.from, until: now, status: row.status, term: row.term });
    row.from = now;
  }
}

function statusOf({ role, paused }: Sight): ServerStatus {
  if (role === null) return "crashed";
  return paused ? "paused" : role;
}
