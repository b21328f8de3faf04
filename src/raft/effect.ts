/** What goes into Raft and what comes out, beyond what every actor has. */

import type { Effect, Input } from "../base/index.ts";
import type { Command, Entry } from "./log.ts";
import type { RaftMessage } from "./message.ts";
import type { RaftRecord } from "./storage.ts";

export type RaftInput =
  | Input<RaftMessage>
  /** Replicate this. Ignored unless this server leads. */
  | { readonly kind: "propose"; readonly command: Command };

export type RaftEffect =
  | Effect<RaftMessage, RaftRecord>
  /** These entries are committed: apply them, in order. The first has this index. */
  | { readonly kind: "commit"; readonly index: number; readonly entries: readonly Entry[] };
