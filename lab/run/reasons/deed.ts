/**
 * Deeds: what servers, disks and clients were seen to do in a run, as far as a rule could ask about it. A deed states
 * what was there before and after, and judges nothing; what is wrong with one, the rules say.
 */

import type { NodeId } from "../../../src/base/index.ts";
import type { Configuration } from "../../../src/raft/index.ts";
import type { Done } from "./done.ts";
import type { Granted, Overheld } from "./lease-deed.ts";
import type { Changed, Configured, Lingered } from "./membership-deed.ts";

export type Deed =
  | Elected
  | Voted
  | Followed
  | Installed
  | Committed
  | WentBack
  | Kept
  | Restarted
  | Acknowledged
  | Applied
  | Resumed
  | Asked
  | Answered
  | Told
  | Refused
  | Waited
  | Served
  | Split
  | Left
  | Standing
  | Counted
  | Changed
  | Configured
  | Lingered
  | Overheld
  | Granted;

/** The end of a log: what an election compares. */
export interface LogEnd {
  readonly index: number;
  readonly term: number;
}

/** A server leads a term in which it did not lead before. */
export interface Elected extends Done {
  readonly kind: "elected";
  readonly term: number;
  /** Who was heard to vote for it in this term, itself included if it asked for votes. */
  readonly voters: readonly NodeId[];
  /** Who votes, by its own log. */
  readonly configuration: Configuration;
  /** Who led this term before; null if nobody did. */
  readonly rival: NodeId | null;
  /** A leader of an earlier term that holds a lease still; null if none does. */
  readonly lease: { readonly holder: NodeId; readonly wrongClock: WrongClock | null } | null;
}

/** A leader takes more to be on somebody's disk, or on its own, than is there. Of one office, the first time only. */
interface Counted extends Done {
  readonly kind: "counted";
  readonly term: number;
  readonly server: NodeId;
  readonly index: number;
  /** The last index that this server has acknowledged to it, or that its own disk has; 0 if none. */
  readonly known: number;
}

/** A vote leaves its voter. */
interface Voted extends Done {
  readonly kind: "voted";
  readonly candidate: NodeId;
  readonly term: number;
  readonly candidateEnd: LogEnd;
  readonly ownEnd: LogEnd;
  /** For whom it had voted in this term, in whatever life; null if for nobody. */
  readonly earlier: NodeId | null;
  /** In an earlier life, of which the disk did not keep it. */
  readonly crashedSince: boolean;
  readonly isOnDisk: boolean;
  /** The disk has said that it is. */
  readonly isSaidToBe: boolean;
  /** It is on its way to the disk. */
  readonly isWritten: boolean;
  /** An entry that has rotted on its disk, and that nobody has repaired; null if there is none. */
  readonly rotted: number | null;
}

/** A follower has taken an AppendEntries. */
export interface Followed extends Done {
  readonly kind: "followed";
  readonly leader: NodeId;
  readonly leaderTerm: number;
  readonly ownTerm: number;
  readonly prevLogIndex: number;
  readonly prevLogTerm: number;
  /** The term of its own entry there; null if it has none, -1 if a snapshot took its place. */
  readonly ownPrevTerm: number | null;
  readonly entries: number;
  readonly success: boolean;
  readonly matchIndex: number;
  /** The first of the sent entries that differed from its own; null if none did. */
  readonly conflict: number | null;
  /** The first of its own entries that is gone or another one; null if all stand. */
  readonly cut: number | null;
  /** The first sent entry that it acknowledged and does not hold at its index; null if it holds all. */
  readonly missing: number | null;
  readonly lastBefore: number;
  readonly lastIndex: number;
  readonly leaderCommit: number;
  readonly commitBefore: number;
  readonly commitIndex: number;
}

/** A snapshot of somebody's has come to its end, or the server has cut its own: `leader` is null. */
export interface Installed extends Done {
  readonly kind: "installed";
  readonly leader: NodeId | null;
  readonly index: number;
  readonly term: number;
  readonly snapshotIndex: number;
  readonly snapshotTerm: number;
  readonly lastIndex: number;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly acknowledged: boolean;
  /** It held this very entry, and entries up to this index behind it; null if it did not. */
  readonly heldUpTo: number | null;
}

/** A leader has advanced its commitIndex. */
interface Committed extends Done {
  readonly kind: "committed";
  readonly index: number;
  readonly term: number;
  readonly ownTerm: number;
  readonly onDisks: readonly NodeId[];
  /** Who votes, by its own log. */
  readonly configuration: Configuration;
  /** Who shall vote and does not yet. */
  readonly learners: readonly NodeId[];
}

/** commitIndex, lastApplied or currentTerm is lower than in the same life before. */
interface WentBack extends Done {
  readonly kind: "wentBack";
  readonly field: "term" | "commitIndex" | "lastApplied";
  readonly before: number;
  readonly after: number;
  /** What it was handed just then, such as `installSnapshot`. */
  readonly input: string;
}

/** Nothing is under way to the disk: then it must hold what the server holds. */
export interface Kept extends Done {
  readonly kind: "kept";
  /** What it does not. */
  readonly lacks: "term" | "vote" | "log" | "snapshot";
  /** True if the server had written it. */
  readonly written: boolean;
}

/** A server comes back from a crash. */
export interface Restarted extends Done {
  readonly kind: "restarted";
  /** False if no first part of what was written explains what the disk kept. */
  readonly inOrder: boolean;
  /** An entry that it had acknowledged and does not have any more; null if it has all. */
  readonly lost: LogEnd | null;
  /** An entry that had rotted, and that it has cut off or took for whole; null if it saw all that had. */
  readonly unseen: { readonly index: number; readonly isCut: boolean } | null;
}

/** A success leaves a follower: from now on the leader counts it. */
interface Acknowledged extends Done {
  readonly kind: "acknowledged";
  readonly to: NodeId;
  readonly index: number;
  readonly what: "entry" | "snapshot";
  readonly onDisk: number;
  readonly isOnDisk: boolean;
  /** The disk has said that it is. */
  readonly isSaidToBe: boolean;
}

/** An entry reaches a state machine. */
export interface Applied extends Done {
  readonly kind: "applied";
  readonly index: number;
  readonly key: string | null;
  /** What was asked, such as `append x "1"`; empty for what concerns no key. */
  readonly words: string;
  readonly session: number | null;
  readonly request: number;
  /** The client's operation; null if no client is known to have asked for it. */
  readonly operation: number | null;
  readonly before: string | null;
  readonly after: string | null;
  /** The latest request of its session that the server remembered; null without a session. */
  readonly remembered: number | null;
  /** Where the same request, or under another number the same operation, had taken effect before; null if nowhere. */
  readonly earlier: Earlier | null;
  /** It was applied at this index in this life before. */
  readonly isRepeated: boolean;
  /** In what the first server that applied this index was different; null if in nothing or if this is the first. */
  readonly difference: {
    readonly from: NodeId;
    readonly in: "entry" | "state" | "sessions" | "effect";
  } | null;
}

interface Earlier extends Done {
  readonly index: number;
  readonly sameNumber: boolean;
}

/** A state machine begins from a snapshot: after a restart, or because a leader sent one. */
export interface Resumed extends Done {
  readonly kind: "resumed";
  readonly how: "restart" | "install";
  readonly index: number;
  /** In what its state is not the one after that entry; null if in nothing. */
  readonly lacks: "values" | "sessions" | "order of sessions" | null;
  readonly key: string | null;
  /** How many sessions it has. */
  readonly sessions: number;
}

/** A clerk numbers a client's operation. */
interface Asked extends Done {
  readonly kind: "asked";
  readonly operation: number;
  readonly session: number;
  readonly request: number;
  /** Another operation that has this number; null if none has. */
  readonly other: number | null;
}

/** A clock that leases could not reckon with: what it counted while so many microseconds passed. */
export interface WrongClock {
  readonly id: NodeId;
  readonly how: "slow" | "fast";
  readonly counted: number;
  readonly passed: number;
}

/** A server tells a clerk the result of what it asked. */
export interface Answered extends Done {
  readonly kind: "answered";
  readonly client: NodeId;
  /** The client took this answer; what is lost or comes late misleads nobody. */
  readonly isTaken: boolean;
  readonly operation: number | null;
  readonly words: string;
  /** When the step began in which it answered: a leader that has removed itself answers and leaves at once. */
  readonly role: string;
  readonly term: number;
  /** The entry that it had applied for it; null if it had applied none. */
  readonly index: number | null;
  /** A get that was answered without an entry in the log. */
  readonly isLocalRead: boolean;
  /** The last entry in the state that it was read from. */
  readonly lastApplied: number;
  /** A write that a local read should have shown; null if it lacked none. */
  readonly missed: Missed | null;
  /** Whose entry it applied in the same step, if not this one's; null if none. */
  readonly instead: number | null;
  /** Peers that have answered what was sent after the question came. */
  readonly confirmedBy: readonly NodeId[];
  readonly hasOwnEntry: boolean;
  /** It read under a lease, and asked nobody. */
  readonly lease: { readonly wrongClock: WrongClock | null } | null;
  /** Who leads a later term; null if nobody does. */
  readonly successor: { readonly id: NodeId; readonly term: number } | null;
  /** Who votes, by its own log. */
  readonly configuration: Configuration;
}

/** A write that its client knew to be done before somebody asked for the value. */
export interface Missed {
  readonly index: number;
  /** Whose and what, such as `c5's append x "1"`. */
  readonly words: string;
  /** Microseconds between the acknowledgement and the question. */
  readonly ago: number;
}

/** A client takes an operation for done. */
interface Told extends Done {
  readonly kind: "told";
  readonly operation: number;
  /** A result has come since it began. */
  readonly isAnswered: boolean;
  /** The operation that the latest result was meant for; null if that is not known. */
  readonly meant: number | null;
}

/** A server refuses its vote, or its pre-vote. */
interface Refused extends Done {
  readonly kind: "refused";
  readonly candidate: NodeId;
  readonly term: number;
  readonly ownTerm: number;
  readonly role: string;
  readonly preVote: boolean;
  /** The candidate's log is no older than its own. */
  readonly isUpToDate: boolean;
  /** It has voted in this term, or knows who leads it. */
  readonly hasVoted: boolean;
  /** Part of its log is lost, so it does not know what it has. */
  readonly isDamaged: boolean;
  /** It has promised a leader to elect nobody else for now, or does not know what it had promised before it restarted. */
  readonly isBound: boolean;
  /** The candidate has no vote itself, as far as this server knows. */
  readonly isStranger: boolean;
  /** Microseconds by its own clock; null if it has never heard one in this life. */
  readonly leaderSilentFor: number | null;
  readonly electionTimeout: number;
}

/** A message of an earlier term's leader was refused, and put off the own candidacy. */
interface Waited extends Done {
  readonly kind: "waited";
  readonly leader: NodeId;
  readonly leaderTerm: number;
  readonly ownTerm: number;
}

/** How a leader serves a follower, where that is unusual. */
interface Served extends Done {
  readonly kind: "served";
  readonly follower: NodeId;
  /** Sends again what was refused; sends no entries; sends far too much. */
  readonly how: "repeats" | "starves" | "storm";
  readonly times: number;
  readonly prevLogIndex: number;
}

/** So many terms in a row had several candidates and no leader. */
interface Split extends Done {
  readonly kind: "split";
  readonly terms: number;
  readonly last: number;
}

/** A leader is none any more. */
interface Left extends Done {
  readonly kind: "left";
  readonly term: number;
  /** Clients whose requests it had begun, and that it has told nothing. */
  readonly waiting: number;
}

/** A server when the run was over. */
interface Standing extends Done {
  readonly kind: "standing";
  readonly role: string;
  readonly term: number;
  readonly hasTimer: boolean;
  /** Microseconds since a quorum had answered it, or since it counts by its configuration; 0 if it does not lead. */
  readonly quorumSilentFor: number;
  /** Microseconds for which it has led and taken no proposals. */
  readonly refusingFor: number;
  readonly electionTimeout: number;
  readonly checksQuorum: boolean;
}
