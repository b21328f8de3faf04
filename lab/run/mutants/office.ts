/** Deliberate bugs in what a leader does beside replicating: ReadIndex, handing over, letting clients go. */

import type { NodeId } from "../../../src/base/index.ts";
import { Server } from "../../../src/kv/index.ts";
import { Raft } from "../../../src/raft/index.ts";
import { intendedSystem } from "../system.ts";
import type { Mutant } from "./mutant.ts";

/** Answers reads without asking whether it still leads. */
class ReadWithoutQuorum extends Raft {
  protected override isConfirmed(): boolean {
    return true;
  }
}

/** Believes to lead for four election timeouts after it has heard from a quorum: a lease, without a bound on clocks. */
class ReadByLongLease extends Raft {
  protected override isConfirmed(): boolean {
    const since = this.now - 4 * this.options.timing.electionTimeout;
    const heard = [...this.progress.values()].filter(({ lastContact }) => lastContact >= since).length;
    return 2 * (heard + 1) > this.options.members.length;
  }
}

type Role = Raft["role"];

/** Takes no proposals after it was asked to hand over, also when the successor never takes over. */
class TransferNeverEnds extends Raft {
  private leaving = false;

  override get acceptsProposals(): boolean {
    return super.acceptsProposals && !this.leaving;
  }

  protected override transferTo(to: NodeId): void {
    super.transferTo(to);
    this.leaving = true;
  }

  protected override changeRole(role: Role): void {
    super.changeRole(role);
    this.leaving = false;
  }
}

/** Leads in its predecessor's term, because its predecessor said so. */
class TransferWithoutElection extends Raft {
  protected override handleTimeoutNow(request: Parameters<Raft["handleTimeoutNow"]>[0]) {
    if (request.term === this.currentTerm && this.role !== "leader") this.becomeLeader();
    return { kind: "timeoutNowReply", term: this.currentTerm } as const;
  }
}

/** Leaves its clients waiting when it leaves office, and takes their retries for what it has proposed already. */
class WaitersKept extends Server {
  protected override sendElsewhere(): void {}
}

export const officeMutants: readonly Mutant[] = [
  {
    name: "readWithoutQuorum",
    breaks: "thesis 6.4: reads without a round to a quorum",
    oracle: "history",
    system: { ...intendedSystem, Raft: ReadWithoutQuorum },
  },
  {
    name: "readByLongLease",
    breaks: "thesis 6.4: a lease longer than an election",
    oracle: "history",
    system: { ...intendedSystem, Raft: ReadByLongLease },
  },
  {
    name: "transferNeverEnds",
    breaks: "thesis 3.10: a handover has no time limit",
    oracle: "progress after healing",
    system: { ...intendedSystem, Raft: TransferNeverEnds },
  },
  {
    name: "transferUnelected",
    breaks: "thesis 3.10: a successor leads unelected",
    oracle: "election safety",
    system: { ...intendedSystem, Raft: TransferWithoutElection },
  },
  {
    name: "waitersKept",
    breaks: "section 8: a deposed leader's clients wait on",
    oracle: "progress after healing",
    system: { ...intendedSystem, Server: WaitersKept },
  },
];
