/** Deliberate bugs in changing the membership (section 6; thesis, chapter 4). They show only where members change. */

import { type Configuration, configurationOf, isQuorum, Raft } from "../../../src/raft/index.ts";
import type { Entry } from "./mutant.ts";

/** Changes the membership before it knows whether its predecessor's change has failed. */
class ChangesBeforeOwnEntry extends Raft {
  protected override mayChange(): boolean {
    return true;
  }
}

/** Goes from the old members to the new ones at one stroke: for a while both have majorities (Figure 10). */
class ChangesAtOneStroke extends Raft {
  protected override stepTowards(members: readonly string[]): Configuration {
    return configurationOf(members);
  }
}

/** Counts by a configuration when it is committed, and not from when it is appended. */
class ConfigurationAtCommit extends Raft {
  private next: { readonly configuration: Configuration; readonly index: number } | null = null;

  protected override useConfiguration(configuration: Configuration, index: number): void {
    if (index <= this.commitIndex) super.useConfiguration(configuration, index);
    else this.next = { configuration, index };
  }

  protected override commitTo(index: number): void {
    super.commitTo(index);
    const { next } = this;
    if (next === null || next.index > this.commitIndex) return;
    this.next = null;
    super.useConfiguration(next.configuration, next.index);
  }
}

/** Stays in the joint configuration for good. */
class JointForGood extends Raft {
  protected override leaveJoint(): void {}
}

/** Asks and counts those who have been members since the beginning, whoever has left or joined since. */
class CountsFoundersVotes extends Raft {
  protected override isQuorum(who: ReadonlySet<string>): boolean {
    return isQuorum(who, configurationOf(this.options.members));
  }

  protected override otherVoters(): readonly string[] {
    const others = super.otherVoters();
    const founders = this.options.members.filter((id) => id !== this.id && !others.includes(id));
    return [...others, ...founders];
  }
}

/** A leader that is not in the new configuration counts itself for one that is. */
class RemovedLeaderCounts extends Raft {
  protected override replicatedIndex(): number {
    const { voters } = this.configuration;
    const reached = [...voters.filter((id) => id !== this.id), this.id].map((id) => this.matchIndexOf(id));
    // As many as are needed of the voters, itself included: they may be one more.
    return this.isMember() ? super.replicatedIndex() : nthLargest(reached, Math.floor(voters.length / 2) + 1);
  }
}

/** A leader that has removed itself stays in office. */
class RemovedLeaderStays extends Raft {
  protected override retire(): void {}
}

/** In a joint configuration the new majority alone elects. */
class JointElectionByNew extends Raft {
  protected override isQuorum(who: ReadonlySet<string>): boolean {
    return isQuorum(who, configurationOf(this.configuration.voters));
  }
}

/** In a joint configuration the new majority alone commits. */
class JointCommitByNew extends Raft {
  protected override replicatedIndex(): number {
    const reached = this.configuration.voters.map((id) => this.matchIndexOf(id));
    return nthLargest(reached, Math.floor(reached.length / 2) + 1);
  }
}

/** Whoever has an entry counts, learners too. */
class LearnersCount extends Raft {
  protected override replicatedIndex(): number {
    if (this.learners.length === 0) return super.replicatedIndex();
    const { voters } = this.configuration;
    const reached = [...new Set([this.id, ...voters, ...this.learners])].map((id) => this.matchIndexOf(id));
    return nthLargest(reached, Math.floor(voters.length / 2) + 1);
  }
}

/** A snapshot does not say who votes. */
class SnapshotWithoutConfiguration extends Raft {
  protected override configurationIn(): null {
    return null;
  }
}

/** Goes on counting by a configuration that was cut off its log. */
class ConfigurationNotUndone extends Raft {
  protected override revertConfiguration(): void {}
}

/** The `n`-th largest of these; 0 if there are not so many. */
function nthLargest(numbers: readonly number[], n: number): number {
  return [...numbers].sort((a, b) => b - a)[n - 1] ?? 0;
}

const THESIS = "thesis, chapter 4";
const needs = { membership: true } as const;

export const membershipMutants: readonly Entry[] = [
  {
    name: "changeBeforeOwnEntry",
    breaks: "thesis 4.1: a change before an entry of the own term",
    source: "Ongaro, raft-dev, July 2015",
    oracle: "leader completeness",
    also: ["state machine safety", "election safety"],
    masks: "two leaders must change one and the same configuration, and only one server at a time",
    needs,
    part: { Raft: ChangesBeforeOwnEntry },
  },
  {
    name: "changeAtOneStroke",
    breaks: "section 6: from old to new members at once",
    source: "extended Raft paper, Figure 10",
    oracle: "leader completeness",
    also: ["state machine safety", "election safety"],
    needs,
    part: { Raft: ChangesAtOneStroke },
  },
  {
    name: "configurationAtCommit",
    breaks: "section 6: a configuration counts when committed",
    source: "etcd #7625; extended Raft paper, section 6",
    oracle: "latest configuration",
    needs,
    part: { Raft: ConfigurationAtCommit },
  },
  {
    name: "configurationNotUndone",
    breaks: "section 6: a configuration outlives its entry",
    source: THESIS,
    oracle: "latest configuration",
    needs,
    part: { Raft: ConfigurationNotUndone },
  },
  {
    name: "jointForGood",
    breaks: "section 6: the joint configuration is never left",
    source: THESIS,
    oracle: "change after healing",
    needs,
    part: { Raft: JointForGood },
  },
  {
    name: "foundersVote",
    breaks: "section 6: who was removed is asked, and counts",
    source: THESIS,
    oracle: "elected by a majority",
    needs,
    part: { Raft: CountsFoundersVotes },
  },
  {
    name: "removedLeaderCounts",
    breaks: "section 6: a removed leader counts itself",
    source: "extended Raft paper, section 6",
    oracle: "committed is durable",
    needs,
    part: { Raft: RemovedLeaderCounts },
  },
  {
    name: "removedLeaderStays",
    breaks: "section 6: a removed leader stays in office",
    source: "extended Raft paper, section 6",
    oracle: "change after healing",
    needs,
    part: { Raft: RemovedLeaderStays },
  },
  {
    name: "jointElectionByNew",
    breaks: "section 6: the new majority alone elects",
    source: "extended Raft paper, section 6",
    oracle: "elected by a majority",
    needs,
    part: { Raft: JointElectionByNew },
  },
  {
    name: "jointCommitByNew",
    breaks: "section 6: the new majority alone commits",
    source: "extended Raft paper, section 6",
    oracle: "committed is durable",
    needs,
    part: { Raft: JointCommitByNew },
  },
  {
    name: "learnersCount",
    breaks: "thesis 4.2.1: a learner counts for commits",
    source: "thesis, section 4.2.1",
    oracle: "committed is durable",
    needs,
    part: { Raft: LearnersCount },
  },
  {
    name: "snapshotForgetsMembers",
    breaks: "section 7: a snapshot without the configuration",
    source: "extended Raft paper, section 7",
    oracle: "latest configuration",
    needs,
    part: { Raft: SnapshotWithoutConfiguration },
  },
];
