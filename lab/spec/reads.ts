/**
 * Reads without the log (ReadIndex, thesis, section 6.4), which raft.tla does not have. They change none of its
 * variables; but who answers one must have proof that it still led, and must have applied what was committed by then.
 */

import type { NodeId } from "../../src/base/index.ts";
import { isQuorum, named, type Reason, type ServerState, termAt } from "./state.ts";

/** A client asks a leader. */
export function askRead(s: ServerState, id: number): void {
  const { asked, lastCall } = s.reads;
  if (s.role === "leader") asked.set(id, { afterCall: lastCall, commitIndex: s.commitIndex });
}

/** A follower has answered a call of this term: it took this server for the leader when the call arrived. */
export function confirm(s: ServerState, follower: NodeId, call: number): void {
  const { answered } = s.reads;
  if (s.role === "leader" && call > (answered.get(follower) ?? 0)) answered.set(follower, call);
}

/** A leader answers. */
export function answerRead(s: ServerState, id: number, hasLeases: boolean): Reason | null {
  if (s.role !== "leader") return `it is a ${s.role}, and only a leader answers reads (thesis 6.4)`;
  const { asked, answered } = s.reads;
  const read = asked.get(id);
  if (read === undefined) return "nobody has asked for this read since it leads (thesis 6.4)";
  if (termAt(s, s.commitIndex) !== s.currentTerm) {
    return `no entry of its own term ${s.currentTerm} is committed, the latest has term ${termAt(s, s.commitIndex)} (thesis 6.4)`;
  }
  const followers = s.servers.filter((each) => (answered.get(each) ?? 0) > read.afterCall);
  // A lease is as good, but the specification has no clocks.
  if (!hasLeases && !isQuorum(followers.length + 1, s)) {
    return `since the read was asked for only ${named([s.id, ...followers])} followed it, no quorum of ${s.servers.length} (thesis 6.4)`;
  }
  if (s.lastApplied < read.commitIndex) {
    return `${read.commitIndex} was committed when the read was asked for, and only ${s.lastApplied} is applied (thesis 6.4)`;
  }
  asked.delete(id);
  return null;
}
