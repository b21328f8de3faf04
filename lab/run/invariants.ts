/**
 * What must hold at every event, whatever the clients saw: checking histories alone misses most elections that went
 * wrong. An invariant that breaks ends the run.
 */

import type { Instant, NodeId } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import type { Raft } from "../../src/raft/index.ts";
import type { Observer } from "../sim/index.ts";
import type { Violation } from "./report.ts";

/** Servers that run Raft, with a KV store on top of it or bare. */
export interface RaftServers {
  readonly world: { readonly now: Instant };
  readonly serverIds: readonly NodeId[];
  /** Null while the server is down. */
  raft(id: NodeId): Raft | null;
}

export class Invariants implements Observer<KvMessage, unknown> {
  /** The first that broke. */
  broken: Violation | null = null;
  private readonly cluster: RaftServers;
  private readonly leaders = new Map<number, NodeId>();
  /** By server, then term: whom it told that it votes for. */
  private readonly votes = new Map<NodeId, Map<number, NodeId>>();

  constructor(cluster: RaftServers) {
    this.cluster = cluster;
    for (const id of cluster.serverIds) this.votes.set(id, new Map());
  }

  /** Election safety (Figure 3): at most one leader in a term, over the whole run. */
  stepped(id: NodeId): void {
    const raft = this.cluster.raft(id);
    if (raft?.role !== "leader") return;
    const term = raft.currentTerm;
    const first = this.leaders.get(term);
    if (first === undefined) this.leaders.set(term, id);
    else if (first !== id) {
      this.fail("election safety", `${first} and ${id} both became leader of term ${term}`, [first, id]);
    }
  }

  /**
   * One vote per server and term, across its incarnations. A vote counts when it leaves the server: one that was
   * lost in a crash before anybody heard of it may be cast again.
   */
  sent(from: NodeId, to: NodeId, payload: KvMessage): void {
    if ("preVote" in payload && payload.preVote) return;
    if (payload.kind === "requestVote") this.vote(from, payload.term, from);
    else if (payload.kind === "requestVoteReply" && payload.voteGranted) this.vote(from, payload.term, to);
  }

  private vote(voter: NodeId, term: number, candidate: NodeId): void {
    const votes = this.votes.get(voter)!;
    const first = votes.get(term);
    if (first === undefined) votes.set(term, candidate);
    else if (first !== candidate) {
      this.fail("one vote per term", `${voter} voted for ${first} and for ${candidate} in term ${term}`, [
        voter,
      ]);
    }
  }

  private fail(name: string, message: string, nodes: readonly NodeId[]): void {
    this.broken ??= { kind: "invariant", name, message, at: this.cluster.world.now, nodes };
  }
}
