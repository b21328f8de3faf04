/** The catalogue of deliberate bugs: what each breaks, and which oracle must notice. */

import { intendedSystem, type System } from "../system.ts";
import { AnyReplicaReads, NoSessions } from "./kv.ts";
import { CommitWithoutMajority, NoUpToDateCheck, TruncateAlways, VoteNotPersisted } from "./raft.ts";

export interface Mutant {
  readonly name: string;
  readonly breaks: string;
  /** Who must notice: the history check, or the invariant of this name. */
  readonly oracle: string;
  readonly system: System;
}

export const mutants: readonly Mutant[] = [
  {
    name: "noSessions",
    breaks: "section 8: a retried request is applied again",
    oracle: "history",
    system: { ...intendedSystem, Server: NoSessions },
  },
  {
    name: "anyReplicaReads",
    breaks: "section 8: every server answers reads by itself",
    oracle: "history",
    system: { ...intendedSystem, Server: AnyReplicaReads },
  },
  {
    name: "noUpToDateCheck",
    breaks: "section 5.4.1: votes are granted to any log",
    oracle: "leader completeness",
    system: { ...intendedSystem, Raft: NoUpToDateCheck },
  },
  {
    name: "voteNotPersisted",
    breaks: "Figure 2: votedFor does not survive a crash",
    oracle: "one vote per term",
    system: { ...intendedSystem, Raft: VoteNotPersisted },
  },
  {
    name: "truncateAlways",
    breaks: "section 5.3: logs are cut without a conflict",
    oracle: "leader completeness",
    system: { ...intendedSystem, Raft: TruncateAlways },
  },
  {
    name: "commitWithoutMajority",
    breaks: "section 5.3: what only the leader has is committed",
    oracle: "leader completeness",
    system: { ...intendedSystem, Raft: CommitWithoutMajority },
  },
];

/** The mutant of this name; null if there is none. */
export function findMutant(name: string): Mutant | null {
  return mutants.find((mutant) => mutant.name === name) ?? null;
}
