/** What messages say, in the words in which people debug Raft: short, for a column is narrow. */

import { type NodeId, unreachable } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import type { Conditions } from "../sim/index.ts";

export const TOPICS = [
  "TIMER",
  "VOTE",
  "LEAD",
  "LOG",
  "COMMIT",
  "SNAP",
  "PERSIST",
  "DROP",
  "CLIENT",
  "FAULT",
] as const;

export type Topic = (typeof TOPICS)[number];

/** A message on its way, in its server's words. */
export interface Wording {
  readonly topic: Topic;
  /** Whose column it belongs in: the sender's, or a server's that a client asks. */
  readonly node: NodeId;
  readonly text: string;
}

/** Null for what nobody needs to be told: heartbeats, and answers that bring nothing new. */
export function wordingOf(from: NodeId, to: NodeId, payload: KvMessage): Wording | null {
  const say = (topic: Topic, text: string, node = from): Wording => ({ topic, node, text });
  switch (payload.kind) {
    case "requestVote":
      return say("VOTE", `asks ${to} for a ${payload.preVote ? "pre-vote" : "vote"}, term ${payload.term}`);
    case "requestVoteReply": {
      const vote = payload.preVote ? "would vote" : "votes";
      const verdict = payload.voteGranted ? `${vote} for` : payload.preVote ? "would refuse" : "refuses";
      return say("VOTE", `${verdict} ${to}, term ${payload.term}`);
    }
    case "appendEntries": {
      const { prevLogIndex, entries } = payload;
      if (entries.length === 0) return null;
      return say("LOG", `sends ${to} ${range(prevLogIndex + 1, prevLogIndex + entries.length)}`);
    }
    case "appendEntriesReply":
      return payload.success ? null : say("LOG", `refuses ${to}${conflictText(payload.conflict)}`);
    case "installSnapshot": {
      const { offset, data, done, lastIncludedIndex } = payload;
      const end = done ? ", the end" : "";
      return say(
        "SNAP",
        `sends ${to} snapshot ${lastIncludedIndex}, from byte ${offset}: ${data.length}${end}`,
      );
    }
    case "installSnapshotReply":
      return payload.installed
        ? say("SNAP", `has snapshot ${payload.lastIncludedIndex}`)
        : say("SNAP", `has ${payload.offset} bytes of snapshot ${payload.lastIncludedIndex}`);
    case "timeoutNow":
      return say("LEAD", `tells ${to} to take over, term ${payload.term}`);
    case "timeoutNowReply":
      return null;
    case "openSession":
      return say("CLIENT", `${from} asks for a session`, to);
    case "sessionOpened":
      return say("CLIENT", `opens session ${payload.session} for ${to}`);
    case "clerkRequest":
      return say("CLIENT", `${from} asks ${payload.operation.kind} ${payload.operation.key}`, to);
    case "result":
      return say("CLIENT", `answers ${to}`);
    case "notLeader":
      return say("CLIENT", `sends ${to} to ${payload.hint ?? "anybody else"}`);
    case "superseded":
      return say("CLIENT", `has newer from ${to}`);
    case "expired":
      return say("CLIENT", `has no such session for ${to}`);
    default:
      return unreachable(payload);
  }
}

/** "requestVote" as "request vote", which can be broken where a column ends. */
export function spaced(kind: string): string {
  return kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** How the network behaves, as far as it is not perfect. */
export function conditionsText(conditions: Conditions): string {
  const { reliable, loss, duplication, reordering, extraDelay } = conditions;
  const percent = (verb: string, permille: number) => (permille === 0 ? [] : [`${verb} ${permille / 10} %`]);
  const deeds = [
    ...(reliable ? [] : ["is unreliable"]),
    ...percent("loses", loss),
    ...percent("duplicates", duplication),
    ...percent("reorders", reordering),
    ...(extraDelay === 0 ? [] : [`delays by up to ${extraDelay / 1000} ms`]),
  ];
  return deeds.length === 0 ? "is perfect" : deeds.join(", ");
}

/** Entries by their indexes. */
export function range(first: number, last: number): string {
  return first === last ? `entry ${first}` : `entries ${first}-${last}`;
}

function conflictText(conflict: { readonly term: number; readonly index: number } | null): string {
  if (conflict === null) return ": old term";
  return conflict.term === 0
    ? `: log ends before ${conflict.index}`
    : `: term ${conflict.term} from ${conflict.index}`;
}
