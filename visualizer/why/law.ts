/** What a broken invariant or a missed bound means, and what would become of it: for those who meet its name first here. */

import type { Violation } from "../../lab/oracles/index.ts";

export interface Law {
  /** What it demands. */
  readonly says: string;
  /** Why that matters, of the servers that broke it. */
  readonly matters: (who: string) => string;
  /** It is about what is on disks and what is not. */
  readonly isOfDisks?: true;
}

const LAWS: Readonly<Record<string, Law>> = {
  "durability law": {
    isOfDisks: true,
    says: "what a server tells others is on its disk first",
    matters: (who) => `If ${who} crashed now, what it told would be lost, and yet others count on it.`,
  },
  "committed is durable": {
    isOfDisks: true,
    says: "a committed entry is on the disks of a majority",
    matters: () =>
      "Without a majority an entry is lost if the wrong servers crash, though its client may be told that it is done.",
  },
  "match is durable": {
    says: "a leader counts as stored only what is on the other's disk",
    matters: (who) => `By such a count ${who} can commit entries that no majority has.`,
  },
  "election safety": {
    says: "a term has at most one leader",
    matters: () => "Two leaders of one term put different entries at the same index.",
  },
  "elected by a majority": {
    says: "whoever leads was voted for by a majority",
    matters: () => "Without a majority a second leader of the same term is possible, and entries are lost.",
  },
  "one vote per term": {
    says: "a server votes for one candidate in a term, also across crashes",
    matters: (who) => `With the two votes of ${who} two candidates can have a majority each.`,
  },
  "leader completeness": {
    says: "who leads has every entry that was committed in earlier terms",
    matters: (who) => `${who} will make the others drop the committed entry that it lacks.`,
  },
  "log matching": {
    says: "logs with the same entry at an index are the same up to there",
    matters: () => "Servers that differ below will apply different commands.",
  },
  "state machine safety": {
    says: "at an index all servers apply the same entry",
    matters: () => "From now on the answer depends on whom a client asks.",
  },
  "state agreement": {
    says: "the same entries make the same state",
    matters: () => "From now on the answer depends on whom a client asks.",
  },
  "session agreement": {
    says: "sessions end at the same entry on every server",
    matters: () => "Who forgets a session applies its retries again, and others do not.",
  },
  "leader append-only": {
    says: "a leader never changes what stands in its own log",
    matters: (who) => `What ${who} takes away may be on a majority already, and committed.`,
  },
  "applied is committed": {
    says: "only committed entries are applied",
    matters: (who) => `The entry can still be overwritten, and ${who} cannot take its effect back.`,
  },
  "monotonic term": {
    says: "a server's term never goes back",
    matters: (who) => `${who} can vote a second time in a term that it was in before.`,
  },
  "monotonic commitIndex": {
    says: "a server's commitIndex never goes back",
    matters: () => "What was committed stays so; whoever forgets it may take it for open.",
  },
  "monotonic lastApplied": {
    says: "a server's lastApplied never goes back",
    matters: (who) => `${who} will apply entries again.`,
  },
  refinement: {
    says: "every step is one that the specification of Raft allows",
    matters: () => "Nobody has proved anything of a system that does what the specification does not.",
  },
  assertion: {
    says: "the code's own assumptions hold",
    matters: () => "It stopped, rather than go on from a state that it holds to be impossible.",
  },
  availability: {
    says: "a majority that is connected serves its clients within a bound",
    matters: () => "Waiting longer may not help: the cluster is up and does not get on.",
  },
  "progress after healing": {
    says: "once every fault is healed, every client is answered within a bound",
    matters: () => "Nothing is broken any more, and still nobody is answered.",
  },
  "event budget": {
    says: "a run ends within its budget of events",
    matters: () => "So many events for so little time are a storm of messages.",
  },
};

/** Null for what is not known here. */
export function lawOf({ name }: Violation): Law | null {
  return Object.hasOwn(LAWS, name) ? LAWS[name]! : null;
}
