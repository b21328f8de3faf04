/** Faults of single messages, as data: what a script did to the n-th message of a link, so that it can be done again. */

import type { Instant, NodeId } from "../../src/base/index.ts";
import type { Interceptor, Passing } from "../sim/index.ts";

/** `nth` counts what was sent from one node to the other, requests and replies together, from 0. */
export type MessageFault = {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly nth: number;
} & (
  | { readonly kind: "lost" }
  /** It arrives then, and not before. */
  | { readonly kind: "held"; readonly arrives: Instant }
  /** It goes its way, and arrives a second time then. */
  | { readonly kind: "copied"; readonly arrives: Instant }
);

/** What acts need of the world. */
interface Clock {
  readonly now: Instant;
  early(time: Instant, action: () => void): void;
}

/** Does to messages what is written down; the others pass. */
export class MessageFaults implements Interceptor<unknown> {
  private readonly clock: Clock;
  private readonly disturbed: () => void;
  private readonly faults = new Map<string, MessageFault[]>();

  /** Calls `disturbed` when a message does not go its way. */
  constructor(clock: Clock, faults: readonly MessageFault[], disturbed: () => void) {
    this.clock = clock;
    this.disturbed = disturbed;
    for (const fault of faults) {
      const name = nameOf(fault);
      this.faults.set(name, [...(this.faults.get(name) ?? []), fault]);
    }
  }

  intercept(message: Passing<unknown>, deliver: () => void): "passes" | "lost" | "held" {
    const faults = this.faults.get(nameOf(message)) ?? [];
    for (const fault of faults) {
      // Where the code has changed since, it may be too late.
      if (fault.kind !== "lost") this.clock.early(Math.max(fault.arrives, this.clock.now + 1), deliver);
    }
    const kind = faults.find((fault) => fault.kind !== "copied")?.kind;
    if (kind !== "lost" && kind !== "held") return "passes";
    this.disturbed();
    return kind;
  }
}

function nameOf({ from, to, nth }: Pick<MessageFault, "from" | "to" | "nth">): string {
  return `${from}>${to}#${nth}`;
}
