/** One rule of the specification, and a mutant that breaks it. */

import type { Raft } from "../../src/raft/index.ts";
import type { Setup } from "../raft/bench.ts";
import { Stand } from "./stand.ts";

export interface Case {
  readonly rule: string;
  readonly RaftClass: typeof Raft;
  readonly setup?: Setup;
  readonly script: (stand: Stand) => unknown;
  /** The action, and why it is none. */
  readonly because: string;
}

/** What the oracle says of this script; null if every step of it was an action. */
export function sentenceOf({
  setup,
  RaftClass,
  script,
}: Partial<Case> & Pick<Case, "script">): string | null {
  const stand = new Stand(RaftClass === undefined ? setup : { ...setup, RaftClass });
  script(stand);
  return stand.alarm;
}
