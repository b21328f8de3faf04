/** Deliberate bugs in what keeps elections orderly: the election timer, PreVote and CheckQuorum. */

import type { NodeId } from "../../../src/base/index.ts";
import { Raft } from "../../../src/raft/index.ts";
import { intendedSystem } from "../system.ts";
import type { Mutant } from "./mutant.ts";

/** Once it follows a leader it waits for it for ever. */
class NoElectionTimer extends Raft {
  protected override followLeader(leader: NodeId): void {
    super.followLeader(leader);
    this.deadline = null;
  }
}

/** Leads as soon as a majority says that it would vote for it. */
class PreVotesElect extends Raft {
  protected override startNewElection(): void {
    super.startNewElection();
    if (this.options.features.preVote) this.becomeLeader();
  }
}

/** Refuses pre-votes for good after the first leader, as if it still heard it. */
class LeaderNeverForgotten extends Raft {
  private hasFollowed = false;

  protected override followLeader(leader: NodeId): void {
    super.followLeader(leader);
    this.hasFollowed = true;
  }

  protected override hearsLeader(): boolean {
    return this.hasFollowed || super.hearsLeader();
  }
}

/** A leader stays in office, whoever hears of it. */
class NoCheckQuorum extends Raft {
  protected override checkQuorum(): void {}
}

/** Takes it that a follower to whom it has sent something is there. */
class ContactBySending extends Raft {
  protected override call(peer: NodeId, payload: Parameters<Raft["call"]>[1]): void {
    super.call(peer, payload);
    this.progressOf(peer).lastContact = this.now;
  }
}

export const electionMutants: readonly Mutant[] = [
  {
    name: "noElectionTimer",
    breaks: "section 5.2: a follower waits for ever",
    oracle: "availability",
    system: { ...intendedSystem, Raft: NoElectionTimer },
  },
  {
    name: "preVotesElect",
    breaks: "thesis 9.6: pre-votes make a leader",
    oracle: "election safety",
    system: { ...intendedSystem, Raft: PreVotesElect },
  },
  {
    name: "leaderNeverForgotten",
    breaks: "thesis 9.6: pre-votes refused for an old leader",
    oracle: "progress after healing",
    system: { ...intendedSystem, Raft: LeaderNeverForgotten },
  },
  {
    name: "noCheckQuorum",
    breaks: "thesis 6.2: a leader without quorum stays",
    oracle: "availability",
    system: { ...intendedSystem, Raft: NoCheckQuorum },
  },
  {
    name: "contactBySending",
    breaks: "thesis 6.2: whom one writes to counts as heard",
    oracle: "availability",
    system: { ...intendedSystem, Raft: ContactBySending },
  },
];
