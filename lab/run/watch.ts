/** Everyone who watches a cluster: the recorder of what clients see, the invariants, the timeline, the marks. */

import { type Notice, Recorder } from "../workload/index.ts";
import type { Cluster } from "./cluster.ts";
import { Invariants } from "./invariants.ts";
import { Marks } from "./marks.ts";
import type { Members } from "./members.ts";
import { Sights } from "./sight.ts";
import { Timeline } from "./timeline.ts";

export interface Watchers {
  readonly recorder: Recorder;
  readonly invariants: Invariants;
  readonly timeline: Timeline;
  readonly marks: Marks;
}

/** Call before the cluster starts, or its first steps go unseen. */
export function watch(cluster: Cluster): Watchers {
  const { world } = cluster;
  const recorder = new Recorder();
  const invariants = new Invariants(cluster);
  const timeline = new Timeline(cluster);
  const marks = new Marks(cluster);
  world.observe(new Sights(cluster, [timeline, invariants, marks]));
  world.observe(invariants);
  world.observe(marks);
  recordClients(cluster, recorder);
  return { recorder, invariants, timeline, marks };
}

/** From now on all that clients see is recorded. */
export function recordClients<Payload, DiskRecord, Image, Operation, Result, Command>(
  { world, clientIds }: Members<Payload, DiskRecord, Image, Notice<Operation, Result>, Command>,
  recorder: Recorder<Operation, Result>,
): void {
  const clients = new Set(clientIds);
  world.observe({
    noticed: (id, notice) => recorder.record(world.now, id, notice),
    turned: (id) => {
      if (clients.has(id) && world.condition(id) === "down") recorder.crashed(world.now, id);
    },
  });
}
