/** The catalogue of deliberate bugs: what each breaks, and which oracle must notice. */

import { intendedSystem } from "../system.ts";
import { electionMutants } from "./election.ts";
import {
  AnyReplicaReads,
  DedupAtSubmit,
  EvictionByLocalOrder,
  ExpiredAppliedAnyway,
  NoSessions,
  SnapshotWithoutOrder,
  SnapshotWithoutSessions,
} from "./kv.ts";
import type { Mutant } from "./mutant.ts";
import { officeMutants } from "./office.ts";
import { pipelineMutants } from "./pipeline.ts";
import {
  CommitWithoutMajority,
  NoPrevTermCheck,
  NoUpToDateCheck,
  ReadBeforeOwnEntry,
  TruncateAlways,
  VoteNotPersisted,
  VoteTwice,
} from "./raft.ts";
import { snapshotMutants } from "./snapshot.ts";

export type { Mutant } from "./mutant.ts";

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
    oracle: "committed is durable",
    system: { ...intendedSystem, Raft: TruncateAlways },
  },
  {
    name: "commitWithoutMajority",
    breaks: "section 5.3: what only the leader has is committed",
    oracle: "committed is durable",
    system: { ...intendedSystem, Raft: CommitWithoutMajority },
  },
  {
    name: "voteTwice",
    breaks: "Figure 2: a server votes more than once in a term",
    oracle: "one vote per term",
    system: { ...intendedSystem, Raft: VoteTwice },
  },
  {
    name: "noPrevTermCheck",
    breaks: "Figure 2: prevLogTerm is not compared",
    oracle: "log matching",
    system: { ...intendedSystem, Raft: NoPrevTermCheck },
  },
  {
    name: "readBeforeOwnEntry",
    breaks: "thesis 6.4: reads before an entry of the own term",
    oracle: "history",
    system: { ...intendedSystem, Raft: ReadBeforeOwnEntry },
  },
  ...electionMutants,
  ...pipelineMutants,
  ...snapshotMutants,
  ...officeMutants,
  {
    name: "dedupAtSubmit",
    breaks: "section 8: duplicates in the log are applied",
    oracle: "history",
    system: { ...intendedSystem, Server: DedupAtSubmit },
  },
  {
    name: "expiredAppliedAnyway",
    breaks: "thesis 6.3: requests of ended sessions are applied",
    oracle: "history",
    system: { ...intendedSystem, Server: ExpiredAppliedAnyway },
  },
  {
    name: "evictionByLocalOrder",
    breaks: "thesis 6.3: servers differ in which session ends",
    oracle: "session agreement",
    system: { ...intendedSystem, Server: EvictionByLocalOrder },
  },
  {
    name: "snapshotWithoutOrder",
    breaks: "thesis 6.3: snapshots forget who ends next",
    oracle: "session agreement",
    system: { ...intendedSystem, Server: SnapshotWithoutOrder },
  },
  {
    name: "noSessionsInSnapshot",
    breaks: "thesis 6.3: snapshots have no sessions in them",
    oracle: "history",
    system: { ...intendedSystem, Server: SnapshotWithoutSessions },
  },
];

/** The mutant of this name; null if there is none. */
export function findMutant(name: string): Mutant | null {
  return mutants.find((mutant) => mutant.name === name) ?? null;
}
