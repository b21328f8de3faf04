/** Everyone who watches a cluster: the recorder of what clients see, the invariants, the timeline, the marks. */

import { type Cluster, type Members, Sights } from "../cluster/index.ts";
import { Marks } from "../marks/index.ts";
import { Invariants } from "../oracles/index.ts";
import { Refinement } from "../spec/index.ts";
import { type Notice, Recorder } from "../workload/index.ts";
import { defaultOptions, type RunOptions } from "./options.ts";
import { isRefined } from "./setup.ts";
import { Timeline } from "./timeline.ts";

export interface Watchers {
  readonly recorder: Recorder;
  readonly invariants: Invariants;
  readonly timeline: Timeline;
  readonly marks: Marks;
}

/** Call before the cluster starts, or its first steps go unseen. */
export function watch(
  cluster: Cluster,
  options: Pick<RunOptions, "refinement" | "membership"> = defaultOptions,
): Watchers {
  const { world } = cluster;
  const recorder = new Recorder();
  const invariants = new Invariants(cluster);
  const timeline = new Timeline(cluster);
  const marks = new Marks(cluster);
  world.observe(new Sights(cluster, [timeline, invariants, marks]));
  world.observe(invariants);
  world.observe(marks);
  if (isRefined(options)) refine(cluster, invariants);
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

function refine(cluster: Cluster, invariants: Invariants): void {
  const refinement = new Refinement(cluster, (message, nodes) =>
    invariants.fail("refinement", message, nodes),
  );
  cluster.world.observe({
    turned: (id) => refinement.turned(id),
    sent: (from, to, payload) => {
      // What clients and servers say to one another binds no server.
      if ("term" in payload) refinement.sent(from, to, payload);
    },
  });
}
