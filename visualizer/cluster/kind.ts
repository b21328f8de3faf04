/** Messages by what they are for: people look for an election or for a write, seldom for everything at once. */

import type { Flight } from "./film.ts";

export const MESSAGE_KINDS = ["votes", "entries", "heartbeats", "snapshots", "handover", "clients"] as const;

export type MessageKind = (typeof MESSAGE_KINDS)[number];

export function kindOf({ payload, heartbeat }: Pick<Flight, "payload" | "heartbeat">): MessageKind {
  switch (payload.kind) {
    case "requestVote":
    case "requestVoteReply":
      return "votes";
    case "appendEntries":
    case "appendEntriesReply":
      return heartbeat ? "heartbeats" : "entries";
    case "installSnapshot":
    case "installSnapshotReply":
      return "snapshots";
    case "timeoutNow":
    case "timeoutNowReply":
      return "handover";
    default:
      return "clients";
  }
}
