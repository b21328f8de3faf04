/** The Raft suites of the Go labs, 3A to 3D, in their order. */

import {
  basicAgree,
  concurrentStarts,
  failAgree,
  failNoAgree,
  followerFailure,
  leaderFailure,
  rpcBytes,
} from "./agreement.ts";
import { backup, count, rejoin } from "./backup.ts";
import { reliableChurn, unreliableAgree, unreliableChurn } from "./churn.ts";
import { initialElection, manyElections, reElection } from "./election.ts";
import { figure8, figure8Unreliable } from "./figure8.ts";
import { persist1, persist2, persist3 } from "./persistence.ts";
import {
  snapshotAllCrash,
  snapshotBasic,
  snapshotInit,
  snapshotInstall,
  snapshotInstallCrash,
  snapshotInstallUnCrash,
  snapshotInstallUnreliable,
} from "./snapshots.ts";
import type { RaftSuite } from "./suite.ts";

export type { RaftSuite } from "./suite.ts";

export const raftSuites: readonly RaftSuite[] = [
  initialElection,
  reElection,
  manyElections,
  basicAgree,
  rpcBytes,
  followerFailure,
  leaderFailure,
  failAgree,
  failNoAgree,
  concurrentStarts,
  rejoin,
  backup,
  count,
  persist1,
  persist2,
  persist3,
  figure8,
  unreliableAgree,
  figure8Unreliable,
  reliableChurn,
  unreliableChurn,
  snapshotBasic,
  snapshotInstall,
  snapshotInstallUnreliable,
  snapshotInstallCrash,
  snapshotInstallUnCrash,
  snapshotAllCrash,
  snapshotInit,
];
