/** Whoever changes the membership in a suite: asks, looks in which phase the change is, and asks again until it is done. */

import { type Duration, type NodeId, SECOND } from "../../../src/base/index.ts";
import type { Raft } from "../../../src/raft/index.ts";
import type { KvLab } from "../kv/lab.ts";
import { fail } from "../suite.ts";

/** Where a change is: newcomers learn, both configurations count, or the new one is still to be committed. */
export const PHASES = ["learning", "joint", "new"] as const;

export type Phase = (typeof PHASES)[number];

/** With one server at a time there is no joint configuration. */
export const PHASES_ONE_BY_ONE = ["learning", "new"] as const satisfies readonly Phase[];

const PATIENCE: Duration = 15 * SECOND;

export class Operator {
  private readonly lab: KvLab;

  constructor(lab: KvLab) {
    this.lab = lab;
  }

  /** Whoever leads the highest term, once somebody does. */
  leader(): Raft {
    this.until("somebody leads", () => this.lab.cluster.leader() !== null);
    return this.raft(this.lab.cluster.leader()!);
  }

  raft(id: NodeId): Raft {
    return this.lab.cluster.raft(id) ?? fail(`${id} is down`);
  }

  /** The configuration that is in effect where it counts. */
  get members(): readonly NodeId[] {
    return this.leader().configuration.voters;
  }

  get spares(): readonly NodeId[] {
    const { members } = this;
    return this.lab.serverIds.filter((id) => !members.includes(id));
  }

  /** Until these are the members and everything is committed, whatever leaders come and go meanwhile. */
  change(members: readonly NodeId[]): void {
    this.until(`the members are ${members.join(" ")}`, () => this.isDone(members) || this.ask(members));
  }

  /** Until a change to these is in this phase; returns who leads it. */
  changeUntil(phase: Phase, members: readonly NodeId[]): Raft {
    const { cluster } = this.lab;
    const isThere = () => {
      const id = cluster.leader();
      return id !== null && (isIn(this.raft(id), phase) || this.ask(members));
    };
    this.until(`a change to ${members.join(" ")} is in its phase ${phase}`, isThere);
    return this.leader();
  }

  /** A majority may have nothing to hear of, so a clerk must ask for something meanwhile. */
  private isDone(members: readonly NodeId[]): boolean {
    const id = this.lab.cluster.leader();
    if (id === null || !members.includes(id)) return false;
    const { configuration, configurationIndex, commitIndex } = this.raft(id);
    const { voters, outgoing } = configuration;
    const isIt = outgoing === null && configurationIndex <= commitIndex;
    return isIt && voters.length === members.length && members.every((each) => voters.includes(each));
  }

  private ask(members: readonly NodeId[]): false {
    const { cluster } = this.lab;
    const leader = cluster.leader();
    if (leader !== null && this.raft(leader).refusalOf(members) === null) cluster.change(leader, members);
    return false;
  }

  until(what: string, isSo: () => boolean): void {
    this.lab.until(what, isSo, PATIENCE);
  }
}

function isIn(leader: Raft, phase: Phase): boolean {
  const { configuration, configurationIndex, commitIndex, learners } = leader;
  switch (phase) {
    case "learning":
      return learners.length > 0 && configuration.outgoing === null;
    case "joint":
      return configuration.outgoing !== null;
    case "new":
      return configuration.outgoing === null && configurationIndex > commitIndex;
  }
}
