/**
 * Sees who votes, as every server's own log has it, whatever the server makes of that: elections, commits and reads are
 * counted by it. And sees how leaders change the membership (section 6; thesis, chapter 4).
 */

import type { Instant, NodeId } from "../../../src/base/index.ts";
import {
  type Configuration,
  configurationOf,
  type Entry,
  isConfiguration,
  isVoter,
  latestIn,
  type Raft,
  type Role,
} from "../../../src/raft/index.ts";
import { nowIn, type Scene } from "./scene.ts";

/** A configuration and the index of its entry; 0 for the one that servers start with. */
export interface Placed {
  readonly configuration: Configuration;
  readonly index: number;
}

/** What a log told when it was last looked at, and how it looked: a change always reaches its end. */
interface Told {
  readonly placed: Placed;
  readonly snapshotIndex: number;
  readonly end: Entry | null;
}

/** A server before a step. */
interface Before {
  readonly placed: Placed;
  readonly role: Role;
  readonly term: number;
  readonly commitIndex: number;
  readonly end: { readonly index: number };
}

export class MembershipWitness {
  private readonly scene: Scene;
  private initial: Placed | null = null;
  /** Those that were committed, oldest first: what is behind a log's beginning. */
  private readonly committed: Placed[] = [];
  private readonly told = new Map<NodeId, Told>();
  /** By server: since when its log tells this configuration. */
  private readonly since = new Map<NodeId, { readonly configuration: Configuration; readonly at: Instant }>();
  /** What was said of a server and a configuration: once is enough. */
  private readonly said = new Set<string>();

  constructor(scene: Scene) {
    this.scene = scene;
  }

  started(id: NodeId): void {
    this.told.delete(id);
    this.since.delete(id);
    const raft = this.scene.cluster.raft(id);
    if (raft !== null && this.isChanging) this.seeUse(raft, this.placedIn(raft));
  }

  /** What its log says or, where a snapshot has taken the log's place, the log that everybody agreed on. */
  placedIn(raft: Raft): Placed {
    this.initial ??= { configuration: configurationOf(this.scene.cluster.founders), index: 0 };
    if (!this.isChanging) return this.initial;
    const { id, log } = raft;
    const { snapshotIndex, lastIndex } = log;
    const end = lastIndex > snapshotIndex ? log.entryAt(lastIndex) : null;
    const known = this.told.get(id);
    // What is repaired in the middle of a log leaves its end as it was.
    const isSame = known?.snapshotIndex === snapshotIndex && known.end === end && !raft.isDamaged;
    if (isSame) return known.placed;
    const placed = this.placedBefore(raft, lastIndex + 1);
    this.told.set(id, { placed, snapshotIndex, end: raft.isDamaged ? null : end });
    return placed;
  }

  /** Since when this server's log tells who votes as it does now; since the start, if it never told anything else. */
  toldSince({ id }: Raft): Instant {
    return this.since.get(id)?.at ?? 0;
  }

  after(raft: Raft, before: Before): void {
    if (!this.isChanging) return;
    const isSameOffice = before.role === "leader" && before.term === raft.currentTerm;
    // Nobody commits a configuration before its leader does.
    if (isSameOffice) this.seeCommits(raft, before.commitIndex);
    const placed = this.placedIn(raft);
    if (this.since.get(raft.id)?.configuration !== placed.configuration)
      this.since.set(raft.id, { configuration: placed.configuration, at: nowIn(this.scene) });
    if (raft.role === "leader") {
      this.seeChange(raft, before);
      this.seeLingering(raft, placed);
    }
    this.seeUse(raft, placed, before.placed);
  }

  private get isChanging(): boolean {
    return this.scene.cluster.fixedSize === null;
  }

  private placedBefore({ log }: Raft, index: number): Placed {
    const first = log.snapshotIndex + 1;
    const found = latestIn(log.slice(first, index - 1), first);
    return found ?? this.committed.findLast((each) => each.index <= log.snapshotIndex) ?? this.initial!;
  }

  private seeCommits({ log, commitIndex }: Raft, after: number): void {
    const known = Math.max(after, log.snapshotIndex, this.committed.at(-1)?.index ?? 0);
    for (let index = known + 1; index <= Math.min(commitIndex, log.lastIndex); index++) {
      const { command } = log.entryAt(index);
      if (isConfiguration(command)) this.committed.push({ configuration: command, index });
    }
  }

  private seeChange(raft: Raft, before: Before): void {
    const { id, log, commitIndex, currentTerm: term } = raft;
    for (let index = before.end.index + 1; index <= log.lastIndex; index++) {
      const { command: to } = log.entryAt(index);
      if (!isConfiguration(to)) continue;
      const from = this.placedBefore(raft, index).configuration;
      const hasOwnEntry = log.has(commitIndex) && log.termAt(commitIndex) === term;
      const at = nowIn(this.scene);
      this.scene.deeds.push({ kind: "changed", at, by: id, term, index, from, to, hasOwnEntry });
    }
  }

  /** A leader that takes proposals takes the next step of a change as soon as it can, with the same step. */
  private seeLingering(raft: Raft, { configuration, index }: Placed): void {
    const { id, currentTerm: term } = raft;
    if (!raft.acceptsProposals || index > raft.commitIndex) return;
    if (configuration.outgoing === null && isVoter(configuration, id)) return;
    if (this.isSaid(`lingers ${id} ${term} ${index}`)) return;
    this.scene.deeds.push({ kind: "lingered", at: nowIn(this.scene), by: id, term, configuration, index });
  }

  private seeUse(raft: Raft, { configuration: tells, index }: Placed, before: Placed | null = null): void {
    const { id, configuration: uses, log } = raft;
    if (uses === tells || namesOf(uses) === namesOf(tells)) return;
    if (this.isSaid(`uses ${id} ${namesOf(uses)} ${namesOf(tells)} ${index}`)) return;
    this.scene.deeds.push({
      kind: "configured",
      at: nowIn(this.scene),
      by: id,
      uses,
      tells,
      index,
      isInLog: index > log.snapshotIndex,
      isCut: before !== null && before.index > Math.max(index, log.snapshotIndex),
    });
  }

  private isSaid(what: string): boolean {
    const isSaid = this.said.has(what);
    this.said.add(what);
    return isSaid;
  }
}

function namesOf({ voters, outgoing }: Configuration): string {
  return `${[...voters].sort().join()} ${[...(outgoing ?? [])].sort().join()}`;
}
