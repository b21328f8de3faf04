/** Deliberate bugs in reads under a lease (thesis, section 6.4.1): each lets a lease outlive the promises under it. */

import type { Duration, Instant } from "../../../src/base/index.ts";
import { Raft, type RaftImage, type RaftOptions } from "../../../src/raft/index.ts";
import type { Entry } from "./mutant.ts";

/** Counts from when the answer came: the follower counts from earlier. */
class LeaseFromReceipt extends Raft {
  protected override promiseSince(): Instant {
    return this.now;
  }
}

/** Takes all clocks for equally fast. */
class LeaseWithoutDrift extends Raft {
  protected override leaseLength(): Duration {
    return this.options.timing.electionTimeout;
  }
}

/** Goes on reading under its lease after it has told another server to take over. */
class LeaseKeptThroughTransfer extends Raft {
  protected override giveUpLease(): void {}
}

/** Votes as soon as it is back from a crash, whatever it had promised before. */
class NoWaitAfterRestart extends Raft {
  constructor(options: RaftOptions, image: RaftImage, now: Instant) {
    super(options, image, now);
    this.lastLeaderContact = now - options.timing.electionTimeout;
  }
}

/** Votes although it has just heard from its leader. */
class PromiseNotKept extends Raft {
  protected override keepsPromiseAgainst(): boolean {
    return false;
  }
}

/** Clocks drift, or there would be nothing to reckon with. */
const needs = { reads: "lease", clocks: "drift" } as const;

export const leaseMutants: readonly Entry[] = [
  {
    name: "leaseFromReceipt",
    breaks: "thesis 6.4.1: a lease counts from the answer",
    source: "sofa-jraft #25; braft's notes on leader leases",
    oracle: "one lease at a time",
    also: ["history"],
    needs,
    part: { Raft: LeaseFromReceipt },
  },
  {
    name: "leaseWithoutDrift",
    breaks: "thesis 6.4.1: a lease ignores the drift of clocks",
    source: "thesis, section 6.4.1: the bound on clock drift",
    oracle: "one lease at a time",
    also: ["history"],
    needs,
    part: { Raft: LeaseWithoutDrift },
  },
  {
    name: "leaseKeptThroughTransfer",
    breaks: "thesis 6.4.1: a lease is kept through a handover",
    source: "thesis, section 6.4.1; tikv's lease during transfer",
    oracle: "one lease at a time",
    also: ["history"],
    needs,
    part: { Raft: LeaseKeptThroughTransfer },
  },
  {
    name: "noWaitAfterRestart",
    breaks: "thesis 6.4.1: a restarted server votes at once",
    source: "braft: a follower's lease is lost in its restart",
    oracle: "one lease at a time",
    also: ["history"],
    needs,
    part: { Raft: NoWaitAfterRestart },
  },
  {
    name: "promiseNotKept",
    breaks: "thesis 6.4.1: votes right after a leader's call",
    source: "thesis, section 6.4.1",
    oracle: "one lease at a time",
    also: ["history"],
    needs,
    part: { Raft: PromiseNotKept },
  },
];
