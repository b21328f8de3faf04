/**
 * The specification by itself: a random walk through its actions, with its own network and disks and no implementation.
 * What it lets happen must be Raft, or an implementation that follows it is none.
 */

import { persist, send } from "../../lab/spec/durability.ts";
import {
  becomeLeader,
  handleRequestVoteRequest,
  handleRequestVoteResponse,
  requestVote,
  stepDown,
  timeout,
  updateTerm,
} from "../../lab/spec/election.ts";
import {
  advanceCommitIndex,
  appendEntries,
  clientRequest,
  handleAppendEntriesRequest,
  handleAppendEntriesResponse,
} from "../../lab/spec/replication.ts";
import { type History, lastTerm, restart, type ServerState, termAt } from "../../lab/spec/state.ts";
import type { NodeId, Random } from "../../src/base/index.ts";
import type { AppendEntries, RaftImage, RaftMessage, RaftRecord, RequestVote } from "../../src/raft/index.ts";
import { raftStorage } from "../../src/raft/index.ts";

interface Letter {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly m: RaftMessage;
}

interface Member {
  s: ServerState;
  readonly disk: RaftImage;
  writes: RaftRecord[];
  /** Waits for the disk. */
  letters: Letter[];
}

const IDS = ["n1", "n2", "n3"] as const;

export class Walk {
  readonly history: History = { committed: [] };
  readonly members: readonly Member[];
  private readonly random: Random;
  private network: Letter[] = [];
  private commands = 0;

  constructor(random: Random) {
    this.random = random;
    this.members = IDS.map((id) => {
      const disk = raftStorage.empty();
      return { s: restart(id, IDS, disk, this.history), disk, writes: [], letters: [] };
    });
  }

  /** One action, if the one that was drawn is enabled. Returns whose it was. */
  step(): ServerState {
    // Followers have little to do by themselves.
    const busy = this.members.filter(({ s }) => s.role !== "follower");
    const member = this.random.pick(busy.length > 0 && this.random.chance(600) ? busy : this.members);
    const { s } = member;
    const peer = this.random.pick(IDS.filter((id) => id !== s.id));
    const draw = this.random.below(100);
    if (draw < 45) return this.deliver();
    if (draw < 60) this.sync(member);
    else if (draw < 61) this.holdElection(s);
    else if (draw < 65) this.askForVote(member, peer);
    else if (draw < 69) becomeLeader(s);
    else if (draw < 71) clientRequest(s, ...this.command(s));
    else if (draw < 92) this.replicate(member, peer);
    else if (draw < 98) this.commit(s);
    else if (this.random.chance(300)) this.crash(member);
    else if (this.random.chance(50)) stepDown(s);
    this.write(member);
    return member.s;
  }

  /** Seldom, or no leader would last. */
  private holdElection(s: ServerState): void {
    if (this.random.chance(300)) timeout(s);
  }

  private commit(s: ServerState): void {
    const uncommitted = s.log.length - s.commitIndex;
    advanceCommitIndex(s, s.commitIndex + 1 + this.random.below(uncommitted + 1));
  }

  private command(s: ServerState) {
    const command = `command ${++this.commands}`;
    return [{ term: s.currentTerm, command }, command] as const;
  }

  private askForVote({ s, letters }: Member, to: NodeId): void {
    const m: RequestVote = {
      kind: "requestVote",
      preVote: false,
      term: s.currentTerm,
      candidateId: s.id,
      lastLogIndex: s.log.length,
      lastLogTerm: lastTerm(s),
    };
    if (requestVote(s, m) === null) letters.push({ from: s.id, to, m });
  }

  private replicate({ s }: Member, to: NodeId): void {
    const prevLogIndex = Math.max(0, s.log.length - this.random.below(4));
    const m: AppendEntries = {
      kind: "appendEntries",
      term: s.currentTerm,
      leaderId: s.id,
      prevLogIndex,
      prevLogTerm: termAt(s, prevLogIndex),
      entries: s.log.slice(prevLogIndex, prevLogIndex + this.random.below(3)),
      leaderCommit: s.commitIndex,
    };
    if (appendEntries(s, m) === null) this.network.push({ from: s.id, to, m });
  }

  /** Receive, and sometimes DuplicateMessage or DropMessage. */
  private deliver(): ServerState {
    const at = this.random.below(Math.max(1, this.network.length));
    const letter = this.network[at];
    if (letter === undefined) return this.members[0]!.s;
    if (!this.random.chance(200)) this.network.splice(at, 1);
    const member = this.members.find(({ s }) => s.id === letter.to)!;
    if (!this.random.chance(100)) this.receive(member, letter);
    this.write(member);
    return member.s;
  }

  private receive({ s, letters }: Member, { from, m }: Letter): void {
    updateTerm(s, m.term);
    const reply = (payload: RaftMessage) => letters.push({ from: s.id, to: from, m: payload });
    if (m.kind === "requestVote") {
      const voteGranted = handleRequestVoteRequest(s, m) === null;
      reply({ kind: "requestVoteReply", preVote: false, term: s.currentTerm, voteGranted });
    } else if (m.kind === "appendEntries") {
      const success = handleAppendEntriesRequest(s, m) === null;
      const matchIndex = success ? m.prevLogIndex + m.entries.length : 0;
      reply({ kind: "appendEntriesReply", term: s.currentTerm, success, matchIndex, conflict: null });
    } else if (m.kind === "requestVoteReply") handleRequestVoteResponse(s, from, m);
    else if (m.kind === "appendEntriesReply") handleAppendEntriesResponse(s, from, m);
  }

  private write({ s, writes }: Member): void {
    const from = Math.min(s.unwrittenFrom, s.log.length + 1);
    const { currentTerm, votedFor } = s;
    const record = { currentTerm, votedFor, snapshot: null, from, entries: s.log.slice(from - 1) };
    const refused = persist(s, record);
    if (refused !== null) throw new Error(refused);
    writes.push(record);
  }

  /** All writes are on disk, and what has waited for them leaves. */
  private sync(member: Member): void {
    for (const record of member.writes) raftStorage.write(member.disk, record);
    for (const letter of member.letters) {
      const refused = send(member.s, letter.to, letter.m);
      if (refused !== null) throw new Error(refused);
      this.network.push(letter);
    }
    member.writes = [];
    member.letters = [];
  }

  /** A first part of the writes under way is on disk. */
  private crash(member: Member): void {
    for (const record of member.writes.slice(0, this.random.below(member.writes.length + 1))) {
      raftStorage.write(member.disk, record);
    }
    member.writes = [];
    member.letters = [];
    member.s = restart(member.s.id, IDS, member.disk, this.history);
  }
}
