/** The seam for whoever does something to single messages, such as a nemesis that knows the protocol. */

import type { NodeId } from "../../src/base/index.ts";

/** A message that nothing has stopped so far. With its link, `nth` names it: the same in every run of the same seed. */
export interface Passing<Payload> {
  readonly from: NodeId;
  readonly to: NodeId;
  /** Which of the messages on this link it is, requests and replies together, from 0. */
  readonly nth: number;
  readonly payload: Payload;
}

/** Decides over single messages. The network draws the fates of those that it lets pass. */
export interface Interceptor<Payload> {
  /**
   * Asked of every message when it leaves. To call `deliver`, later, is to let the message arrive at that instant: one
   * that is held, or another copy of one that passes.
   */
  intercept(message: Passing<Payload>, deliver: () => void): "passes" | "lost" | "held";
}
