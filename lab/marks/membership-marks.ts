/** Marks of changes of the membership: the phases of a change, and who fails in which. */

import type { NodeId } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import { type Configuration, isVoter, type Raft } from "../../src/raft/index.ts";
import type { Cluster, Sight, Watcher } from "../cluster/index.ts";

export const MEMBERSHIP_MARKS = [
  "a learner has caught up",
  "a joint configuration begins",
  "a joint configuration ends",
  "a joint configuration is ended by another leader",
  "one server joins or leaves at a time",
  "a leader is elected in a joint configuration",
  "a server crashes in a joint configuration",
  "the leader crashes in a joint configuration",
  "a leader leads a configuration that it is not in",
  "a removed leader steps down",
  "a removed server joins again",
  "a removed server disturbs in vain",
  "a configuration is cut off the log",
  "a change is refused before an entry of the own term",
  "a change is refused while another is under way",
  "a snapshot is sent with a configuration",
  "a configuration comes back from a snapshot",
] as const;

export type MembershipMark = (typeof MEMBERSHIP_MARKS)[number];

/** What is known of a life of a server. */
interface Known {
  readonly raft: Raft;
  readonly configuration: Configuration;
  readonly index: number;
}

export class MembershipMarks implements Watcher {
  private readonly cluster: Cluster;
  private readonly reach: (mark: MembershipMark) => void;
  private readonly known = new Map<NodeId, Known>();
  /** By index: who appended this joint configuration as a leader. */
  private readonly beginners = new Map<number, NodeId>();
  /** Who has been a member and was left out. */
  private readonly removed = new Set<NodeId>();

  constructor(cluster: Cluster, reach: (mark: MembershipMark) => void) {
    this.cluster = cluster;
    this.reach = reach;
  }

  changed(id: NodeId, before: Sight, now: Sight): void {
    const known = this.known.get(id);
    const { raft } = now;
    if (raft === null) {
      if (known !== undefined && before.raft === known.raft) this.crashed(known, before);
      this.known.delete(id);
      return;
    }
    const { configuration, configurationIndex: index } = raft;
    if (known === undefined || known.raft !== raft) this.started(raft);
    else if (known.configuration !== configuration) this.moved(known, before, raft);
    if (before.role !== now.role) this.roleChanged(before, now, raft);
    this.known.set(id, { raft, configuration, index });
  }

  sent(from: NodeId, to: NodeId, payload: KvMessage): void {
    if (payload.kind === "installSnapshot" && payload.configuration !== null)
      this.reach("a snapshot is sent with a configuration");
    if (payload.kind !== "requestVoteReply" || payload.voteGranted) return;
    const raft = this.cluster.raft(from);
    if (raft !== null && raft.leaderId !== null && !isVoter(raft.configuration, to))
      this.reach("a removed server disturbs in vain");
  }

  /** What operators were told, once the run is over. */
  refusals(): readonly (readonly [MembershipMark, number])[] {
    const { refusals } = this.cluster;
    return [
      [
        "a change is refused before an entry of the own term",
        refusals.get("has committed nothing in its term") ?? 0,
      ],
      [
        "a change is refused while another is under way",
        refusals.get("is changing the membership already") ?? 0,
      ],
    ];
  }

  private started(raft: Raft): void {
    const { configuration, snapshot } = raft;
    if (snapshot !== null && snapshot.configuration === configuration)
      this.reach("a configuration comes back from a snapshot");
  }

  private crashed({ configuration }: Known, before: Sight): void {
    if (configuration.outgoing === null) return;
    this.reach("a server crashes in a joint configuration");
    if (before.role === "leader") this.reach("the leader crashes in a joint configuration");
  }

  private moved(known: Known, before: Sight, raft: Raft): void {
    if (raft.configurationIndex < known.index && raft.log.snapshotIndex < known.index)
      this.reach("a configuration is cut off the log");
    if (before.role === "leader") this.movedBy(raft, known);
  }

  /** This leader has appended it. */
  private movedBy({ id, configuration, configurationIndex }: Raft, known: Known): void {
    const { voters, outgoing } = configuration;
    const newcomers = voters.filter((voter) => !isVoter(known.configuration, voter));
    if (newcomers.length > 0) this.reach("a learner has caught up");
    if (newcomers.some((voter) => this.removed.has(voter))) this.reach("a removed server joins again");
    for (const voter of voters) this.removed.delete(voter);
    if (outgoing !== null) {
      this.beginners.set(configurationIndex, id);
      this.reach("a joint configuration begins");
      return;
    }
    for (const voter of known.configuration.voters) if (!voters.includes(voter)) this.removed.add(voter);
    for (const voter of known.configuration.outgoing ?? [])
      if (!voters.includes(voter)) this.removed.add(voter);
    if (!voters.includes(id)) this.reach("a leader leads a configuration that it is not in");
    if (known.configuration.outgoing === null) this.reach("one server joins or leaves at a time");
    else this.ended(id, known);
  }

  private ended(id: NodeId, { index }: Known): void {
    this.reach("a joint configuration ends");
    if (this.beginners.has(index) && this.beginners.get(index) !== id)
      this.reach("a joint configuration is ended by another leader");
  }

  private roleChanged(before: Sight, now: Sight, { configuration, id }: Raft): void {
    if (now.role === "leader" && configuration.outgoing !== null)
      this.reach("a leader is elected in a joint configuration");
    if (before.role === "leader" && now.term === before.term && !isVoter(configuration, id))
      this.reach("a removed leader steps down");
  }
}
