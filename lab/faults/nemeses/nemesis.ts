/** A named nemesis: a script that watches the protocol and brings about one situation, again and again. */

import { MILLISECOND } from "../../../src/base/index.ts";
import type { ServerOptions } from "../../../src/kv/index.ts";
import type { Conditions } from "../../sim/index.ts";
import type { FaultClass } from "../index.ts";
import { Missed, type Script } from "./script.ts";
import type { Stage } from "./stage.ts";

export interface Nemesis {
  readonly name: string;
  /** In a few words, for a list. */
  readonly does: string;
  /** The sometimes-mark of the situation that it is there for. */
  readonly mark: string;
  /** The fewest servers with which the situation exists. */
  readonly servers: number;
  /** What it strikes with. */
  readonly classes: readonly FaultClass[];
  /** How servers must be set up for it, where the user does not say. */
  readonly needs: Needs;
  /** One round. It may leave everything as it is; whoever plays it calms the cluster. */
  round(stage: Stage): Script;
}

interface Needs extends Partial<Pick<ServerOptions, "reads" | "maxRaftState" | "timing">> {
  readonly limits?: Partial<ServerOptions["limits"]>;
  readonly features?: Partial<ServerOptions["features"]>;
  readonly slowDisks?: "none" | "all";
  /** Of the network between faults. Where it tells of losses, a request reaches only that life of a server to which it went. */
  readonly conditions?: Partial<Conditions>;
  /** Sessions for which there is room beyond one a client. */
  readonly spareSessions?: number;
}

/** Between two rounds, milliseconds: mostly the clients get something done, now and then hardly. */
const REST = [20, 300] as const;

/** One round after the other, for as long as somebody plays it. */
export function* playNemesis(nemesis: Nemesis, stage: Stage): Script {
  for (;;) {
    yield* stage.pause(stage.random.between(...REST) * MILLISECOND);
    try {
      yield* nemesis.round(stage);
    } catch (error) {
      // Chance was against it: another round.
      if (!(error instanceof Missed)) throw error;
    }
    yield* stage.calm();
  }
}
