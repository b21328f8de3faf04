/**
 * What a server says that will not start. Some damage breaks what every replicated log takes for granted, so nothing can
 * be built against it; what of it shows when a server reads its disk must not be served from.
 */

import { AssertionError, type NodeId } from "../base/index.ts";

export class Refusal extends AssertionError {}

/** At `index` of the log stands another entry: it is known what stands there, and not what else was overwritten. */
export function strayWrite(id: NodeId | null, index: number, found: number): Refusal {
  return new Refusal(
    `${id ?? "a server"} refuses to start: where entry ${index} of its log should stand, its disk has entry ${found}; a write went astray, and what else it has overwritten nobody knows`,
  );
}

/** Every disk is marked before its server does anything. */
export function noMark(id: NodeId): Refusal {
  return new Refusal(
    `${id} refuses to start: it is no new server, and its disk is empty; it may have voted and acknowledged entries, and would do so again, differently. Take it out of the cluster and let a new one join`,
  );
}
