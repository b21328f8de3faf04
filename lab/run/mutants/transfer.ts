/** Deliberate bugs in handing leadership over (thesis, section 3.10). */

import type { NodeId } from "../../../src/base/index.ts";
import { Raft } from "../../../src/raft/index.ts";
import type { Entry } from "./mutant.ts";

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

export const transferMutants: readonly Entry[] = [
  {
    name: "transferNeverEnds",
    breaks: "thesis 3.10: a handover has no time limit",
    source: "thesis, section 3.10",
    oracle: "progress after healing",
    part: { Raft: TransferNeverEnds },
  },
  {
    name: "transferUnelected",
    breaks: "thesis 3.10: a successor leads unelected",
    source: "thesis, section 3.10",
    oracle: "elected by a majority",
    also: ["election safety"],
    part: { Raft: TransferWithoutElection },
  },
];
