/** One step of a server, seen from both ends, and what is known of its explanation so far. */

import type { RaftInput } from "../../src/raft/index.ts";
import type { Concrete } from "./abstraction.ts";
import type { Reason, ServerState } from "./state.ts";

export interface Step {
  /** The specification's server: as it was before the step, then as the actions make it that explain the step. */
  readonly s: ServerState;
  /** The implementation's, after the step. */
  readonly server: Concrete;
  input: RaftInput;
  /** The latest action of the explanation. */
  action: string;
  /** Why the specification refuses what the request asks for; null if it grants it. */
  refusal: Reason | null;
}
