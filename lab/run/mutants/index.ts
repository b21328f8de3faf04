/** The catalogue of deliberate bugs: what each breaks, whom it is modelled on, and which oracle must notice. */

import { answerMutants } from "./answer.ts";
import { clerkMutants } from "./clerk.ts";
import { commitMutants } from "./commit.ts";
import { diskMutants } from "./disk.ts";
import { durabilityMutants } from "./durability.ts";
import { electionMutants } from "./election.ts";
import { kvMutants } from "./kv.ts";
import { leaseMutants } from "./lease.ts";
import { logMutants } from "./log.ts";
import { membershipMutants } from "./membership.ts";
import { type Mutant, mutantOf } from "./mutant.ts";
import { pipelineMutants } from "./pipeline.ts";
import { raftMutants } from "./raft.ts";
import { readMutants } from "./read.ts";
import { rotMutants } from "./rot.ts";
import { snapshotMutants } from "./snapshot.ts";
import { transferMutants } from "./transfer.ts";
import { voteMutants } from "./vote.ts";

export { isExpected, type Mutant } from "./mutant.ts";

export const mutants: readonly Mutant[] = [
  ...raftMutants,
  ...voteMutants,
  ...electionMutants,
  ...durabilityMutants,
  ...logMutants,
  ...commitMutants,
  ...pipelineMutants,
  ...snapshotMutants,
  ...transferMutants,
  ...membershipMutants,
  ...readMutants,
  ...leaseMutants,
  ...kvMutants,
  ...answerMutants,
  ...clerkMutants,
  ...diskMutants,
  ...rotMutants,
].map(mutantOf);

/** The mutant of this name; null if there is none. */
export function findMutant(name: string): Mutant | null {
  return mutants.find((mutant) => mutant.name === name) ?? null;
}
