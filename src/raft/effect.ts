/** What goes into Raft and what comes out, beyond what every actor has. */

import type { Effect, Input, NodeId } from "../base/index.ts";
import type { Command, Entry, Snapshot } from "./log.ts";
import type { RaftMessage } from "./message.ts";
import type { RaftRecord } from "./storage.ts";

export type RaftInput =
  | Input<RaftMessage>
  /** Replicate this. Ignored unless this server accepts proposals. */
  | { readonly kind: "propose"; readonly command: Command }
  /** The state machine's state after the entry at `index`, which must be applied: drop the log up to there. */
  | { readonly kind: "compact"; readonly index: number; readonly data: Uint8Array }
  /** Answer with `readable` when the state machine may be read. Ignored unless this server leads. */
  | { readonly kind: "read"; readonly id: number }
  /** Hand leadership to another server. Ignored unless this server leads and the other is a member. */
  | { readonly kind: "transfer"; readonly to: NodeId }
  /** Let these be the members. Ignored where `refusalOf` them is not null. */
  | { readonly kind: "change"; readonly members: readonly NodeId[] };

export type RaftEffect =
  | Effect<RaftMessage, RaftRecord>
  /** These entries are committed: apply them, in order. The first has this index. */
  | { readonly kind: "commit"; readonly index: number; readonly entries: readonly Entry[] }
  /** Replace the state machine's state by this one. */
  | { readonly kind: "restore"; readonly snapshot: Snapshot }
  /** Since these reads were asked for, this server was the leader, and all that was committed then is applied. */
  | { readonly kind: "readable"; readonly ids: readonly number[] };
