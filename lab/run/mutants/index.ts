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
    breaks: "section 8: every server answers reads from its own state",
    oracle: "history",
    system: { ...intendedSystem, Server: AnyReplicaReads },
  },
  {
    name: "noUpToDateCheck",
    breaks: "section 5.4.1: votes are granted without comparing logs",
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
    breaks: "Figure 2, AppendEntries 3: the log is cut although nothing conflicts",
    oracle: "leader completeness",
    system: { ...intendedSystem, Raft: TruncateAlways },
  },
  {
    name: "commitWithoutMajority",
    breaks: "section 5.3: an entry is committed that only the leader has",
    oracle: "leader completeness",
    system: { ...intendedSystem, Raft: CommitWithoutMajority },
  },
];

/** The mutant of this name; null if there is none. */
export function findMutant(name: string): Mutant | null {
  return mutants.find((mutant) => mutant.name === name) ?? null;
}
