/**
 * The Go labs' tester of Raft under its helpers' names: who leads, what is committed, get one command agreed on. They
 * run the world until they know, or until the virtual deadline that the Go labs set; then the suite has failed.
 */

import { type Duration, type Instant, MILLISECOND, type NodeId, SECOND } from "../../../src/base/index.ts";
import type { Script } from "../script.ts";
import { fail } from "../suite.ts";
import { RaftCluster } from "./cluster.ts";
import type { Command } from "./server.ts";

/** The tester's idea of an election timeout, far above any real one: after twice that, something has happened. */
export const ELECTION: Duration = SECOND;

/** `one`: for how long to try, and how long to wait for what a leader has accepted. */
const ONE = { budget: 10 * SECOND, attempt: 2 * SECOND, poll: 20 * MILLISECOND, pause: 50 * MILLISECOND };

const LEADER_TRIES = 10;

/** `wait` polls 30 times, first after 10 ms, then after twice as long each time, up to 1.28 s. */
const WAIT = { polls: 30, first: 10 * MILLISECOND, longest: 1280 * MILLISECOND };

export class RaftLab extends RaftCluster {
  /** Where the next `one` begins to look for a leader. */
  private turn = 0;

  // --- Leaders and terms ---

  /** One leader among the connected servers, within about five seconds. Never two in a term. */
  checkOneLeader(): NodeId {
    for (let tries = 0; tries < LEADER_TRIES; tries++) {
      this.sleep(this.random.between(450, 549) * MILLISECOND);
      const leaders = this.leadersByTerm();
      if (leaders.size > 0) return leaders.get(Math.max(...leaders.keys()))!;
    }
    return fail(`no leader after ${LEADER_TRIES} looks, ${this.connectedServers()} are connected`);
  }

  /** Nobody who is connected believes to lead. */
  checkNoLeader(): void {
    for (const [term, leader] of this.leadersByTerm()) {
      fail(`${leader} leads term ${term}, but ${this.connectedServers()} are no majority`);
    }
  }

  /** The term that all connected servers agree on. */
  checkTerms(): number {
    const terms = this.serverIds.flatMap((id) => (this.isConnected(id) ? [this.raft(id)!.currentTerm] : []));
    const term = terms[0] ?? fail("nobody is connected, so there is no term");
    if (terms.some((other) => other !== term)) fail(`servers disagree on the term: ${terms.join(", ")}`);
    return term;
  }

  private leadersByTerm(): ReadonlyMap<number, NodeId> {
    const leaders = new Map<number, NodeId>();
    for (const id of this.serverIds) {
      const raft = this.raft(id);
      if (raft?.role !== "leader" || !this.isConnected(id)) continue;
      const { currentTerm } = raft;
      const other = leaders.get(currentTerm);
      if (other !== undefined) fail(`term ${currentTerm} has two leaders, ${other} and ${id}`);
      leaders.set(currentTerm, id);
    }
    return leaders;
  }

  private connectedServers(): string {
    return this.serverIds.filter((id) => this.isConnected(id)).join(" ") || "none";
  }

  // --- Agreement ---

  /** How many servers have applied this index, and what they applied there. */
  nCommitted(index: number): { readonly count: number; readonly command: Command | null } {
    return this.journal.at(index);
  }

  checkNotCommitted(index: number): void {
    const { count } = this.nCommitted(index);
    if (count > 0) fail(`${count} servers committed index ${index} without a majority`);
  }

  /**
   * Gets a command committed by at least `count` servers, within 10 s, and returns its index. With `retry` it is
   * started again if it does not come through, for instance because its leader was deposed.
   */
  one(command: Command, count: number, retry: boolean): number {
    return this.play(this.agree(command, count, retry));
  }

  /** `one` as a script that can run beside others. */
  *agree(command: Command, count: number, retry: boolean): Script<number> {
    const { world } = this;
    const until = world.now + ONE.budget;
    while (world.now < until) {
      const index = this.startSomewhere(command);
      if (index === null) yield ONE.pause;
      else {
        if (yield* this.committedSoon(index, command, count)) return index;
        if (!retry) break;
      }
    }
    return fail(`${command} was not committed by ${count} servers${retry ? " within 10 s" : ""}`);
  }

  /** Asks the connected servers in turn; whoever takes the command believes to lead. */
  private startSomewhere(command: Command): number | null {
    for (let i = 0; i < this.serverIds.length; i++) {
      const id = this.serverIds[++this.turn % this.serverIds.length]!;
      const started = this.isConnected(id) ? this.start(id, command) : null;
      if (started !== null) return started.index;
    }
    return null;
  }

  private *committedSoon(index: number, command: Command, count: number): Script<boolean> {
    const until: Instant = this.world.now + ONE.attempt;
    while (this.world.now < until) {
      const there = this.nCommitted(index);
      if (there.count >= count && there.command === command) return true;
      yield ONE.poll;
    }
    return false;
  }

  /**
   * Waits until `count` servers have applied this index and returns what they applied. With a term: null as soon as
   * any server has left it, since the index may then never be filled by what that term's leader put there.
   */
  wait(index: number, count: number, term: number | null): Command | null {
    let pause = WAIT.first;
    for (let poll = 0; poll < WAIT.polls && this.nCommitted(index).count < count; poll++) {
      this.sleep(pause);
      pause = Math.min(2 * pause, WAIT.longest);
      if (term !== null && this.serverIds.some((id) => (this.raft(id)?.currentTerm ?? 0) > term)) return null;
    }
    const there = this.nCommitted(index);
    if (there.count < count) fail(`only ${there.count} of ${count} servers applied index ${index}`);
    return there.command;
  }
}
