/** The system under test, as the classes that it is built from. A mutant is the same table with one class replaced. */

import { Server } from "../../src/kv/index.ts";
import { Raft } from "../../src/raft/index.ts";

export interface System {
  readonly Raft: typeof Raft;
  readonly Server: typeof Server;
}

export const intendedSystem: System = { Raft, Server };
